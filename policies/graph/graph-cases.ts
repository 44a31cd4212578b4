/** The cases of rules over sets: each document some objects, and what the rule must find among them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Verdict } from "../engine/judge";
import { policiesPath } from "../folder";
import type { GraphRule } from "./graph-rule";
import { judgeSet } from "./judgement";
import { ObjectSet } from "./object-set";
import { type ManifestPlace, shownName } from "./set-object";

const objectSchema = z.looseObject({ apiVersion: z.string().min(1), kind: z.string().min(1) });

const graphCaseSchema = z
  .strictObject({
    /** What the case shows, in a few words; unique within its file. */
    name: z.string().min(1),
    /** Applied in the order of what they need. */
    objects: z.array(objectSchema).min(1).optional(),
    /** By file, in the order of their names: applied as kubectl does. */
    files: z.record(z.string(), z.array(objectSchema).min(1)).optional(),
    /** Whether the cluster gets nothing else. */
    whole: z.boolean().default(false),
    expect: z.discriminatedUnion("verdict", [
      z.strictObject({ verdict: z.literal("allow") }),
      z.strictObject({
        verdict: z.enum(["deny", "undetermined"]),
        /** The objects at which it is said, and in which field: `Deployment shop/web spec.replicas`. */
        on: z.array(z.string().min(1)).min(1),
        /** Parts of what is said, in any of the sentences. */
        says: z.array(z.string().min(1)).default([]),
      }),
    ]),
  })
  .refine(({ files, objects }) => (files === undefined) !== (objects === undefined), {
    message: "needs objects or files, and not both",
  });

/** A case, and the file that it stands in, without folder and `.yaml`. */
export type GraphCase = z.output<typeof graphCaseSchema> & { readonly file: string };

/**
 * Every case of a rule, files in alphabetical order.
 *
 * @throws Error naming the file and the place of the first fault
 */
export function readGraphCases({ name }: Pick<GraphRule, "name">): GraphCase[] {
  const folder = policiesPath("graph", "rules", name, "cases");
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return files.sort().flatMap((file) => readFile(join(folder, file), file.replace(/\.yaml$/, "")));
}

function readFile(path: string, file: string): GraphCase[] {
  const cases = parseAllDocuments(readFileSync(path, "utf8")).map((document, index): GraphCase => {
    if (document.errors[0]) throw new Error(`${path}: ${document.errors[0].message}`);
    const parsed = graphCaseSchema.safeParse(document.toJS());
    if (parsed.success) return { ...parsed.data, file };
    const [fault] = parsed.error.issues;
    throw new Error(`${path}: case ${index + 1}: ${fault?.path.join(".")}: ${fault?.message}`);
  });
  const twice = cases.find((one, index) => cases.findIndex(({ name }) => name === one.name) !== index);
  if (twice) throw new Error(`${path}: two cases are called "${twice.name}"`);
  return cases;
}

export function countGraphCases(cases: readonly GraphCase[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => cases.filter((one) => one.expect.verdict === verdict).length;
  return { allow: count("allow"), deny: count("deny"), undetermined: count("undetermined") };
}

/** Nothing, or how the rule's answer differs from what the case expects. */
export function wrongGraphVerdict(
  rule: GraphRule,
  { expect, files, objects = [], whole }: GraphCase,
): string | undefined {
  const named = Object.entries(files ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const placed = named.flatMap(([file, some]) =>
    some.map((object, index) => ({ object, place: { file, line: index + 1 } })),
  );
  const places: ManifestPlace[] = placed.map(({ place }) => place);
  const set = new ObjectSet(files ? placed.map(({ object }) => object) : objects, { isWhole: whole, places });
  const results = judgeSet(set, rule, { level: "deny", parameters: {} }).filter(({ verdict }) => verdict !== "allow");
  const said = results.map(({ path, resource, verdict }) => `${verdict} ${shownName(resource)} ${path}`.trim());
  const wanted = expect.verdict === "allow" ? [] : expect.on.map((on) => `${expect.verdict} ${on}`);
  if (said.sort().join("\n") !== wanted.sort().join("\n")) {
    return `said ${said.join(", ") || "allow"}, expected ${wanted.join(", ") || "allow"}`;
  }
  const sentences = results.map(({ message }) => message).join("\n");
  const unsaid = expect.verdict === "allow" ? undefined : expect.says.find((part) => !sentences.includes(part));
  return unsaid === undefined ? undefined : `does not say "${unsaid}": ${sentences}`;
}
