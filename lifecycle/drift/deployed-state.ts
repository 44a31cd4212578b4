/** What a stack deployed last, as its state says, whatever backend keeps it. Secrets in it stay sealed. */
import { execa } from "execa";
import { PLATFORM_TYPE } from "../../components/cluster-platform";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { processEnvironment } from "../engine-environment";
import type { Deployment, StateResource } from "../engine-state";
import { childAt, type FieldPath, type Fields, isFields } from "./field-path";

/** A state that cannot be read, or says that nothing was deployed: a sentence. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/** One object as it was deployed last. */
export interface Recorded {
  /** What was asked for. */
  readonly declared: KubeObject;
  /** What the API server made of it; undefined where the state was written down from the clusters and does not know. */
  readonly stored?: KubeObject;
}

/** By key of the object, see kube-object.ts. */
export type RecordedObjects = ReadonlyMap<string, Recorded>;

/**
 * Every object of the platform in a stack's state, by cluster.
 *
 * @param variables of the engine, see engine-environment.ts
 * @throws StateError when there is no such stack, or nothing was deployed from it
 */
export async function readRecorded(
  stack: string,
  root: string,
  variables: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, RecordedObjects>> {
  const { exitCode, stderr, stdout } = await execa("pulumi", ["stack", "export", `--stack=${stack}`], {
    cwd: root,
    env: processEnvironment(variables),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    maxBuffer: 1 << 30,
  });
  if (exitCode !== 0) throw new StateError(`stack ${stack}: its state cannot be read: ${stderr.trim()}`);
  const { deployment } = JSON.parse(stdout) as { deployment?: Deployment };
  const clusters = recordedByCluster(deployment?.resources ?? []);
  if (clusters.size > 0) return clusters;
  throw new StateError(
    `stack ${stack}: nothing was deployed from it, so nothing can differ: \`pulumi up\` comes first`,
  );
}

/** The platform's objects among the resources of a state. */
export function recordedByCluster(resources: readonly StateResource[]): ReadonlyMap<string, RecordedObjects> {
  const clusters = new Map<string, Map<string, Recorded>>();
  for (const { delete: isReplaced, inputs, outputs, provider, urn } of resources) {
    const [types = "", cluster] = String(provider ?? "")
      .split("::")
      .slice(2);
    if (!types.startsWith(`${PLATFORM_TYPE}$`) || cluster === undefined || isReplaced) continue;
    if (!isObject(inputs)) throw new StateError(`${urn}: the state does not say which object it is`);
    const declared = asNamed(inputs, urn);
    const stored = isObject(outputs) && outputs.metadata.uid !== undefined ? { stored: outputs } : {};
    const objects = clusters.get(cluster) ?? new Map<string, Recorded>();
    clusters.set(cluster, objects.set(keyOf(declared), { declared, ...stored }));
  }
  return clusters;
}

/**
 * The object with the namespace that its resource's name says. Where a kind is not known yet the provider takes it for one
 * that lies in namespaces, and writes down `default`.
 */
function asNamed(inputs: KubeObject, urn: string): KubeObject {
  const isInNamespace = urn.split("::").slice(3).join("::").split("/").length > 2;
  const { namespace, ...metadata } = inputs.metadata;
  return isInNamespace || namespace === undefined ? inputs : ({ ...inputs, metadata } as KubeObject);
}

const isObject = (value: unknown): value is KubeObject => isFields(value) && isFields(value.metadata);

/** Stands for a value that the state keeps as a secret. */
export const SEALED = Symbol("sealed");

/** By which the engine marks a secret in a state. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** What stands at a path of a recorded object; {@link SEALED} where it, or what it lies in, is a secret. */
export function recordedAt(object: Fields, path: FieldPath): unknown {
  let value: unknown = object;
  for (const step of path) {
    if (isSealed(value)) return SEALED;
    value = childAt(value, step);
  }
  return isSealed(value) ? SEALED : value;
}

/** Whether a value of a state is a secret. */
export const isSealed = (value: unknown) => isFields(value) && SECRET_MARK in value;
