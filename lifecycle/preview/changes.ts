/** From what the engine plans to the changes that a reader sees: which object, which fields, who refuses, what is interrupted. */

import type { Environment } from "../../stacks/environment";
import type { Answers } from "./admission";
import { isMisfit } from "./answer";
import { changedFields, unknownPaths } from "./fields";
import { type Dependents, interruptsOf, type ReclaimPolicies } from "./interrupts";
import { componentOf, isObject, objectName, typeOfUrn } from "./object-name";
import { pathsWhere } from "./property-path";
import { type Change, type Noise, type ObjectName, type Refusal, spelt } from "./report";
import type { PlannedResource, PlannedRun } from "./steps";
import type { FoundVerdict } from "./verdicts";

/** What was learnt of a stack beside the engine's own plan. */
export interface Learnt {
  readonly verdicts: readonly FoundVerdict[];
  /** By cluster, of those that answered. */
  readonly answers: ReadonlyMap<string, Pick<Answers, "refused" | "withoutEffect">>;
  /** By URN. */
  readonly dependents: ReadonlyMap<string, Dependents>;
  /** Whether an object differs from one rendering to the next. */
  readonly isGenerated: (name: ObjectName) => boolean;
}

/** A planned object and its name. */
export interface PlannedObject {
  readonly resource: PlannedResource;
  readonly name: ObjectName;
}

/** The objects that a run plans for, those that stay as they are among them. */
export function plannedObjects({ resources }: PlannedRun, environment: Environment): PlannedObject[] {
  const clusters = Object.keys(environment.clusters);
  return resources.filter(isObject).map((resource) => ({ resource, name: objectName(resource, clusters) }));
}

const WITHOUT_EFFECT = "the API server says that the update changes nothing";
const WITHOUT_FIELDS = "no field of it differs";
const GENERATED = "its content is made anew at every rendering, whatever the change is";

/** Every object that changes, or is refused. */
export function changesOf(
  run: PlannedRun,
  planned: readonly PlannedObject[],
  learnt: Learnt,
): { changes: Change[]; noise: Noise } {
  const reclaimPolicies = reclaimPoliciesOf(planned);
  const goingNamespaces = new Set(
    planned
      .filter(({ name, resource }) => name.kind === "Namespace" && resource.operation === "delete")
      .map(({ name }) => `${name.cluster}/${name.name}`),
  );
  const reasons: string[] = [];
  let fields = 0;
  const changes = planned.flatMap(({ name, resource }): Change[] => {
    const refusals = refusalsOf(resource, name, learnt);
    if (resource.operation === "unchanged" && refusals.length === 0) return [];
    const found = changedFields(resource);
    const hidden = refusals.length > 0 ? undefined : hiddenBy(resource, name, found, learnt);
    reasons.push(...found.hidden, ...(hidden ? [hidden] : []));
    fields += found.hidden.length;
    const isGoingAlong = goingNamespaces.has(`${name.cluster}/${name.namespace}`) && !HOLDS_DATA.has(name.kind);
    return [
      {
        ...described(resource, name, refusals),
        fields: found.fields,
        interrupts:
          hidden || isGoingAlong
            ? []
            : interruptions(resource, name, found.fields, learnt, { reclaimPolicies, planned }),
        unknown: unknownPaths(resource),
        ...(hidden ? { hidden } : {}),
      },
    ];
  });
  changes.push(...unplanned(run, planned, learnt));
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const noise = { changes: changes.filter((one) => one.hidden).length, fields, reasons: Object.fromEntries(counts) };
  return { changes, noise };
}

/** What is lost beyond the namespace that it lies in. */
const HOLDS_DATA = new Set(["PersistentVolumeClaim", "Service"]);

function described(resource: PlannedResource, name: ObjectName, refusals: readonly Refusal[]) {
  const component = componentOf(resource, name.cluster);
  const { operation, urn } = resource;
  return {
    ...name,
    ...(component === undefined ? {} : { component }),
    ...(refusals.length > 0 ? { operation: "refused" as const, asked: operation } : { operation }),
    refusals,
    urn,
  };
}

