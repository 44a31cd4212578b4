/**
 * What the values that are not known yet may turn out to be. A preview knows no value that another resource decides;
 * a rule's verdict is certain only where it is the same for every completion tried.
 */
import type { Exemption } from "../exemption";
import type { RuleSettings } from "../parameters";
import type { Completions } from "../rule";
import { type Path, printPath, withValue } from "./path";

/** Stands for "some text that no rule knows". */
const SENTINEL = "unknown-until-deployed";
/** Beyond this many unknown values of one object the verdict is left open: a bound on time, 64 × 30 evaluations ≈ 0.1 s. */
export const MOST_UNKNOWN = 64;

/** Most values of one field that are tried because they stand in it elsewhere. */
const MOST_ELSEWHERE = 8;

/**
 * The objects to try: every unknown value alike, and each alone while the others are absent; where the object's own name
 * is unknown, also as each of the objects that are exempt. Besides what the rule calls typical, an unknown value may be one
 * that the object has in a field of that name elsewhere: rules compare such fields.
 *
 * @param object without its unknown values
 * @param unknown their places
 */
export function completions(
  object: unknown,
  unknown: readonly Path[],
  rule: Completions,
  parameters: RuleSettings["parameters"],
): unknown[] {
  const named = unknown.filter(isOfName);
  const others = unknown.filter((path) => !isOfName(path));
  const exempt = named.length === 0 ? [] : (parameters.exemptions ?? []);
  return [
    ...filled(object, unknown, rule, parameters),
    ...exempt.flatMap((exemption) => filled(asExempt(object, named, exemption), others, rule, parameters)),
  ];
}

function filled(object: unknown, unknown: readonly Path[], rule: Completions, parameters: unknown): unknown[] {
  if (unknown.length === 0) return [object];
  const values = candidates(rule, parameters);
  const fill = (paths: readonly Path[], value: unknown) =>
    paths.reduce((known, path) => withValue(known, path, value), object);
  const own = unknown.map((path) => ({ path, values: elsewhere(object, path) }));
  const alike = [...values, ...own.flatMap((one) => one.values)].map((value) => fill(unknown, value));
  if (unknown.length === 1) return alike;
  const alone = own.flatMap((one) => [...values, ...one.values].map((value) => fill([one.path], value)));
  return [...alike, ...alone, ...copies(object, own)];
}

/** A place, and the values of fields of its name elsewhere in the object. */
interface Copied {
  readonly path: Path;
  readonly values: readonly unknown[];
}

/** Most objects with values that all stand elsewhere: a bound on time. */
const MOST_COPIES = 32;

/** Each place with a value from elsewhere, in every way: together they may be what another part of the object is, such as another probe. */
function copies(object: unknown, places: readonly Copied[]): unknown[] {
  const known = places.filter(({ values }) => values.length > 0);
  if (known.length < 2) return [];
  return known.reduce<unknown[]>(
    (objects, { path, values }) =>
      objects.flatMap((one) => values.map((value) => withValue(one, path, value))).slice(0, MOST_COPIES),
    [object],
  );
}

/** Most pairs of places whose values are tried together: a bound on time, 32 × 81 evaluations. */
const MOST_PAIRS = 32;
/** Up to so many places, any two are tried together with all values: a bound on time, 6 × 400 evaluations. */
const FEW_PLACES = 4;

/**
 * How much is wrong with an object at the least: the best value of each place is chosen, one place after the other, and then
 * of two places together: of any two where there are few, else of those whose fields have one name, since rules compare such
 * fields. So values are found that only together make an object right, which {@link completions} does not try.
 *
 * @param faults how much is wrong with an object
 */
export function leastFaults(
  object: unknown,
  unknown: readonly Path[],
  rule: Completions,
  parameters: unknown,
  faults: (object: unknown) => number,
): number {
  const values = candidates(rule, parameters);
  const best = unknown.reduce(
    (before, path) =>
      [...values, ...elsewhere(object, path)].reduce<{ object: unknown; faults: number }>((least, value) => {
        if (least.faults === 0) return least;
        const filled = withValue(before.object, path, value);
        const found = faults(filled);
        return found < least.faults ? { object: filled, faults: found } : least;
      }, before),
    { object, faults: faults(object) },
  );
  if (best.faults === 0) return 0;
  const areFew = unknown.length <= FEW_PLACES;
  const tried = (path: Path) => [...(areFew ? values : []), ...elsewhere(object, path)];
  const counts = pairs(unknown, areFew).flatMap(([one, other]) =>
    tried(one).flatMap((value) => {
      const filled = withValue(best.object, one, value);
      return tried(other).map((second) => () => faults(withValue(filled, other, second)));
    }),
  );
  return counts.some((count) => count() === 0) ? 0 : best.faults;
}

