/** A rule over a set of objects, and what it finds. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { policiesPath } from "../folder";
import { levelSchema, ruleIdSchema } from "../parameters";
import { GRAPH_FAMILY } from "./graph-family";
import type { ObjectSet } from "./object-set";
import type { SetObject } from "./set-object";

/** `rules/<name>/meta.yaml`. */
const graphRuleMetaSchema = z.strictObject({
  id: ruleIdSchema.startsWith(`${GRAPH_FAMILY}-`),
  /** What holds where the rule holds, as a sentence. */
  title: z.string().min(1),
  /** Why it matters and how to comply. */
  description: z.string().min(1),
  severity: z.enum(["low", "medium", "high", "critical"]),
  /** By an environment's purpose. @default dev: that of prod */
  levels: z.strictObject({ prod: levelSchema, dev: levelSchema.optional() }),
  /** Where it judges: `check` is `policy check` and `make up`, `preview` the policy pack once a stack was shown to it. */
  points: z.array(z.enum(["check", "preview"])).min(1),
  /** Where the rule comes from: pages that a reader can open. */
  sources: z.array(z.string().min(1)).min(1),
});

/** What a rule looks at, and what it finds there. */
export interface GraphJudge {
  /** For people: `webhook configurations`. */
  readonly subject: string;
  readonly looksAt: (set: ObjectSet) => readonly SetObject[];
  readonly find: (set: ObjectSet) => readonly GraphFinding[];
}

export type GraphRule = z.output<typeof graphRuleMetaSchema> & GraphJudge & { readonly name: string };

export interface GraphFinding {
  readonly on: SetObject;
  /** `absent`: a denial where what is missing is nowhere; else it may be among objects that were not given, or made by an installer. */
  readonly verdict: "deny" | "undetermined" | "absent";
  /** Field of the object; `""`: the object as a whole. */
  readonly path: string;
  /** Of what is `absent`: those that may make it. @default every installer but the object itself */
  readonly makers?: readonly SetObject[];
  /** Objects of which the same is true, and which get no result of their own. @default none */
  readonly alike?: readonly SetObject[];
  /** A sentence; where it has a path it begins with it. */
  readonly message: string;
}

/** @throws Error naming the rule and the field that is wrong */
export function readGraphRule(name: string, judge: GraphJudge): GraphRule {
  const file = policiesPath("graph", "rules", name, "meta.yaml");
  const meta = graphRuleMetaSchema.safeParse(parse(readFileSync(file, "utf8")));
  if (meta.success) return { ...meta.data, ...judge, name };
  const faults = meta.error.issues.map(({ message, path }) => `${path.join(".") || "meta.yaml"}: ${message}`);
  throw new Error(`rule ${name}: ${faults.join("; ")}`);
}
