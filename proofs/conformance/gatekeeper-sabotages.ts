/** What may go wrong with the objects that Gatekeeper has, while the pack is as it should be. */
import type { AdmissionObject } from "../../policies/admission";
import type { RuleSettings } from "../../policies/parameters";
import { AuditLane, type Gate, gateOf } from "./audit-lane";
import type { Chance } from "./chance";
import { Mutation } from "./mutation";
import type { Setting } from "./question";
import type { Ground, Planted, Sabotage } from "./sabotage";
import { changedSomewhere, denied, isGated, reparametrized, trialsOfRules } from "./sabotage-place";
import type { Trial } from "./trial";

/** The fields of constraints and templates that are spoilt here. */
interface Constraint {
  readonly enforcementAction: string;
  readonly match: { readonly kinds: readonly { readonly apiGroups: string[]; readonly kinds: string[] }[] };
  readonly parameters?: RuleSettings["parameters"];
}

interface Target {
  readonly target: string;
  readonly code: readonly { readonly source: { readonly rego: string; readonly libs?: readonly string[] } }[];
}

interface Template {
  readonly targets: readonly Target[];
}

const nothing = async () => {};

/** Gatekeeper as it would be with other objects, beside the pack. */
function planted(
  ground: Ground,
  where: string,
  trials: readonly Trial[],
  gate: (setting: Setting) => Gate | undefined,
): Planted {
  return { where, trials, lanes: [ground.preview, new AuditLane(ground.gator, gate)], remove: nothing };
}

const withSpec = (object: AdmissionObject, spec: object): AdmissionObject => ({
  ...object,
  spec: { ...(object.spec as object), ...spec },
});

/** Every setting's constraint changed in one way, at a place where an object is denied. */
function constraintSabotage(name: string, change: (spec: Constraint, kind: string) => object | undefined): Sabotage {
  return {
    name,
    plant: async (ground, chance) => {
      const found = await denied(ground, chance);
      if (!found) return undefined;
      const { question, trial } = found;
      const { template, constraint } = gateOf(question.setting);
      const spec = change(constraint.spec as Constraint, question.object.kind);
      if (!spec) return undefined;
      return planted(ground, question.origin, [trial], () => ({ template, constraint: withSpec(constraint, spec) }));
    },
  };
}

function parameterSabotage(
  name: string,
  change: (parameters: RuleSettings["parameters"], chance: Chance) => unknown,
): Sabotage {
  return {
    name,
    plant: async (ground, chance) => {
      const found = await reparametrized(ground, chance, (own) => change(own, chance) as RuleSettings["parameters"]);
      if (!found) return undefined;
      return planted(ground, found.setting.name, found.trials, (setting) => {
        const { template, constraint } = gateOf(setting);
        return { template, constraint: withSpec(constraint, { parameters: found.parameters }) };
      });
    },
  };
}

/** A template whose Rego, or one of whose libraries, is a mutant of what it should be. */
function templateSabotage(name: string, folder: "rules" | "lib"): Sabotage {
  return {
    name,
    plant: async (ground, chance) => {
      const mutant = chance.one(ground.mutants.filter(({ file }) => file.startsWith(folder)));
      const trials = trialsOfRules(ground, ground.sources.reached(mutant.file).filter(isGated));
      const questions = trials.flatMap((trial) => trial.questions);
      if (questions.length === 0) return undefined;
      if (!(await new Mutation(ground.opa, ground.sources, questions).isTold(mutant))) return undefined;
      const original = ground.sources.texts.get(mutant.file) ?? "";
      const swapped = (text: string) => (text === original ? mutant.text : text);
      return planted(ground, `${mutant.file}:${mutant.line} ${mutant.change}`, trials, (setting) => {
        const { template, constraint } = gateOf(setting);
        const { targets } = template.spec as Template;
        const changed = targets.map((target) => ({
          ...target,
          code: target.code.map((code) => {
            const { rego, libs = [] } = code.source;
            return { ...code, source: { ...code.source, rego: swapped(rego), libs: libs.map(swapped) } };
          }),
        }));
        return { template: withSpec(template, { targets: changed }), constraint };
      });
    },
  };
}

export const gatekeeperSabotages: readonly Sabotage[] = [
  templateSabotage("a template holds an older rule", "rules"),
  templateSabotage("a template holds an older library", "lib"),
  constraintSabotage("a constraint lacks a kind", ({ match }, kind) => {
    const left = match.kinds.map((entry) => ({ ...entry, kinds: entry.kinds.filter((one) => one !== kind) }));
    const kinds = left.filter((entry) => entry.kinds.length > 0);
    // no kind at all would mean every kind
    return kinds.length === 0 ? undefined : { match: { kinds } };
  }),
  constraintSabotage("a constraint matches a group less", ({ match }) => ({
    match: { kinds: match.kinds.map((entry) => ({ ...entry, apiGroups: ["example.com"] })) },
  })),
  constraintSabotage("a constraint wants a label", ({ match }) => ({
    match: { ...match, labelSelector: { matchLabels: { "example.com/judged": "yes" } } },
  })),
  constraintSabotage("a constraint is for one namespace", ({ match }) => ({
    match: { ...match, namespaces: ["elsewhere"] },
  })),
  constraintSabotage("a constraint has another level", ({ enforcementAction }) => ({
    enforcementAction: enforcementAction === "deny" ? "dryrun" : "deny",
  })),
  {
    name: "a constraint is not there",
    plant: async (ground, chance) => {
      const found = await denied(ground, chance);
      return found && planted(ground, found.question.origin, [found.trial], () => undefined);
    },
  },
  parameterSabotage("a constraint has another parameter", changedSomewhere),
  parameterSabotage("a constraint has lost its parameters", () => ({})),
  {
    name: "a template is read as Rego v0",
    plant: async (ground, chance) => {
      const found = await denied(ground, chance);
      if (!found) return undefined;
      return planted(ground, found.question.origin, [found.trial], (setting) => {
        const { template, constraint } = gateOf(setting);
        const targets = (template.spec as Template).targets.map(({ target, code: [code] }) => ({
          target,
          rego: code?.source.rego,
          libs: code?.source.libs,
        }));
        return { template: withSpec(template, { targets }), constraint };
      });
    },
  },
];
