/**
 * What is asked in a rule's name: the rule, behind the exemptions that its parameters hold. The rule itself knows
 * nothing of them; it becomes a library of this module, in the compiled rules as in Gatekeeper's template.
 */
import { packageOf } from "../rule";

/** The Rego package of a rule as a library: Gatekeeper lets a template import nothing outside of `data.lib`. */
const libraryOf = (name: string): string => packageOf(name).replace(/^fleetwright\./, "lib.rules.");

/** The text of `rule.rego` as a library, line by line the same but for its package. */
export function asLibrary(name: string, rego: string): string {
  return rego.replace(`package ${packageOf(name)}\n`, `package ${libraryOf(name)}\n`);
}

/**
 * The module that answers for a rule: its `violation` are the violations that no exemption covers, its `exempted` the
 * others, each with the number of the first exemption that covers it.
 */
export function gateModule(name: string): string {
  return `package ${packageOf(name)}

import data.lib.exemption
import data.${libraryOf(name)} as rule

violation contains fault if {
	some fault in rule.violation
	not exemption.covers(path_of(fault))
}

exempted contains {"msg": fault.msg, "details": fault.details, "exemption": number} if {
	some fault in rule.violation
	number := exemption.covering(path_of(fault))
}

path_of(fault) := object.get(fault, ["details", "path"], "")
`;
}