function refusalsOf(
  { failed, failure, urn }: PlannedResource,
  { cluster }: ObjectName,
  { answers, verdicts }: Learnt,
): Refusal[] {
  const denied = verdicts.filter((one) => one.urn === urn && one.refuses);
  const answer = answers.get(cluster ?? "")?.refused.get(urn);
  // by which schema an object will be judged the engine does not know, and the dry run does
  const isOpen = failure !== undefined && isMisfit(failure);
  const admission = answer ?? (failed && !isOpen ? (failure ?? "the provider could not preview it") : undefined);
  return [
    ...denied.map(({ id, message }): Refusal => ({ by: "policy", id, message })),
    ...(admission === undefined ? [] : [{ by: "admission" as const, message: admission }]),
  ];
}

function hiddenBy(
  { operation, urn }: PlannedResource,
  name: ObjectName,
  { fields, hidden }: ReturnType<typeof changedFields>,
  { answers, isGenerated }: Learnt,
): string | undefined {
  if (operation !== "update") return undefined;
  if (answers.get(name.cluster ?? "")?.withoutEffect.has(urn)) return WITHOUT_EFFECT;
  if (fields.length === 0 && hidden.length > 0) return WITHOUT_FIELDS;
  return isGenerated(name) ? GENERATED : undefined;
}

function interruptions(
  { new: next, old, operation, urn }: PlannedResource,
  name: ObjectName,
  fields: Change["fields"],
  { dependents }: Learnt,
  {
    planned,
    reclaimPolicies,
  }: { readonly reclaimPolicies: ReclaimPolicies; readonly planned: readonly PlannedObject[] },
): readonly string[] {
  if (operation !== "update" && operation !== "replace" && operation !== "delete") return [];
  if (old?.retainOnDelete && operation === "delete") return [];
  const after = next?.inputs;
  return interruptsOf(
    { name, operation, before: old?.inputs ?? {}, ...(after ? { after } : {}), fields },
    { dependents: dependents.get(urn) ?? {}, reclaimPolicies, isRead: isRead(name, planned) },
  );
}

const RUNS_PODS = new Set(["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "Rollout", "StatefulSet"]);

/** Whether a workload that stays says the name of a ConfigMap or Secret of its namespace. */
function isRead({ cluster, kind, name, namespace }: ObjectName, planned: readonly PlannedObject[]): boolean {
  if (kind !== "ConfigMap" && kind !== "Secret") return false;
  return planned.some(
    (other) =>
      RUNS_PODS.has(other.name.kind) &&
      other.name.cluster === cluster &&
      other.name.namespace === namespace &&
      other.resource.operation !== "delete" &&
      pathsWhere(other.resource.new?.inputs ?? {}, (value) => value === name).length > 0,
  );
}

function reclaimPoliciesOf(planned: readonly PlannedObject[]): ReclaimPolicies {
  const classes = planned.filter(({ name }) => name.kind === "StorageClass");
  // what is not said is Delete
  return new Map(
    classes.map(({ name, resource }) => [
      name.name,
      String((resource.old ?? resource.new)?.inputs?.reclaimPolicy ?? "Delete"),
    ]),
  );
}

/** What the engine did not plan for because a policy refused it first. */
function unplanned({ resources }: PlannedRun, planned: readonly PlannedObject[], { verdicts }: Learnt): Change[] {
  const known = new Set([...planned.map(({ resource }) => resource.urn), ...resources.map(({ urn }) => urn)]);
  const missing = new Map<string, FoundVerdict[]>();
  for (const verdict of verdicts) {
    if (!verdict.urn || !verdict.resource || !verdict.refuses || known.has(verdict.urn)) continue;
    if (typeOfUrn(verdict.urn).startsWith("pulumi:")) continue;
    missing.set(verdict.urn, [...(missing.get(verdict.urn) ?? []), verdict]);
  }
  return [...missing].flatMap(([urn, some]) => {
    const name = some[0]?.resource;
    if (!name) return [];
    const refusals = some.map(({ id, message }): Refusal => ({ by: "policy", id, message }));
    return [{ ...name, operation: "refused" as const, fields: [], interrupts: [], refusals, unknown: [], urn }];
  });
}

/** `hub: Deployment shop/checkout`. */
export const placed = (name: ObjectName): string => `${name.cluster ?? "outside of clusters"}: ${spelt(name)}`;
