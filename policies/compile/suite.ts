/** The cases of the rules as suites of `gator verify`: Gatekeeper's own engine judges what the WASM module judges. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { casesOf, type RuleCase } from "../cases";
import { catalogue } from "../engine/catalogue";
import type { Rule } from "../rule";
import { toYaml } from "./yaml";

/** Writes `<rule>/suite.yaml` and what it names for each rule; templates are copies of the committed ones. */
export function writeSuites(folder: string, rules: readonly Rule[]): void {
  for (const rule of rules) {
    const template = join(catalogue().folderOf(rule), "compiled", "templates", `${rule.name}.yaml`);
    cpSync(template, join(folder, rule.name, "template.yaml"));
    for (const [name, object] of suite(rule, casesOf(rule))) {
      const path = join(folder, rule.name, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, toYaml(object));
    }
  }
}

/** Files of a suite by name. Cases with unknown values are left out: admission sees whole objects. */
function suite(rule: Rule, cases: readonly RuleCase[]): ReadonlyMap<string, object> {
  const known = cases.filter(({ unknown }) => unknown.length === 0);
  const parameters = [...new Set(known.map((one) => JSON.stringify(one.parameters)))];
  const files = new Map<string, object>();
  const tests = parameters.map((json, index) => {
    const number = index + 1;
    files.set(`constraint-${number}.yaml`, constraint(rule, JSON.parse(json)));
    return {
      name: `parameters ${number}`,
      template: "template.yaml",
      constraint: `constraint-${number}.yaml`,
      cases: known
        .filter((one) => JSON.stringify(one.parameters) === json)
        .map((one) => {
          const object = `objects/${slug(one)}.yaml`;
          if (files.has(object))
            throw new Error(`rule ${rule.name}: case "${one.name}" is called too much like another one`);
          files.set(object, one.object);
          return { name: `${one.file}: ${one.name}`, object, assertions: assertions(one) };
        }),
    };
  });
  files.set("suite.yaml", {
    apiVersion: "test.gatekeeper.sh/v1alpha1",
    kind: "Suite",
    metadata: { name: rule.name },
    tests,
  });
  return files;
}

function constraint(rule: Rule, parameters: object): object {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: rule.kind,
    metadata: { name: rule.id.toLowerCase() },
    spec: {
      match: { kinds: rule.match.map(({ group, kind }) => ({ apiGroups: [group], kinds: [kind] })) },
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    },
  };
}

/** As many violations as there are paths, and one for each path: messages start with it. */
function assertions({ expect }: RuleCase): object[] {
  if (expect.verdict === "allow") return [{ violations: "no" }];
  const each = expect.paths.map((path) => ({ violations: 1, message: `^${path.replace(/[.[\]"]/g, "\\$&")} ` }));
  return [{ violations: expect.paths.length }, ...each];
}

function slug({ file, name }: RuleCase): string {
  return `${file}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
