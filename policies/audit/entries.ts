/** Single violations, as a constraint's status lists them and as they are found here: which are the same. */

import { groupOf } from "../engine/match";
import type { CheckResult } from "../result";
import { changedSince, type ListedViolation, type Timed } from "./live-constraint";

/** Whose violation it is. */
export interface AuditedName {
  /** `""` for the core group. */
  readonly group: string;
  readonly kind: string;
  /** `""` for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** A violation that one side has and the other has not. */
export interface EntryDifference {
  /** Who says it. */
  readonly by: "gatekeeper" | "fleetwright";
  readonly resource: AuditedName;
  readonly message: string;
}

/** Objects by {@link keyOf}, as they are now. */
export type LiveObjects = ReadonlyMap<string, Timed>;

export interface Entry {
  readonly resource: AuditedName;
  readonly message: string;
}

export interface Comparison {
  /** Violations that both found. */
  readonly agreed: number;
  readonly differences: readonly EntryDifference[];
  /** Objects with violations that were changed, made or deleted since the audit: they are not compared. */
  readonly changed: readonly AuditedName[];
  /** Why not all could be compared, each a sentence. */
  readonly reasons: readonly string[];
}

export const keyOf = ({ group, kind, namespace, name }: AuditedName) => [group, kind, namespace, name].join("/");

export const listedThere = ({ group = "", kind, namespace = "", name, message }: ListedViolation): Entry => ({
  resource: { group, kind, namespace, name },
  message,
});

export const foundHere = ({ resource: { apiVersion, kind, namespace, name }, message }: CheckResult): Entry => ({
  resource: { group: groupOf(apiVersion), kind, namespace, name },
  message,
});

/**
 * @param listed by Gatekeeper, which counts `total` and lists the first of them
 * @param denied what was found here
 * @param time when the audit began
 */
export function compareEntries(
  { listed, total, denied }: { listed: readonly Entry[]; total: number; denied: readonly Entry[] },
  objects: LiveObjects,
  time: string,
): Comparison {
  const isSettled = ({ resource }: Entry) => {
    const object = objects.get(keyOf(resource));
    return object !== undefined && !changedSince(object, time);
  };
  const changed = distinct([...listed, ...denied].filter((entry) => !isSettled(entry)).map(({ resource }) => resource));
  const theirs = listed.filter(isSettled);
  const ours = denied.filter(isSettled);
  const onlyTheirs = without(theirs, ours).map((entry) => ({ by: "gatekeeper" as const, ...entry }));
  const found = { agreed: theirs.length - onlyTheirs.length, changed };
  if (listed.length >= total) {
    const onlyOurs = without(ours, theirs).map((entry) => ({ by: "fleetwright" as const, ...entry }));
    return { ...found, differences: [...onlyTheirs, ...onlyOurs], reasons: [] };
  }
  // the rest is known by its number only, which says something as long as nothing moved
  const isStill = [...objects.values()].every((object) => !changedSince(object, time));
  if (isStill && total === denied.length && onlyTheirs.length === 0) {
    return { agreed: total, changed, differences: [], reasons: [] };
  }
  const reason = `audit lists ${listed.length} of the ${total} violations that it counts, and ${denied.length} are found here now: the others cannot be compared`;
  return { ...found, differences: onlyTheirs, reasons: [reason] };
}

/** What the second list has no counterpart for; each counterpart serves once. */
function without(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const left = others.map(signature);
  return entries.filter((entry) => {
    const at = left.indexOf(signature(entry));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Audit cuts messages after 256 bytes, which may be fewer letters. */
const COMPARED_LETTERS = 80;

const signature = ({ resource, message }: Entry) => `${keyOf(resource)} ${message.slice(0, COMPARED_LETTERS)}`;

const distinct = (names: readonly AuditedName[]) => [...new Map(names.map((name) => [keyOf(name), name])).values()];