/** Places two by two, or only those whose fields have one name. */
const pairs = (unknown: readonly Path[], ofAnyName: boolean): [Path, Path][] =>
  unknown
    .flatMap((one, index) =>
      unknown
        .slice(index + 1)
        .flatMap((other): [Path, Path][] => (ofAnyName || fieldOf(one) === fieldOf(other) ? [[one, other]] : [])),
    )
    .slice(0, MOST_PAIRS);

/** The name of the field in which a place lies: `enum` for `spec.enum[0]`. */
const fieldOf = (path: Path) => path.findLast((step) => typeof step === "string");

/** Values that stand in fields of the same name. */
function elsewhere(object: unknown, path: Path): unknown[] {
  const name = fieldOf(path);
  const found: unknown[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, field] of Object.entries(value)) {
      if (key === name) found.push(...(typeof path.at(-1) === "number" && Array.isArray(field) ? field : [field]));
      visit(field);
    }
  };
  visit(object);
  return [...new Map(found.map((value) => [JSON.stringify(value), value])).values()].slice(0, MOST_ELSEWHERE);
}

const isOfName = (path: Path) => ["metadata", "metadata.name", "metadata.namespace"].includes(printPath(path));

/** The object by the name that an exemption knows. */
const asExempt = (object: unknown, named: readonly Path[], { name, namespace }: Exemption) =>
  named.reduce(
    (known, path) =>
      withValue(known, path, path.length === 1 ? { name, namespace } : path[1] === "name" ? name : namespace),
    object,
  );

/** Values to try in the place of an unknown one: absent, unknown text, and what the rule calls typical. */
function candidates(rule: Completions, parameters: unknown): unknown[] {
  const typical = rule.values.flatMap((value) => substitute(value, parameters));
  const shaped = rule.shape === "image" ? typical.flatMap(holdingImage) : typical;
  return [undefined, SENTINEL, ...shaped];
}

/** An image, and everything that may stand above one in a workload or a custom resource, down to it. */
function holdingImage(image: unknown): unknown[] {
  const pod = { containers: [{ name: "unknown", image }] };
  const volume = { image: { reference: image } };
  const template = { spec: pod };
  const job = { spec: { template } };
  const task = { container: { image } };
  const holder = {
    name: "unknown",
    image,
    reference: image,
    ...pod,
    spec: { ...pod, template },
    template,
    jobTemplate: job,
    job,
    provider: { job },
    metrics: [{ provider: { job } }],
    ...task,
    task,
    templates: [{ task }],
    workflow: { templates: [{ task }] },
  };
  return [image, holder, [holder], volume, [volume]];
}

/** A value with each `{place}` replaced by a string found there in the parameters: one value per combination. */
function substitute(value: unknown, parameters: unknown): unknown[] {
  const json = JSON.stringify(value);
  const place = /\{([A-Za-z][\w.*]*)\}/.exec(json);
  if (!place?.[1]) return [value];
  const found = stringsAt(parameters, place[1].split("."));
  return found.flatMap((text) => {
    const inserted = (what: string) => JSON.stringify(what).slice(1, -1);
    // "ghcr.io/acme/" is the place that "ghcr.io/acme" is: what is put behind it has one slash between
    const within = json.replaceAll(`${place[0]}/`, () => `${inserted(text.replace(/\/+$/, ""))}/`);
    return substitute(JSON.parse(within.replaceAll(place[0], () => inserted(text))), parameters);
  });
}

function stringsAt(value: unknown, [step, ...rest]: readonly string[]): string[] {
  if (typeof value === "string") return step === undefined ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  if (step === undefined)
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : Object.keys(value);
  if (step === "*") return Object.values(value).flatMap((entry) => stringsAt(entry, rest));
  return stringsAt((value as Record<string, unknown>)[step], rest);
}
