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

/**
 * The objects to try: every unknown value alike, and each alone while the others are absent; where the object's own name
 * is unknown, also as each of the objects that are exempt.
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
  const alike = values.map((value) => fill(unknown, value));
  if (unknown.length === 1) return alike;
  return [...alike, ...unknown.flatMap((path) => values.map((value) => fill([path], value)))];
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
    const inserted = JSON.stringify(text).slice(1, -1);
    return substitute(JSON.parse(json.replaceAll(place[0], () => inserted)), parameters);
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
