/** The cases of a rule: `cases/*.yaml`, each document an object and the verdict that the rule must come to. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { catalogue } from "./engine/catalogue";
import type { Verdict } from "./engine/judge";
import { policiesPath } from "./folder";
import type { Rule } from "./rule";

const caseSchema = z.strictObject({
  /** What the case shows, in a few words; unique within its file. */
  name: z.string().min(1),
  object: z.looseObject({ apiVersion: z.string().min(1), kind: z.string().min(1) }),
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** Field paths whose values a preview does not know; admission never sees such an object. */
  unknown: z.array(z.string().min(1)).default([]),
  expect: z.discriminatedUnion("verdict", [
    z.strictObject({ verdict: z.literal("allow") }),
    z.strictObject({ verdict: z.enum(["deny", "undetermined"]), paths: z.array(z.string().min(1)).min(1) }),
  ]),
});

/** A case, and the file that it stands in, without folder and `.yaml`. */
export interface RuleCase extends z.output<typeof caseSchema> {
  readonly file: string;
}

/**
 * Every case of a rule, files in alphabetical order.
 *
 * @param rule the name of the rule's folder
 * @throws Error naming the file and the place of the first fault
 */
export function readCases(rule: string, rules = policiesPath("rules")): RuleCase[] {
  const folder = join(rules, rule, "cases");
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  return files.flatMap((name) => readFile(join(folder, name), name.replace(/\.yaml$/, "")));
}

/** Those of a rule of the catalogue, the package's or a team's own. */
export const casesOf = (rule: Rule): RuleCase[] => readCases(rule.name, join(catalogue().folderOf(rule), "rules"));

/** Number of cases per expected verdict. */
export function countByVerdict(cases: readonly RuleCase[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => cases.filter((one) => one.expect.verdict === verdict).length;
  return { allow: count("allow"), deny: count("deny"), undetermined: count("undetermined") };
}

function readFile(path: string, file: string): RuleCase[] {
  const cases = parseAllDocuments(readFileSync(path, "utf8")).map((document, index) => {
    if (document.errors[0]) throw new Error(`${path}: ${document.errors[0].message}`);
    const parsed = caseSchema.safeParse(document.toJS());
    if (parsed.success) return { ...parsed.data, file };
    const fault = parsed.error.issues[0];
    throw new Error(`${path}: case ${index + 1}: ${fault?.path.join(".")}: ${fault?.message}`);
  });
  const twice = cases.find((one, index) => cases.findIndex(({ name }) => name === one.name) !== index);
  if (twice) throw new Error(`${path}: two cases are called "${twice.name}"`);
  return cases;
}
