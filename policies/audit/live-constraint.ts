/**
 * A constraint as a cluster holds it: what audit wrote into its status, and whether it is still the environment's.
 *
 * @see pkg/audit/manager.go of gatekeeper 3.23
 */
import { isDeepStrictEqual } from "node:util";
import type { AdmissionObject } from "../admission";

/** What an object's metadata say of its changes. */
export interface Timed {
  readonly metadata: {
    readonly creationTimestamp?: string;
    readonly managedFields?: readonly { readonly time?: string; readonly subresource?: string }[];
  };
}

/** One violation in the status of a constraint. */
export interface ListedViolation {
  /** Absent for the core group. */
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Cut after 256 bytes. */
  readonly message: string;
}

export interface LiveConstraint extends Timed {
  readonly kind: string;
  readonly metadata: Timed["metadata"] & { readonly name: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: {
    /** When the last audit began, RFC 3339 in whole seconds; absent before the first. */
    readonly auditTimestamp?: string;
    readonly totalViolations?: number;
    /** At most as many as audit was told to list, by default 20. */
    readonly violations?: readonly ListedViolation[];
  };
}

/** Whether an object was made or changed at a time or later. What only its status says does not count: no rule reads it. */
export function changedSince({ metadata }: Timed, time: string): boolean {
  const own = (metadata.managedFields ?? []).filter(({ subresource }) => subresource !== "status");
  const times = [metadata.creationTimestamp, ...own.map((entry) => entry.time)];
  return times.some((one) => one !== undefined && Date.parse(one) >= Date.parse(time));
}

/** What of a constraint is not as the environment wants it, each a sentence. */
export function driftOf(wanted: AdmissionObject, live: LiveConstraint | undefined): string[] {
  if (!live) return ["the cluster has no such constraint: nothing refuses there what the rule forbids"];
  const before = wanted.spec as Readonly<Record<string, unknown>>;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(live.spec ?? {})])].sort();
  return fields
    .filter((field) => !isDeepStrictEqual(before[field] ?? {}, live.spec?.[field] ?? {}))
    .map((field) => `spec.${field} of the constraint is not what the environment says: deploy again, then audit tells`);
}

/** Why the last audit says nothing of the constraint as it is now, a sentence; none where it does. */
export function staleness(live: LiveConstraint | undefined): string[] {
  const time = live?.status?.auditTimestamp;
  if (!live) return [];
  if (time === undefined) return ["no audit has looked at the constraint yet: wait for the next one"];
  return changedSince(live, time)
    ? [`the constraint changed since its last audit, of ${time}: wait for the next one`]
    : [];
}
