/** All stacks together: what a gate asks, and how a reader is told first what hurts most. */
import {
  addCounts,
  type Change,
  isChange,
  type PolicyVerdict,
  type PreviewReport,
  type Refusal,
  type StackPreview,
} from "./report";

/** The report of some stacks. */
export function previewReport(project: string, stacks: readonly StackPreview[]): PreviewReport {
  const clusters = stacks.flatMap((stack) => stack.clusters);
  return {
    project,
    stacks,
    summary: {
      stacks: stacks.length,
      failed: stacks.filter(({ outcome }) => outcome === "failed").length,
      clusters: clusters.length,
      unreached: clusters.filter(({ reached }) => !reached).length,
      counts: addCounts(stacks.map(({ counts }) => counts)),
      refused: stacks.flatMap(refusalsOf).length,
      undetermined: stacks.flatMap(({ policies }) => policies).filter(isOpenAndRefuses).length,
      interrupts: stacks.flatMap(({ changes }) => changes).filter(({ interrupts }) => interrupts.length > 0).length,
      tenants: [...new Set(stacks.flatMap(({ tenants }) => tenants.map(({ tenant }) => tenant)))].sort(),
      hidden: stacks.reduce((sum, { noise }) => sum + noise.changes, 0),
    },
  };
}

/** One refusal: of an object, or of the whole stack. */
export interface ToldRefusal extends Refusal {
  readonly stack: string;
  readonly resource?: PolicyVerdict["resource"];
}

/** All that refuses, each once: denials by rules, and what API servers answer. */
export function refusalsOf({ changes, policies, stack }: StackPreview): ToldRefusal[] {
  const denied = policies.filter(({ refuses, verdict }) => refuses && verdict === "deny");
  return [
    ...denied.map(
      ({ id, message, resource }): ToldRefusal => ({
        stack,
        by: "policy",
        id,
        message,
        ...(resource ? { resource } : {}),
      }),
    ),
    ...changes.flatMap((change) =>
      change.refusals
        .filter(({ by }) => by === "admission")
        .map((refusal): ToldRefusal => ({ ...refusal, stack, resource: change })),
    ),
  ];
}

/** What no rule could judge, and refuses for that. */
export const isOpenAndRefuses = ({ refuses, verdict }: PolicyVerdict): boolean => refuses && verdict === "undetermined";

interface Gate {
  /** Whether a change that is news fails. */
  readonly expectNoChanges: boolean;
  /** Whether a cluster that could not be reached, or asked about all, fails. */
  readonly requireClusters: boolean;
}

/** 3 something is refused, 5 something could not be known, 7 changes where none were expected; 0 otherwise. */
export function exitCodeOf(
  { stacks, summary }: PreviewReport,
  { expectNoChanges, requireClusters }: Gate,
): 0 | 3 | 5 | 7 {
  if (summary.refused > 0) return 3;
  const isSilent = stacks.some(({ clusters }) =>
    clusters.some(({ admission, reached }) => !reached || admission.notAsked.some(({ isExpected }) => !isExpected)),
  );
  if (summary.failed > 0 || summary.undetermined > 0 || (requireClusters && isSilent)) return 5;
  return expectNoChanges && stacks.some(({ changes }) => changes.some(isChange)) ? 7 : 0;
}

/** Changes that take something away, those that interrupt most first. */
export function destructive(changes: readonly Change[]): Change[] {
  const some = changes.filter((one) => isChange(one) && (one.operation === "replace" || one.operation === "delete"));
  return some.sort((a, b) => b.interrupts.length - a.interrupts.length || a.operation.localeCompare(b.operation));
}
