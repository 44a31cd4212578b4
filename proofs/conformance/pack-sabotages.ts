/** What may go wrong with the pack, while Gatekeeper is as it should be. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { policiesPath } from "../../policies/folder";
import type { RuleSettings } from "../../policies/parameters";
import { exemptedEntrypoint, type Rule } from "../../policies/rule";
import type { Mutant } from "./mutant";
import { Mutation } from "./mutation";
import { PackCopy } from "./pack-copy";
import type { Setting } from "./question";
import type { Ground, Planted, Sabotage } from "./sabotage";
import { changedSomewhere, denied, reparametrized, trialsOfRules } from "./sabotage-place";
import type { Trial } from "./trial";

const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_MARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A spoilt pack, beside the witness. */
async function planted(
  ground: Ground,
  where: string,
  trials: readonly Trial[],
  spoil: (copy: PackCopy) => Promise<void> | void,
  set?: (setting: Setting) => Setting,
): Promise<Planted> {
  const copy = new PackCopy();
  await spoil(copy);
  const lane = await copy.start(set);
  const remove = async () => {
    await lane.stop();
    copy.dispose();
  };
  return { where, trials, lanes: [ground.witness, ground.audit, lane], remove };
}

/** The module that a build of older sources would give. */
async function compiledFrom(ground: Ground, mutant: Mutant, rules: readonly Rule[]): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-older-"));
  try {
    for (const [path, text] of ground.sources.texts) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), path === mutant.file ? mutant.text : text);
    }
    const decisions = rules.flatMap((rule) => [rule.entrypoint, exemptedEntrypoint(rule)]);
    const entrypoints = decisions.map((decision) => `--entrypoint=${decision}`);
    const capabilities = `--capabilities=${policiesPath("capabilities.json")}`;
    const words = ["build", "--target=wasm", capabilities, "--output=bundle.tar.gz", ...entrypoints, "lib", "rules"];
    await execa(ground.opa, words, { cwd: folder });
    await execa("tar", ["-xzf", "bundle.tar.gz", "/policy.wasm"], { cwd: folder });
    return readFileSync(join(folder, "policy.wasm"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const packSabotages: readonly Sabotage[] = [
  {
    name: "the pack was compiled from older rules",
    plant: async (ground, chance) => {
      const mutant = chance.one(ground.mutants);
      const rules = ground.sources.reached(mutant.file);
      const trials = trialsOfRules(ground, rules);
      const questions = trials.flatMap((trial) => trial.questions);
      if (questions.length === 0) return undefined;
      if (!(await new Mutation(ground.opa, ground.sources, questions).isTold(mutant))) return undefined;
      const wasm = await compiledFrom(ground, mutant, rules);
      const where = `${mutant.file}:${mutant.line} ${mutant.change}`;
      return planted(ground, where, trials, (copy) => copy.compiled("policy.wasm", wasm));
    },
  },
  {
    name: "the pack's module is not the one of its manifest",
    plant: async (ground, chance) => {
      const trial = chance.one(ground.trials);
      const module = readFileSync(policiesPath("compiled", "policy.wasm"));
      module.writeUInt8(module.readUInt8(module.length - 1) ^ 1, module.length - 1);
      return planted(ground, "policy.wasm", [trial], (copy) => copy.write("policies/compiled/policy.wasm", module));
    },
  },
  {
    name: "the pack does not look at a kind",
    plant: async (ground, chance) => {
      const found = await denied(ground, chance);
      if (!found) return undefined;
      const { question, trial } = found;
      const { kind } = question.object;
      return planted(ground, question.origin, [trial], (copy) => {
        const rules: Rule[] = JSON.parse(copy.read("policies/compiled/rules.json"));
        const left = rules.map((rule) =>
          rule.id === question.setting.rule.id
            ? { ...rule, match: rule.match.filter((one) => one.kind !== kind) }
            : rule,
        );
        copy.compiled("rules.json", JSON.stringify(left));
      });
    },
  },
  {
    name: "the pack has another parameter",
    plant: async (ground, chance) => {
      const change = (own: RuleSettings["parameters"]) => changedSomewhere(own, chance) as RuleSettings["parameters"];
      const found = await reparametrized(ground, chance, change);
      if (!found) return undefined;
      const set = (setting: Setting) =>
        setting.name === found.setting.name ? { ...setting, parameters: found.parameters } : setting;
      return planted(ground, found.setting.name, found.trials, () => {}, set);
    },
  },
  {
    name: "the pack has another level",
    plant: async (ground, chance) => {
      const found = await denied(ground, chance);
      if (!found) return undefined;
      const other = (setting: Setting): Setting => ({ ...setting, level: setting.level === "deny" ? "warn" : "deny" });
      return planted(ground, found.question.origin, [found.trial], () => {}, other);
    },
  },
  {
    name: "the pack does not know a mark of unknown values",
    plant: async (ground, chance) => {
      const open = ground.trials.filter(({ questions }) => questions.some(({ unknown }) => unknown.length > 0));
      const trials = chance.some(open, 40);
      return planted(ground, UNKNOWN_MARK, trials, (copy) => forget(copy, UNKNOWN_MARK));
    },
  },
  {
    name: "the pack does not know the mark of secrets",
    plant: async (ground, chance) => {
      const secret = ground.trials.filter(({ questions: [question] }) => question?.form === "secret");
      const trials = chance.some(secret, 40);
      return planted(ground, SECRET_MARK, trials, (copy) => forget(copy, SECRET_MARK));
    },
  },
];

/** The pack as it would be before an engine that marks values anew. */
function forget(copy: PackCopy, mark: string): void {
  const file = join("dist", "policies", "pack", "values.js");
  const text = copy.read(file);
  if (!text.includes(mark)) throw new Error(`${file} has no mark ${mark}`);
  copy.write(file, text.replaceAll(mark, "another mark"));
}
