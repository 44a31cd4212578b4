/** F4: some leaves of an object are not known yet; and what they may turn out to be. Also: some leaves are secrets. */
import type { AnyObject } from "../../policies/engine/match";
import { type Path, printPath, valueAt, withValue } from "../../policies/engine/path";
import type { Chance } from "./chance";
import type { Question } from "./question";
import { MAPS_OF_TEXTS } from "./stored-form";

/** Most leaves of one object that are not known, or secret. */
const MOST_LEAVES = 3;
/** Most letters of a text that is taken for one that may turn out: a resource of another provider has none that are longer. */
const MOST_LETTERS = 1024;
/** Sampled objects that one with unknown leaves may turn out to be, its own original among them. */
const COMPLETIONS = 4;

/** A question that a preview cannot see whole, and questions for every lane that it may turn out to be. */
export interface Unknowing {
  readonly question: Question;
  readonly completions: readonly Question[];
}

/** Values that stand in a rule's cases, by the name of their field: what such a field may hold. */
export type Pool = ReadonlyMap<string, readonly unknown[]>;

export function poolOf(objects: readonly AnyObject[]): Pool {
  const pool = new Map<string, unknown[]>();
  for (const object of objects) {
    for (const path of leaves(object)) {
      const name = fieldOf(path);
      const values = pool.get(name) ?? [];
      pool.set(name, values);
      const value = valueAt(object, path);
      if (!values.includes(value)) values.push(value);
    }
  }
  return pool;
}

/** An authored question with leaves that are not known; undefined for an object without leaves. */
export function unknowing(question: Question, pool: Pool, chance: Chance): Unknowing | undefined {
  const { object, setting } = question;
  const all = leaves(object).filter((path) => canTurnOut(path, valueAt(object, path)));
  if (all.length === 0 || question.unknown.length > 0) return undefined;
  const count = 1 + Math.floor(chance.next() * MOST_LEAVES);
  const paths = chance.some(all, count);
  const open = filled(object, paths, () => undefined);
  const typical = setting.rule.unknown.values;
  const values = (path: Path) => {
    const original = valueAt(object, path);
    const alike = [...(pool.get(fieldOf(path)) ?? []), ...typical].filter((value) => typeof value === typeof original);
    return [undefined, original, ...alike];
  };
  const completions = Array.from({ length: COMPLETIONS }, (_, index) =>
    filled(object, paths, (path) => (index === 0 ? valueAt(object, path) : chance.one(values(path)))),
  );
  return {
    question: {
      ...question,
      id: `${question.origin}, without ${paths.map(printPath).join(" and ")}`,
      form: "unknown",
      object: open,
      unknown: paths,
    },
    completions: completions.map((completion, index) => ({
      ...question,
      id: `${question.origin}, completion ${index + 1} of ${paths.map(printPath).join(" and ")}`,
      form: "completion",
      object: completion,
    })),
  };
}

/** An authored question some of whose texts are secrets; undefined for an object without texts. */
export function keepingSecrets(question: Question, chance: Chance): Question | undefined {
  const { object } = question;
  const texts = leaves(object).filter((path) => typeof valueAt(object, path) === "string");
  if (texts.length === 0 || question.unknown.length > 0) return undefined;
  const secret = chance.some(texts, MOST_LEAVES);
  return {
    ...question,
    id: `${question.origin}, secret ${secret.map(printPath).join(" and ")}`,
    form: "secret",
    secret,
  };
}

/** Every place that holds a text, a number, a truth value; what says which kind of object it is can never be unknown. */
export function leaves(object: AnyObject): Path[] {
  const { apiVersion: _, kind: __, ...fields } = object;
  return leavesBelow(fields, []);
}

function leavesBelow(value: unknown, path: Path): Path[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([step, inner]) => leavesBelow(inner, [...path, step]));
}

/** Whether an API server could be sent it for a value that was not known: in a map of texts it takes texts alone. */
function canTurnOut(path: Path, value: unknown): boolean {
  if (typeof value === "string") return value.length <= MOST_LETTERS;
  return !MAPS_OF_TEXTS.includes(String(path.at(-2)));
}

const fieldOf = (path: Path) => String(path.findLast((step) => typeof step === "string") ?? "");

const filled = (object: AnyObject, paths: readonly Path[], value: (path: Path) => unknown) =>
  paths.reduce<unknown>((changed, path) => withValue(changed, path, value(path)), object) as AnyObject;
