/** The option that lets only some of the rules judge. */
import { Option } from "commander";
import { catalogue } from "../policies/engine/catalogue";
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

/**
 * The rules that were asked for; all, where none was.
 *
 * @throws CliError listing the rules that there are
 */
export function rulesOf({ rules }: { rules?: string }): readonly Rule[] {
  try {
    return rules === undefined ? catalogue().rules : selectRules(rules);
  } catch (error) {
    if (error instanceof SelectionError) throw new CliError("RuleUnknown", error.message, 2);
    throw error;
  }
}
