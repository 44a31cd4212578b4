/** Asks one cluster all that a preview of it wants to know: what its API server refuses, and what hangs on what goes. */

import { groupOf, type KubeObject } from "../../components/kube-object";
import { FIELD_MANAGER } from "../../components/placed-objects";
import type { Environment } from "../../stacks/environment";
import { ClusterUnreachable, LiveCluster } from "../../stacks/live-cluster";
import { readIdentity } from "../../stacks/ownership";
import { clusterAccess } from "../cluster-access";
import { isSecret, UNKNOWNS } from "../engine-event";
import { type Answers, askAdmission, type Question } from "./admission";
import type { PlannedObject } from "./changes";
import { dependentsOf } from "./dependents";
import type { DesiredObjects } from "./desired";
import type { Dependents } from "./interrupts";
import { pathsWhere, valueAt } from "./property-path";
import type { SchemaChange } from "./schema-change";

/** What a cluster says; `silence` where it says nothing, with the reason. */
export type LiveAnswers =
  | { readonly answers: Answers; readonly dependents: ReadonlyMap<string, Dependents> }
  | { readonly silence: string };

interface Asked {
  readonly environment: Environment;
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly cluster: string;
  /** Its objects that change. */
  readonly objects: readonly PlannedObject[];
  readonly desired: DesiredObjects | undefined;
  readonly say: (done: number) => void;
}

export async function askCluster({ cluster, desired, environment, objects, root, say }: Asked): Promise<LiveAnswers> {
  let live: LiveCluster | undefined;
  try {
    live = await LiveCluster.open(clusterAccess(environment, root, cluster));
    const identity = await readIdentity(live);
    if (identity && (identity.environment !== environment.name || identity.cluster !== cluster)) {
      return { silence: `its context leads to cluster ${identity.cluster} of environment ${identity.environment}` };
    }
    const opened = live;
    const going = objects.filter(({ resource }) => resource.operation === "delete" || resource.operation === "replace");
    const counted = await Promise.all(
      going.map(async ({ name, resource }) => {
        return [resource.urn, await dependentsOf(opened, name, resource.old?.inputs ?? {})] as const;
      }),
    );
    const kinds = new Map(objects.flatMap(schemaChangeOf));
    const questions = objects.flatMap((object) => questionOf(object, desired, kinds) ?? []);
    return { answers: await askAdmission(live, questions, say), dependents: new Map(counted) };
  } catch (error) {
    if (error instanceof ClusterUnreachable) return { silence: error.message };
    throw error;
  } finally {
    live?.close();
  }
}

const MANAGER = "pulumi.com/patchFieldManager";
const FORCE = "pulumi.com/patchForce";

/** Of a definition: how it changes, by the `group/Kind` that it defines. */
function schemaChangeOf({ resource }: PlannedObject): [string, SchemaChange][] {
  const [before, after] = [resource.old?.inputs, resource.new?.inputs];
  if (after?.kind !== "CustomResourceDefinition") return [];
  const [group, kind] = [["group"], ["names", "kind"]].map((path) => valueAt(after, ["spec", ...path]));
  return [[`${group}/${kind}`, { before, after }]];
}

function questionOf(
  { name, resource }: PlannedObject,
  desired: DesiredObjects | undefined,
  changedKinds: ReadonlyMap<string, SchemaChange>,
): Question | undefined {
  const { new: next, old, operation, urn } = resource;
  if (operation === "unchanged" || operation === "import") return undefined;
  if (operation === "delete") return old?.retainOnDelete ? undefined : { urn, name, operation };
  const schemaChange = changedKinds.get(`${groupOf(name)}/${name.kind}`);
  const object = sendable(next?.inputs) ?? desired?.get(name);
  const annotations = object?.metadata.annotations;
  // who made it by another program than this one stands in the state
  const known = annotations?.[MANAGER] ?? valueAt(old?.outputs, ["__fieldManager"]);
  return {
    urn,
    name,
    operation,
    ...(object ? { object } : {}),
    ...(typeof known === "string"
      ? { fieldManager: known }
      : desired?.get(name)
        ? { fieldManager: FIELD_MANAGER }
        : {}),
    force: annotations?.[FORCE] === "true",
    ...(schemaChange ? { schemaChange } : {}),
  };
}

/** The object as the engine would send it; undefined where it holds a secret, which is blinded, or an unknown. */
function sendable(inputs: Readonly<Record<string, unknown>> | undefined): KubeObject | undefined {
  if (!inputs?.kind || !inputs.metadata) return undefined;
  if (pathsWhere(inputs, (value) => isSecret(value) || UNKNOWNS.has(value)).length > 0) return undefined;
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__"))) as unknown as KubeObject;
}
