/** The corpus: changes as data, and what becomes of an environment by them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../../components/package-root";
import { parsePath, withValue } from "../../policies/engine/path";
import { Chance } from "../conformance/chance";

const byHand = z.strictObject({
  /** Words after `kubectl`. */
  kubectl: z.string().min(1),
});

const changeSchema = z.strictObject({
  /** What changes, in a few words. */
  name: z.string().min(1),
  /** Fields of the environment by path, with their new values. */
  set: z.record(z.string(), z.unknown()).default({}),
  /** Fields that are taken out. */
  unset: z.array(z.string()).default([]),
  /** Objects of the team's own components by file, `page.js`. */
  own: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).default({}),
  /** What somebody does to the cluster before the preview. */
  byHand: z.array(byHand).default([]),
  /** What puts the cluster right again after the update. */
  after: z.array(byHand).default([]),
  /** What is wrong while the preview runs. @default nothing */
  during: z.enum(["unreachable"]).optional(),
});

export type Change = z.output<typeof changeSchema>;

/** YAML's own folder is beside the sources: compiled programs read it there. */
const file = (name: string) => readFileSync(join(packageRoot(), "proofs", "truth", name), "utf8");

/** Every change, in the order in which they follow one another. */
export const corpus = (): Change[] => z.array(changeSchema).parse(parse(file("changes.yaml"), { merge: true }));

/** The environment before any change. */
export const base = (): unknown => parse(file("base.yaml"));

/** The base with one change, and with nothing of the change before it. */
export function changed({ set, unset }: Pick<Change, "set" | "unset">, from = base()): unknown {
  const without = unset.reduce<unknown>((raw, path) => withValue(raw, parsePath(path), undefined), from);
  return Object.entries(set).reduce((raw, [path, value]) => withValue(raw, parsePath(path), value), without);
}

/** The source of a component that makes these objects. */
export const componentSource = (objects: readonly object[]): string =>
  `module.exports = { objects: () => (${JSON.stringify(objects, null, 2)}) };\n`;

/** Changes that several of the corpus make at once; those that need the cluster in a state of their own are left out. */
export function combinations(changes: readonly Change[], seed: number, count: number): Change[] {
  const chance = new Chance(`${seed} combinations`);
  const plain = changes.filter(({ after, during, own }) => after.length === 0 && !during && !("kinds.js" in own));
  return Array.from({ length: count }, () => together(chance.shuffled(plain), 3));
}

/** The first so many that touch nothing twice. */
function together(changes: readonly Change[], most: number): Change {
  const chosen: Change[] = [];
  const touched = new Set<string>();
  for (const change of changes) {
    const paths = [...Object.keys(change.set), ...change.unset, ...Object.keys(change.own)];
    const isFree = paths.every(
      (path) => ![...touched].some((other) => other.startsWith(path) || path.startsWith(other)),
    );
    if (chosen.length === most || paths.length === 0 || !isFree) continue;
    chosen.push(change);
    for (const path of paths) touched.add(path);
  }
  return {
    name: chosen.map(({ name }) => name).join(" + "),
    set: Object.assign({}, ...chosen.map(({ set }) => set)),
    unset: chosen.flatMap(({ unset }) => unset),
    own: Object.assign({}, ...chosen.map(({ own }) => own)),
    byHand: chosen.flatMap(({ byHand }) => byHand),
    after: [],
  };
}
