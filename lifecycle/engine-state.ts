/** The state of a sandbox's stack, as the engine keeps it in a file beside the clusters. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubeObject } from "../components/kube-object";
import { instanceFolder } from "../stacks/kubeconfig";

/** A stack of the project in a folder. */
export interface Place {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly stack: string;
}

/** A resource as the state keeps it, as far as it is read here. */
export interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  /** Of a Kubernetes object: the object. */
  readonly inputs?: KubeObject | Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** An operation that the engine began and did not end. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** All that a stack deployed. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
  readonly [field: string]: unknown;
}

/** The last saved state; undefined before the first run. */
export function readDeployment(place: Place): Deployment | undefined {
  if (!stackExists(place)) return undefined;
  return (JSON.parse(readFileSync(stateFile(place), "utf8")) as { checkpoint: { latest?: Deployment } }).checkpoint
    .latest;
}

/** When the state was last saved, milliseconds since 1970; undefined before the first time. */
export function savedMs(place: Place): number | undefined {
  return stackExists(place) ? statSync(stateFile(place)).mtimeMs : undefined;
}

/** Where the engine keeps the locks of a stack. */
export const lockFolder = ({ root, stack }: Place) =>
  join(stateFolder(root), "locks", "organization", projectName(root), stack);

/** Whether the stack was made. */
export const stackExists = (place: Place) => existsSync(stateFile(place));

const stateFile = ({ root, stack }: Place) => join(stateFolder(root), "stacks", projectName(root), `${stack}.json`);

const stateFolder = (root: string) => join(root, instanceFolder(), "state", ".pulumi");

/** The one cluster of the environment that a stack's file names; undefined where the stack holds all. */
export function stackCluster({ root, stack }: Place): string | undefined {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const { config } = ((existsSync(file) && parse(readFileSync(file, "utf8"))) || {}) as {
    readonly config?: Readonly<Record<string, string>>;
  };
  return config?.["fleetwright:cluster"];
}

/** `name` of Pulumi.yaml. */
export const projectName = (root: string) =>
  (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { name: string }).name;
