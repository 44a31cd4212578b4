/** `promtool test rules` on the rules of every objective, with tests that are reckoned from the objective itself. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { sloRuleName } from "../../components/slo";
import { ruleTests } from "../../components/slo/rule-tests";
import { slosOn } from "../../stacks/slo-args";
import { type FileVerdict, type Program, sentenceOf } from "./program";

/** What was said of groups of rules: those of one objective are the same in each cluster, and days are simulated. */
const heard = new Map<string, { readonly message?: string }>();

/** Judges what is rendered: an objective whose rules are not among the objects is refused. */
export const promtoolSlo: Program = {
  tool: "promtool",
  image: "prometheus",
  judge: async (path, { environment, name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    const rendered = objects.filter(({ kind }) => kind === "PrometheusRule");
    if (rendered.length === 0) return verdicts;
    for (const slo of slosOn(environment, name)) {
      const rules = rendered.find(({ metadata }) => metadata.name === sloRuleName(slo));
      const file = `${name}/slo/${slo.name}`;
      if (!rules) {
        verdicts.push({ file, message: "no PrometheusRule of this objective is rendered" });
        continue;
      }
      const groups = stringify({ groups: groupsOf(rules) });
      const known = heard.get(groups);
      if (known !== undefined) {
        verdicts.push({ file, ...known });
        continue;
      }
      const ruleFile = `${slo.name}.rules.yaml`;
      const testFile = join(folder, `${slo.name}.tests.yaml`);
      writeFileSync(join(folder, ruleFile), groups);
      writeFileSync(
        testFile,
        stringify(ruleTests(slo, ruleFile, environment.alerts.runbookBaseUrl), { aliasDuplicateObjects: false }),
      );
      const { all, failed } = await execa(path, ["test", "rules", testFile], { all: true, reject: false });
      const said = failed ? { message: sentenceOf(all) } : {};
      heard.set(groups, said);
      verdicts.push({ file, ...said });
    }
    return verdicts;
  },
};

const groupsOf = ({ spec }: KubeObject) => (spec as { readonly groups: readonly object[] }).groups;
