/**
 * The fields of an environment file: what each means from the comment above it in the schema's source, its type, bounds
 * and default from the schema itself. Neither is written twice.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { packageRoot } from "../../components/package-root";
import { environmentSchema } from "../../stacks/environment-schema";

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
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
}

interface Comment {
  readonly meaning: string;
  readonly saidDefault: string | undefined;
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
  return inner?.properties ? [...entries, ...below(inner, key, comments)] : entries;
}

function described(path: string, schema: JsonSchema, required: boolean, comment: Comment): EnvironmentField {
  const { default: filled } = schema;
  // an object's own defaults stand at its fields
  const shown =
    filled === undefined || schema.type === "object" ? undefined : JSON.stringify(filled).replaceAll('"', "");
  return { path, type: typeOf(schema), required: required && filled === undefined, schemaDefault: shown, ...comment };
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return `list of ${schema.items ? typeOf(schema.items) : "text"}`;
  if (schema.type === "integer") return `${schema.minimum}–${schema.maximum}`;
  if (schema.type === "boolean") return "true | false";
  if (schema.type === "object") return schema.additionalProperties ? "by name" : "fields";
  return "text";
}

/** The comments of one object of the schema's source, and of the objects inside of it. */
interface Comments {
  of(field: string): { readonly comment: Comment; readonly inside: Comments };
}

/** Reads `const <name> = z.strictObject({ … })` of the schema's sources, whose constants have distinct names. */
function commentsOf(name: string): Comments {
  const constants = new Map(schemaFiles().flatMap(constantsOf));
  const read = (node: ts.Node | undefined): Comments => {
    const object = node && objectWithin(node, constants);
    return {
      of: (field) => {
        const property = object?.properties.find((candidate) => candidate.name?.getText() === field);
        const value = property && ts.isShorthandPropertyAssignment(property) ? property.name : property;
        return { comment: commentAbove(property), inside: read(value) };
      },
    };
  };
  return read(constants.get(name));
}

function schemaFiles(): string[] {
  const folder = join(packageRoot(), "stacks", "environment-schema");
  return [`${folder}.ts`, ...readdirSync(folder).map((file) => join(folder, file))];
}

function constantsOf(file: string): [string, ts.Expression][] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const declarations = source.statements.flatMap((node) =>
    ts.isVariableStatement(node) ? [...node.declarationList.declarations] : [],
  );
  return declarations.flatMap(({ initializer, name }): [string, ts.Expression][] =>
    initializer ? [[name.getText(source), initializer]] : [],
  );
}

/** The object literal that a schema expression describes, through `z.record(…)`, `.optional()` and named constants. */
function objectWithin(
  node: ts.Node,
  constants: ReadonlyMap<string, ts.Expression>,
): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node)) return node;
  if (ts.isIdentifier(node)) {
    const named = constants.get(node.text);
    return named && objectWithin(named, constants);
  }
  const parts = ts.isPropertyAssignment(node)
    ? [node.initializer]
    : ts.isCallExpression(node)
      ? [node.expression, ...[...node.arguments].reverse()]
      : ts.isPropertyAccessExpression(node)
        ? [node.expression]
        : [];
  for (const part of parts) {
    const found = objectWithin(part, constants);
    if (found && found.properties.length > 0) return found;
  }
  return undefined;
}

function commentAbove(property: ts.Node | undefined): Comment {
  const [doc] = property ? ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc) : [];
  const tag = doc?.tags?.find(({ tagName }) => tagName.text === "default");
  const text = (comment: string | ts.NodeArray<ts.JSDocComment> | undefined) =>
    (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
  const said = tag && text(tag.comment);
  return { meaning: text(doc?.comment), saidDefault: said || undefined };
}
