/**
 * PromQL as people write it, read far enough to know whether it can stand within a larger expression: what is left open
 * would take in what follows, and no Prometheus would load the rule.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 */

/** Texts in one of three quotes, and comments up to the end of their line: brackets in them are none. */
const ASIDE = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#[^\n]*\n/g;

const CLOSES: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Why an expression does not end where its text does; undefined where it does. */
export function unclosedFault(expression: string): string | undefined {
  const open: string[] = [];
  for (const [mark] of expression.replace(ASIDE, " ").matchAll(/[()[\]{}"'`#]/g)) {
    if (mark === "#") return "must not end with a comment: it would hide what follows";
    if (/["'`]/.test(mark)) return `must be PromQL: a text begins with ${mark} and does not end`;
    if (!(mark in CLOSES)) open.push(mark);
    else if (open.pop() !== CLOSES[mark]) return `must be PromQL: "${mark}" closes nothing`;
  }
  const last = open.pop();
  return last === undefined ? undefined : `must be PromQL: "${last}" is never closed`;
}
