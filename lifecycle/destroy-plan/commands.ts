/** The lines that a person pastes, after the `env` line, to end what would hang. */
import type { Environment } from "../../stacks/environment";
import { type LiveObject, resourceOf } from "./live-object";

/** Commands for one cluster. */
export interface Commands {
  /** Deletes objects of one kind and namespace, and waits until they are gone. */
  delete(objects: readonly LiveObject[], ...flags: readonly string[]): string;
  /** Takes every finalizer off an object: whoever was to clean up after it no longer will. */
  release(object: LiveObject): string;
  /** Any other command of kubectl. */
  kubectl(words: string): string;
}

export function commandsFor({ clusters, kubeconfig }: Environment, cluster: string): Commands {
  const { context = cluster } = clusters[cluster] ?? {};
  const access = [...(kubeconfig ? [`--kubeconfig=${quoted(kubeconfig)}`] : []), `--context=${quoted(context)}`];
  const kubectl = (words: string) => ["kubectl", ...access, words].join(" ");
  const place = ({ namespace }: LiveObject) => (namespace === undefined ? "" : `--namespace=${namespace} `);
  return {
    kubectl,
    delete: (objects, ...flags) => {
      const [first] = objects;
      if (!first) throw new Error("nothing to delete");
      const names = objects.map(({ name }) => quoted(name));
      return kubectl(`${place(first)}${["delete", resourceOf(first.served), ...names, ...flags].join(" ")}`);
    },
    release: (object) =>
      kubectl(
        `${place(object)}patch ${resourceOf(object.served)} ${quoted(object.name)} --type=merge --patch='{"metadata":{"finalizers":null}}'`,
      ),
  };
}

/** As a shell takes it for one word. */
const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
