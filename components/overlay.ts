/**
 * What a component changes about upstream's objects: one pure function per changed object, found by kind and name.
 */
import type { KubeObject } from "./kube-object";

/** Makes the changed object from upstream's; undefined leaves the object out. */
export type Overlay = (object: KubeObject) => KubeObject | undefined;

/**
 * Applies overlays to upstream's objects and keeps their order.
 *
 * @param owner whose overlays they are, as an error starts: `gatekeeper`
 * @param overlays by `Kind/name`
 * @throws Error naming an overlay whose object upstream does not have, or has more than once
 */
export function overlaid(
  owner: string,
  objects: readonly KubeObject[],
  overlays: Readonly<Record<string, Overlay>>,
): KubeObject[] {
  const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
  for (const target of Object.keys(overlays)) {
    const count = objects.filter((object) => key(object) === target).length;
    if (count !== 1) {
      const found = count === 0 ? "does not have" : `has ${count} times`;
      throw new Error(
        `${owner}: an overlay changes ${target}, which upstream ${found}: compare it with the new version`,
      );
    }
  }
  return objects.flatMap((object) => {
    const overlay = overlays[key(object)];
    const changed = overlay ? overlay(object) : object;
    return changed === undefined ? [] : [changed];
  });
}

/** Leaves an object out. */
export const leftOut: Overlay = () => undefined;

/** Adds labels to an object; upstream's own of the same key give way. */
export function withLabels(object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}

interface Schema {
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/**
 * A CustomResourceDefinition without the prose of its schema, which is three quarters of its bytes. The bytes are sent
 * and compared on every preview and stand twice in the state of every cluster, whereas the prose is on the project's
 * own reference page. What is accepted, defaulted and printed stays the same.
 */
export function withoutDescriptions(definition: KubeObject): KubeObject {
  const known = withoutProse.get(definition);
  if (known) return known;
  const spec = definition.spec as { readonly versions: readonly { readonly schema?: { openAPIV3Schema?: Schema } }[] };
  const versions = spec.versions.map((version) => ({
    ...version,
    ...(version.schema?.openAPIV3Schema
      ? { schema: { ...version.schema, openAPIV3Schema: bare(version.schema.openAPIV3Schema) } }
      : {}),
  }));
  const made = { ...definition, spec: { ...spec, versions } };
  withoutProse.set(definition, made);
  return made;
}

/** Definitions are read once per run, and used by every cluster of a fleet. */
const withoutProse = new WeakMap<KubeObject, KubeObject>();

/** Follows only the keywords that hold schemas: a property, a default or an enum may be called `description`, too. */
function bare({ description: _, ...schema }: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      switch (keyword) {
        case "properties":
        case "patternProperties":
        case "definitions":
          return [keyword, mapValues(value as Readonly<Record<string, Schema>>, bare)];
        case "allOf":
        case "anyOf":
        case "oneOf":
          return [keyword, (value as readonly Schema[]).map(bare)];
        case "items":
        case "additionalProperties":
        case "not":
          return [keyword, typeof value === "object" ? bare(value as Schema) : value];
        default:
          return [keyword, value];
      }
    }),
  );
}

const mapValues = <In, Out>(record: Readonly<Record<string, In>>, change: (value: In) => Out): Record<string, Out> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
