/**
 * The fields of an environment file: what each means from the comment above it in the schema's source, its type, bounds
 * and default from the schema itself. Neither is written twice.
 */
import { z } from "zod";
import { environmentSchema } from "../../stacks/environment-schema";
import { type Comment, type Comments, commentsOf } from "./environment-comments";

/** One field as a reader looks it up. */
export interface EnvironmentField {
  /** `clusters.<name>.role`. */
  readonly path: string;
  /** `hub | spoke`, `text`, `1–10`. */
  readonly type: string;
  /** Whether a file without it is refused. */
  readonly required: boolean;
  /** The value that the schema fills in, as YAML writes it; undefined where it fills in none. */
  readonly schemaDefault: string | undefined;
  /** What the comment says of its default: a value, a reason, or both. */
  readonly saidDefault: string | undefined;
  /** What it means. */
  readonly meaning: string;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Every field of the schema, in its order; a record's entries are under `<name>`. */
export function environmentFields(): EnvironmentField[] {
  const schema = z.toJSONSchema(environmentSchema, { io: "input" }) as JsonSchema;
  return below(schema, "", commentsOf("environmentSchema"));
}

function below(schema: JsonSchema, prefix: string, comments: Comments): EnvironmentField[] {
  const entries = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const { comment, inside } = comments.of(name);
    return [
      described(path, field, schema.required?.includes(name) ?? false, comment),
      ...below(field, `${path}.`, inside),
    ];
  });
  const entry = schema.additionalProperties || undefined;
  const [inner, key] = entry?.properties ? [entry, `${prefix}<name>.`] : [schema.items, prefix.replace(/\.$/, "[].")];
  const nested = inner?.properties ? below(inner, key, comments) : [];
  return [...entries, ...nested, ...ofVariants(variantsOf(schema), prefix, comments)];
}

const variantsOf = ({ anyOf, oneOf }: JsonSchema) => oneOf ?? anyOf ?? [];

/** Of each variant the word by which it is chosen; none where the variants are not told apart by `kind`. */
function kindsOf(variants: readonly JsonSchema[]): string[] {
  const kinds = variants.flatMap(({ properties }) => properties?.kind?.const ?? []);
  return kinds.length === variants.length ? kinds : [];
}

/** The fields of all variants; what only some have says which those are, and what they have in common stands once. */
function ofVariants(variants: readonly JsonSchema[], prefix: string, comments: Comments): EnvironmentField[] {
  const kinds = kindsOf(variants);
  const owners = new Map<string, { readonly field: EnvironmentField; readonly kinds: string[] }>();
  for (const [index, variant] of variants.entries()) {
    for (const field of below(variant, prefix, comments.variant(index).inside)) {
      if (kinds.length > 0 && field.path === `${prefix}kind`) continue;
      const key = JSON.stringify(field);
      const known = owners.get(key) ?? { field, kinds: [] };
      owners.set(key, { field, kinds: [...known.kinds, ...kinds.slice(index, index + 1)] });
    }
  }
  const fields = [...owners.values()].map(({ field, kinds: its }) => {
    const isShared = its.length === kinds.length;
    return isShared ? field : { ...field, meaning: `With ${its.map(quoted).join(" and ")}: ${field.meaning}` };
  });
  return kinds.length > 0 ? [kindField(`${prefix}kind`, kinds, comments), ...fields] : fields;
}

const quoted = (word: string) => `\`${word}\``;

function kindField(path: string, kinds: readonly string[], comments: Comments): EnvironmentField {
  const meanings = kinds.map((kind, index) => `${quoted(kind)}: ${comments.variant(index).meaning}`);
  const type = kinds.join(" | ");
  return { path, type, required: true, schemaDefault: undefined, saidDefault: undefined, meaning: meanings.join(" ") };
}

function described(path: string, schema: JsonSchema, required: boolean, comment: Comment): EnvironmentField {
  const { default: filled } = schema;
  // an object's own defaults stand at its fields
  const shown =
    filled === undefined || schema.type === "object" ? undefined : JSON.stringify(filled).replaceAll('"', "");
  return { path, type: typeOf(schema), required: required && filled === undefined, schemaDefault: shown, ...comment };
}

function typeOf(schema: JsonSchema): string {
  const variants = variantsOf(schema);
  if (kindsOf(variants).length > 0) return "fields, by kind";
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].join(" | ");
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return `list of ${schema.items ? typeOf(schema.items) : "text"}`;
  const isBounded = schema.minimum !== undefined && schema.maximum !== undefined;
  if (schema.type === "integer" || (schema.type === "number" && isBounded)) {
    return `${schema.minimum}–${schema.maximum}`;
  }
  if (schema.type === "number") return "number";
  if (schema.type === "boolean") return "true | false";
  if (schema.type === "object") return schema.additionalProperties ? "by name" : "fields";
  return "text";
}
