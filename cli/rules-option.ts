/** The option that lets only some of the rules judge. */
import { Option } from "commander";
import { catalogue } from "../policies/engine/catalogue";
import type { GraphRule } from "../policies/graph/graph-rule";
import { graphRules } from "../policies/graph/graph-rules";
import type { Rule } from "../policies/rule";
import { SelectionError, selectRules } from "../policies/selection";
import { CliError } from "./output";

/** `--rules <list>`. */
export function rulesOption(): Option {
  return new Option(
    "--rules <list>",
    "only these: families, ids, names or their first words, such as SC,PS-01,storage",
  );
}

interface RulesOption {
  readonly rules?: string;
}

/**
 * The rules over objects that were asked for; all, where none was.
 *
 * @throws CliError listing the rules that there are
 */
export const rulesOf = (option: RulesOption): readonly Rule[] => selected(option, catalogue().rules);

/**
 * The same of all rules, those over objects and those over sets of them: what was asked for; undefined where nothing was,
 * so that the verb's own choice holds.
 *
 * @throws CliError listing the rules that there are
 */
export function chosenOf(
  option: RulesOption,
): { readonly rules: readonly Rule[]; readonly graphRules: readonly GraphRule[] } | undefined {
  if (option.rules === undefined) return undefined;
  const { rules } = catalogue();
  const asked = new Set(selected(option, [...rules, ...graphRules()]).map(({ id }) => id));
  return {
    rules: rules.filter(({ id }) => asked.has(id)),
    graphRules: graphRules().filter(({ id }) => asked.has(id)),
  };
}

function selected<R extends { id: string; name: string }>(
  { rules: list }: RulesOption,
  rules: readonly R[],
): readonly R[] {
  try {
    return list === undefined ? rules : selectRules(list, rules);
  } catch (error) {
    if (error instanceof SelectionError) throw new CliError("RuleUnknown", error.message, 2);
    throw error;
  }
}
