/** What a drill comes to: one document, whose verdict can be read from its parts. */
import type { ScenarioName } from "./runbook";

/** Something that must be alive before anything is lost. */
export interface Precondition {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, a sentence. */
  readonly message: string;
  /** What to do; absent where nothing is wrong. */
  readonly cure?: string;
}

/** A part of a drill and how long it took. */
export interface Phase {
  readonly name: string;
  /** To a tenth. */
  readonly seconds: number;
  /** Lines that were run, where there were any. */
  readonly lines?: readonly string[];
}

/** Something that must hold at the end. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

/** Earlier results of the same kind, and what they took. */
export interface Baseline {
  /** Median of their `rtoSeconds`. */
  readonly rtoSeconds: number;
  readonly results: number;
  /** Longest that this drill might take. */
  readonly mostSeconds: number;
}

/** `passed`, `failed`, or `void`: it could prove nothing, and nothing was lost. */
export type Verdict = "passed" | "failed" | "void";

export interface DrillReport {
  readonly id: string;
  readonly environment: string;
  readonly stack: string;
  readonly scenario: ScenarioName;
  readonly clusters: readonly string[];
  /** RFC 3339. */
  readonly startedAt: string;
  /** RFC 3339. */
  readonly endedAt: string;
  /** Of the project, full hash; `null` where there is none. */
  readonly commit: string | null;
  /** Of Fleetwright. */
  readonly version: string;
  /** Objects of the environment by cluster. */
  readonly objects: Readonly<Record<string, number>>;
  readonly preconditions: readonly Precondition[];
  readonly phases: readonly Phase[];
  readonly findings: readonly Finding[];
  /** From the loss to admitted and clean; `null` where it did not come so far. */
  readonly rtoSeconds: number | null;
  readonly totalSeconds: number;
  /** Absent for the first of its kind. */
  readonly baseline?: Baseline;
  readonly machine: { readonly cores: number; readonly loadBefore: number };
  readonly verdict: Verdict;
  /** Why it is not `passed`. */
  readonly reasons: readonly string[];
}

/** The verdict, and why: `void` before anything was lost, `failed` whatever went wrong after. */
export function verdictOf(
  preconditions: readonly Precondition[],
  findings: readonly Finding[],
): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const missing = preconditions.filter(({ ok }) => !ok);
  if (missing.length > 0) {
    return {
      verdict: "void",
      reasons: missing.map(({ cure, message, name }) => `${name}: ${message}${cure ? `; ${cure}` : ""}`),
    };
  }
  const wrong = findings.filter(({ ok }) => !ok);
  // what nothing was looked at for cannot have passed
  if (findings.length === 0) return { verdict: "void", reasons: ["nothing was checked"] };
  return wrong.length > 0
    ? { verdict: "failed", reasons: wrong.map(({ message, name }) => `${name}: ${message}`) }
    : { verdict: "passed", reasons: [] };
}

/** Seconds to a tenth. */
export const tenths = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
