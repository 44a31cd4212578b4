/** What a destroy will meet, as people and machines read it. */

/** An object of a cluster; without a name: several of one kind. */
export interface ObjectName {
  /** `""` is the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * `hangs`: the destroy does not get past it; `lost`: it goes, and is nothing of the platform's own; `left`: it stays;
 * `slow`: it goes, and somebody outside of the stack must do it; `unknown`: it could not be known.
 */
export type Verdict = "hangs" | "lost" | "left" | "slow" | "unknown";

export interface Finding {
  /** Name of the cluster in the environment. */
  readonly cluster: string;
  readonly verdict: Verdict;
  readonly object: ObjectName;
  /** How many objects are meant. */
  readonly count: number;
  /** Their names, where `object` has none. */
  readonly names?: readonly string[];
  /** What its end waits for: a finalizer, a pod, a controller; absent where it waits for nothing. */
  readonly waitsFor?: string;
  /** Why, as a sentence. */
  readonly why: string;
  /** A line to paste into a shell, which ends it. */
  readonly cure?: string;
}

const ORDER: readonly Verdict[] = ["hangs", "unknown", "slow", "lost", "left"];

/** The findings by weight: what hangs first; equals keep their order. */
export const byWeight = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));

/** Findings by verdict. */
export function countVerdicts(findings: readonly Finding[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  return {
    hangs: count("hangs"),
    unknown: count("unknown"),
    slow: count("slow"),
    lost: count("lost"),
    left: count("left"),
  };
}

/** `Application argocd/shop`, `ConfigMap in shop`, `Namespace shop`. */
export function spelt({ kind, name, namespace }: ObjectName): string {
  if (name === undefined) return namespace === undefined ? kind : `${kind} in ${namespace}`;
  return `${kind} ${[namespace, name].filter(Boolean).join("/")}`;
}

/** `a, b, c and 4 more`. */
export const some = (names: readonly string[], most = 3): string =>
  names.length > most ? `${names.slice(0, most).join(", ")} and ${names.length - most} more` : names.join(", ");
