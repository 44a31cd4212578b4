/** Whether an object that does not fit the schema of its kind fits the one that the same plan gives it. */
import { isDeepStrictEqual } from "node:util";
import { valueAt } from "./property-path";

/** A definition as it is in the state, and as it will be; either may be absent. */
export interface SchemaChange {
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * Whether what the API server says against an object holds after the change as well: the schema of a field that it names is
 * then the same as now. What else may hold nobody can ask, for the API server knows the new schema only once it is there.
 *
 * @param message such as `failed to create typed patch object (shop/front; …): .spec.title: expected string, got …`
 * @param version of the kind, such as `v1`
 */
export function misfitsStill(message: string, { after, before }: SchemaChange, version: string): boolean {
  const fields = [...message.matchAll(/(?:\): |\n\s*)(\.(?:\[[^\]]*\]|[^\s:[])+): /g)].flatMap(
    ([, field]) => field ?? [],
  );
  return fields.some((field) => isDeepStrictEqual(schemaAt(before, version, field), schemaAt(after, version, field)));
}

/** The schema of a field, spelt as server-side apply spells it: `.spec.pages[0].title`, `.spec.ports[name="a"]`. */
function schemaAt(definition: Schema | undefined, version: string, field: string): unknown {
  const versions = (valueAt(definition, ["spec", "versions"]) ?? []) as readonly Schema[];
  let schema = valueAt(
    versions.find(({ name }) => name === version),
    ["schema", "openAPIV3Schema"],
  ) as Schema | undefined;
  for (const [step] of field.matchAll(/\[[^\]]*\]|\.[^.[]+/g)) {
    if (schema === undefined) return undefined;
    const inner = step.startsWith("[") ? schema.items : property(schema, step.slice(1));
    // what is not declared is kept there as it is
    if (inner === undefined && schema["x-kubernetes-preserve-unknown-fields"] === true) return "anything";
    schema = inner as Schema | undefined;
  }
  return schema;
}

const property = ({ additionalProperties, properties }: Schema, name: string): unknown =>
  valueAt(properties, [name]) ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
