/**
 * Whether a field that is not literally as declared was changed by somebody. Three witnesses know: the API server who owns
 * it, the state what was deployed and what was made of it, and, asked last, a dry run what applying it again would change.
 */
import type { KubeObject } from "../../components/kube-object";
import type { Difference } from "./comparison";
import { type Recorded, recordedAt, SEALED } from "./deployed-state";
import { isSame, valueAt } from "./field-path";
import { type Owner, Ownership } from "./ownership";

/**
 * - `intact`: as deployed; it is spelt otherwise, or the API server does not keep it;
 * - `undeployed`: the environment says otherwise than what was deployed: an `up` is due, and nobody changed anything;
 * - `delegated`: an autoscaler's, by the subresource that is there for it;
 * - `suspect`: changed, as far as owners and state know.
 */
export type Verdict = "intact" | "undeployed" | "delegated" | "suspect";

/**
 * @param recorded the object in the state; undefined where the state does not know it
 * @param isAutoscaled whether an autoscaler's target is the object
 */
export function verdictOf(difference: Difference, recorded: Recorded | undefined, isAutoscaled: boolean): Verdict {
  if (difference.isOurs) return verdictOfOurs(difference, recorded);
  if (difference.live === undefined) return verdictOfAbsent(difference, recorded);
  const [owner] = difference.owners;
  if (owner && isDelegated(owner, isAutoscaled)) return "delegated";
  const { declared, path } = difference;
  const before = recorded && recordedAt(recorded.declared, path);
  if (recorded && before === undefined) return "undeployed";
  return recorded && isSame(before, declared) && isAsStored(difference, recorded) ? "intact" : "suspect";
}

/** Whether it is as it was while it was ours; a refresh of the state takes over what others wrote, and who they were. */
function isAsStored({ live, path }: Difference, { stored }: Recorded): boolean {
  return stored !== undefined && isSame(recordedAt(stored, path), live) && Ownership.of(stored).along(path).isOurs;
}

/** Nobody else wrote it since somebody wrote it by our name: only another deployment than the last recorded one can have. */
function verdictOfOurs({ live, path }: Difference, recorded: Recorded | undefined): Verdict {
  const stored = recorded?.stored && recordedAt(recorded.stored, path);
  if (stored === undefined || stored === SEALED) return "intact";
  return isSame(stored, live) ? "intact" : "suspect";
}

function verdictOfAbsent({ path }: Difference, recorded: Recorded | undefined): Verdict {
  if (!recorded || recordedAt(recorded.declared, path) === undefined) return "undeployed";
  return recorded.stored && recordedAt(recorded.stored, path) === undefined ? "intact" : "suspect";
}

/** Of Kubernetes' own controllers every write is for an autoscaler; anybody else may do it by hand, unless there is one. */
const isDelegated = ({ manager, subresource }: Owner, isAutoscaled: boolean) =>
  subresource === "scale" && (isAutoscaled || manager === "kube-controller-manager");

/**
 * Whether applying the object again would change a suspect field; undefined where neither the API server nor the state
 * can tell.
 *
 * @param asApplied what the API server would make of the object; undefined where it refused to say
 */
export function wouldChange(
  { live, path }: Difference,
  asApplied: KubeObject | undefined,
  recorded: Recorded | undefined,
): boolean | undefined {
  if (asApplied) return !isSame(valueAt(asApplied, path), live);
  return recorded?.stored ? true : undefined;
}
