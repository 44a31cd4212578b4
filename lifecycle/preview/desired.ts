/** The objects of a stack in plain, as the program registers them: what the engine tells of them has its secrets blinded. */
import { isDeepStrictEqual } from "node:util";
import { clusterObjects } from "../../components/cluster-parts";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { takenOver } from "../../components/placed-objects";
import { clusterArgs } from "../../stacks/cluster-args";
import type { Environment } from "../../stacks/environment";
import type { ObjectName } from "./report";

/** Objects by cluster and key. */
export class DesiredObjects {
  readonly #objects: ReadonlyMap<string, KubeObject>;
  readonly #generated: ReadonlySet<string>;

  /** Renders twice: what differs between the two is made anew each time, and no change of anybody's. */
  constructor(environment: Environment, stack: string, clusters: readonly string[]) {
    const [first, second] = [rendered(environment, stack, clusters), rendered(environment, stack, clusters)];
    this.#objects = first;
    const differs = [...first].filter(([key, object]) => !isDeepStrictEqual(object, second.get(key)));
    this.#generated = new Set(differs.map(([key]) => key));
  }

  /** The object of a name; undefined where this program registers none. */
  get(name: ObjectName): KubeObject | undefined {
    return this.#objects.get(placeOf(name));
  }

  /** Whether an object differs from one rendering to the next. */
  isGenerated(name: ObjectName): boolean {
    return this.#generated.has(placeOf(name));
  }

  /** What Secrets hold, as it stands and decoded: none of it may be repeated anywhere. */
  secrets(): string[] {
    const secrets = [...this.#objects.values()].filter(({ kind }) => kind === "Secret");
    const data = secrets.flatMap((secret) => Object.values((secret.data ?? {}) as Record<string, string>));
    const texts = secrets.flatMap((secret) => Object.values((secret.stringData ?? {}) as Record<string, string>));
    const decoded = data.map((text) => Buffer.from(text, "base64").toString("utf8"));
    return [...data, ...texts, ...decoded].filter((text) => text.length >= SHORTEST_SECRET);
  }
}

/** Shorter texts stand in many sentences by chance. */
const SHORTEST_SECRET = 4;

function rendered(environment: Environment, stack: string, clusters: readonly string[]): Map<string, KubeObject> {
  const all = clusters.flatMap((cluster) =>
    clusterObjects(clusterArgs(environment, cluster, stack)).map((placed): [string, KubeObject] => {
      const { object } = environment.adopt ? takenOver(placed) : placed;
      return [`${cluster}|${keyOf(object)}`, object];
    }),
  );
  return new Map(all);
}

function placeOf({ apiVersion, cluster, kind, name, namespace }: ObjectName): string {
  const metadata = { name, ...(namespace === "" ? {} : { namespace }) };
  return `${cluster}|${keyOf({ apiVersion, kind, metadata })}`;
}

/** A text without any of some secrets. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);
}
