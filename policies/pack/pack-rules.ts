/** The rules by which the pack judges, whatever it judges: one resource, or all of a stack. */
import { catalogue } from "../engine/catalogue";
import type { GraphRule } from "../graph/graph-rule";
import { graphRules } from "../graph/graph-rules";
import type { Rule } from "../rule";

export interface PackRule extends Pick<Rule, "id" | "title" | "levels" | "parameters"> {
  /** Whether it is asked once all of a stack was shown. */
  readonly isOfStack: boolean;
}

let known: readonly PackRule[] | undefined;

/** Those that say that they judge previews: of objects, then of sets. */
export function packRules(): readonly PackRule[] {
  known ??= [
    ...catalogue()
      .rules.filter(isOfPreview)
      .map((rule) => ({ ...rule, isOfStack: rule.joins !== undefined })),
    ...packGraphRules().map((rule) => ({ ...rule, isOfStack: true })),
  ];
  return known;
}

/** Those of sets. */
export const packGraphRules = (): readonly GraphRule[] => graphRules().filter(isOfPreview);

/** Whether there is a rule of that id, wherever it judges. */
export const isKnownRule = (id: string): boolean =>
  [...catalogue().rules, ...graphRules()].some((rule) => rule.id === id);

/** @throws Error when the pack has no such rule */
export function packRule(id: string): PackRule {
  const rule = packRules().find((one) => one.id === id);
  if (!rule) throw new Error(`the policy pack has no rule ${id}`);
  return rule;
}

const isOfPreview = ({ points }: { readonly points: readonly string[] }) => points.includes("preview");
