/** Whether what an environment says of rules is said of rules that there are, and what a team's own take. */

import { shapeSentence } from "../components/shape-sentence";
import { catalogue } from "../policies/engine/catalogue";
import { parsePath } from "../policies/engine/path";
import { policiesPath } from "../policies/folder";
import { wrongParameters } from "../policies/given-parameters";
import { graphRules } from "../policies/graph/graph-rules";
import { tierZeroRules } from "../policies/tier-zero";

/** Path of the field that must change, and the sentence that says why. */
interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** @param policy the environment's `policy`, as it stands in the file */
export function ownRuleFaults(policy: Readonly<Record<string, unknown>>): Fault[] {
  const { levels, parameters } = policy;
  return [
    ...Object.keys(asMap(levels)).flatMap(levelFaults),
    ...Object.entries(asMap(parameters)).flatMap(([id, given]) => faultsOf(id, given)),
  ];
}

/** A level of a rule that nobody has would look as if it held. What is no id at all is the schema's to say. */
function levelFaults(id: string): Fault[] {
  const known = [...catalogue().rules, ...graphRules(), ...tierZeroRules()];
  if (!/^[A-Z]{2}-[0-9]{2}$/.test(id) || known.some((rule) => rule.id === id)) return [];
  return [
    { path: ["policy", "levels", id], message: "no rule has this id: docs/reference/rules.md lists those there are" },
  ];
}

function faultsOf(id: string, given: unknown): Fault[] {
  const all = catalogue();
  const rule = all.rules.find((known) => known.id === id);
  const path = ["policy", "parameters", id];
  if (!rule) {
    const own = all.rules.filter((known) => all.folderOf(known) !== policiesPath()).map((known) => known.id);
    return [{ path, message: `no rule of your own has this id: policies/rules/ holds ${own.join(", ") || "none"}` }];
  }
  if (all.folderOf(rule) === policiesPath()) {
    return [{ path, message: "is a rule of Fleetwright, whose parameters are computed from the environment" }];
  }
  if (typeof given !== "object" || given === null) return [];
  return wrongParameters(rule, given as Record<string, unknown>, shapeSentence).map((fault) => ({
    path: [...path, ...parsePath(fault.path).slice(1)],
    message: fault.message,
  }));
}

const asMap = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
