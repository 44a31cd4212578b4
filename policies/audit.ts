/**
 * What Gatekeeper's audit found in a cluster beside what the same rules find here, rule by rule: whether both say the
 * same of what runs, and whether the constraint is still the environment's.
 */
import type { AdmissionObject } from "./admission";
import {
  type AuditedName,
  compareEntries,
  type EntryDifference,
  foundHere,
  type LiveObjects,
  listedThere,
} from "./audit/entries";
import { driftOf, type LiveConstraint, staleness } from "./audit/live-constraint";
import type { CheckResult } from "./result";
import type { Rule } from "./rule";

/** A violation that one side has and the other has not, or what of a constraint is not the environment's. */
export type AuditDifference = EntryDifference | { readonly by: "constraint"; readonly message: string };

export interface RuleAudit {
  readonly id: string;
  /** `FleetwrightImageTag/im-01`. */
  readonly constraint: string;
  /** `unknown`: there are reasons why nothing, or not all, could be compared. */
  readonly outcome: "agrees" | "differs" | "unknown";
  /** When Gatekeeper began its last audit, RFC 3339; absent before the first. */
  readonly auditTimestamp?: string;
  /** Violations by Gatekeeper's count, also of those that it does not list; absent before the first audit. */
  readonly gatekeeper?: number;
  /** Violations that were found here. */
  readonly fleetwright: number;
  /** Violations that both found. */
  readonly agreed: number;
  readonly differences: readonly AuditDifference[];
  /** Objects with violations that were changed, made or deleted since the audit: they are not compared. */
  readonly changedSince: readonly AuditedName[];
  /** Why the outcome is unknown, each a sentence. */
  readonly reasons: readonly string[];
}

/** What is known of one rule in a cluster. */
export interface AuditedRule {
  readonly rule: Rule;
  /** The constraint that the environment wants. */
  readonly wanted: AdmissionObject;
  /** The one of that name that the cluster has. */
  readonly live: LiveConstraint | undefined;
  /** The objects that the rule looks at. */
  readonly objects: LiveObjects;
  /** What was found here in those objects. */
  readonly results: readonly CheckResult[];
}

/** Compares both sides of one rule. */
export function compareAudit({ rule, wanted, live, objects, results }: AuditedRule): RuleAudit {
  const denied = results.filter(({ verdict }) => verdict === "deny").map(foundHere);
  const open = results.filter(({ verdict }) => verdict === "undetermined").map(({ message }) => message);
  const { auditTimestamp, totalViolations = 0, violations = [] } = live?.status ?? {};
  const stale = staleness(live);
  const found =
    auditTimestamp === undefined || stale.length > 0
      ? { agreed: 0, differences: [], changed: [], reasons: stale }
      : compareEntries(
          { listed: violations.map(listedThere), total: totalViolations, denied },
          objects,
          auditTimestamp,
        );
  const drift = driftOf(wanted, live).map((message) => ({ by: "constraint" as const, message }));
  const differences = [...drift, ...found.differences];
  const reasons = [...found.reasons, ...new Set(open)];
  return {
    id: rule.id,
    constraint: `${wanted.kind}/${wanted.metadata.name}`,
    outcome: differences.length > 0 ? "differs" : reasons.length > 0 ? "unknown" : "agrees",
    ...(auditTimestamp === undefined ? {} : { auditTimestamp, gatekeeper: totalViolations }),
    fleetwright: denied.length,
    agreed: found.agreed,
    differences,
    changedSince: found.changed,
    reasons,
  };
}
