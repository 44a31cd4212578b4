/** The secret store of an environment, for whoever fills it. Clusters read it by themselves. */
import { instanceAt, secretsFolder } from "../../sandbox/instance";
import { SealedStore, type StoreEntry } from "../../sandbox/secrets/sealed-store";
import type { Environment } from "../../stacks/environment";
import { instanceName } from "../../stacks/kubeconfig";
import { secretStoreOf } from "../../stacks/secret-store";
import { CredentialsInvalid } from "./credentials-error";
import { ProgramStore } from "./program-store";

export type { StoreEntry };

/** Where entries are kept; an entry is replaced in one step. */
export interface SecretStore {
  /** The entry; undefined where there is none. */
  get(entry: string): Promise<StoreEntry | undefined>;
  put(entry: string, contents: StoreEntry): Promise<void>;
  delete(entry: string): Promise<void>;
}

/**
 * @param root folder of Pulumi.yaml
 * @throws CredentialsInvalid when the environment has no store, or none that can be reached from here
 */
export function secretStore(environment: Environment, root: string): SecretStore {
  const kind = secretStoreOf(environment)?.kind;
  if (kind === "sandbox") return new SealedStore(secretsFolder(instanceAt(root, instanceName())));
  const program = environment.secretStore?.program;
  if (program) return new ProgramStore(program, root);
  const missing =
    kind === undefined
      ? { path: "secretStore", value: null, message: "the environment has no secret store: name one in its file" }
      : {
          path: "secretStore.program",
          value: null,
          message: "the store cannot be reached from here: name a program that gets, puts and deletes its entries",
        };
  throw new CredentialsInvalid([{ ...missing, path: `${environment.file}: ${missing.path}` }]);
}
