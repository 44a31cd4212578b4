/** The cases of a rule as a suite of `gator verify`: Gatekeeper's own engine judges what the WASM module judges. */
import type { RuleCase } from "../cases";
import type { Rule } from "../rule";

/** Files of the suite, by name, as objects to be written as YAML. */
export type SuiteFiles = ReadonlyMap<string, object>;

/** Cases with unknown values are left out: admission sees whole objects. */
export function suite(rule: Rule, cases: readonly RuleCase[]): SuiteFiles {
  const known = cases.filter(({ unknown }) => unknown.length === 0);
  const parameters = [...new Set(known.map((one) => JSON.stringify(one.parameters)))];
  const files = new Map<string, object>();
  const tests = parameters.map((json, index) => {
    const number = index + 1;
    files.set(`constraint-${number}.yaml`, constraint(rule, JSON.parse(json)));
    return {
      name: `parameters ${number}`,
      template: `../../templates/${rule.name}.yaml`,
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
      ...(rule.parameters ? { parameters } : {}),
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
