/** One object: what was deployed, what the environment declares, what is there. */
import type { KubeObject } from "../../components/kube-object";
import { FIELD_MANAGER } from "../../components/placed-objects";
import { ClusterUnreachable, type LiveCluster } from "../../stacks/live-cluster";
import { asStored, type Difference, differences } from "./comparison";
import type { Recorded } from "./deployed-state";
import { type About, type DriftEntry, deletionOf, fieldEntries } from "./drift-entry";
import { valueAt } from "./field-path";
import { isOurs, Ownership } from "./ownership";
import { verdictOf, wouldChange } from "./verdict";

/** What is known of one object. */
export interface Observed {
  readonly declared: KubeObject;
  /** Undefined where the cluster has no such object. */
  readonly live: KubeObject | undefined;
  /** Undefined where the state does not know it. */
  readonly recorded: Recorded | undefined;
}

/** What came of looking at one object. */
export interface ObjectDrift {
  readonly drift: readonly DriftEntry[];
  /** Why something of it could not be known; undefined where all could. */
  readonly unknown?: string;
}

const NOTHING: ObjectDrift = { drift: [] };

/** @param isAutoscaled whether an autoscaler's target is the object; asked only where it matters */
export async function objectDrift(
  about: About,
  observed: Observed,
  cluster: LiveCluster,
  isAutoscaled: (object: KubeObject) => Promise<boolean>,
): Promise<ObjectDrift> {
  const { declared, live, recorded } = observed;
  // what was never deployed is no drift, whoever made an object of that name
  if (!live) return recorded ? { drift: [{ ...about, path: "", kind: "deleted" }] } : NOTHING;
  const deletion = deletionOf(live);
  if (deletion !== undefined) return { drift: [{ ...about, path: "", kind: "deleted", found: deletion }] };
  if (!recorded && !writtenByUs(live)) return NOTHING;
  const found = differences(declared, live);
  const scaled = await answered(async () => found.some(byScale) && (await isAutoscaled(declared)));
  if (scaled === undefined) return { drift: [], unknown: "whether an autoscaler looks after it could not be read" };
  const suspect = found.filter((one) => verdictOf(one, recorded, scaled) === "suspect");
  const replaced = replacement(about, live, recorded);
  if (suspect.length === 0) return { drift: replaced };
  const asApplied = await tried(cluster, declared);
  const drifted = suspect.filter((one) => wouldChange(one, asApplied.object, recorded) === true);
  const isUnknown = suspect.some((one) => wouldChange(one, asApplied.object, recorded) === undefined);
  return {
    drift: [
      ...replaced,
      ...drifted.flatMap(({ declared: wanted, live: there, owners, path }) => {
        const expected = asApplied.object === undefined ? wanted : (valueAt(asApplied.object, path) ?? wanted);
        return fieldEntries(about, { path, expected, found: there, owner: owners[0] });
      }),
    ],
    ...(isUnknown
      ? { unknown: `what was deployed is not recorded, and a dry run was refused: ${asApplied.refusal}` }
      : {}),
  };
}

const byScale = ({ owners }: Difference) => owners[0]?.subresource === "scale";

/** What a cluster answers; undefined where it does not. */
async function answered<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof ClusterUnreachable) return undefined;
    throw error;
  }
}

const writtenByUs = (object: KubeObject) => Ownership.of(object).ownersWithin.some(isOurs);

/** The object is another one than the one that was deployed, and nothing of it is ours. */
function replacement(about: About, live: KubeObject, recorded: Recorded | undefined): DriftEntry[] {
  const [expected, found] = [recorded?.stored?.metadata.uid, live.metadata.uid];
  if (expected === undefined || expected === found || writtenByUs(live)) return [];
  const owner = Ownership.of(live).ownersWithin.at(-1); // the first who wrote it made it
  return [{ ...about, path: "", kind: "replaced", expected: `uid ${expected}`, found: `uid ${found}`, ...owner }];
}

/** What the API server would make of the object, or why it does not say. */
async function tried(
  cluster: LiveCluster,
  declared: KubeObject,
): Promise<{ readonly object?: KubeObject; readonly refusal?: string }> {
  const { apiVersion, kind, metadata } = declared;
  try {
    const path = await cluster.pathOf(apiVersion, kind, metadata.namespace);
    if (path === undefined) return { refusal: `the cluster does not serve ${kind}` };
    const parameters = { fieldManager: FIELD_MANAGER, force: "true" };
    const { message, object, status } = await cluster.tryOut("APPLY", `${path}/${metadata.name}`, {
      object: asStored(declared),
      parameters,
    });
    return status < 300 ? { object: object as KubeObject } : { refusal: message ?? `it answered ${status}` };
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    return { refusal: error.message };
  }
}
