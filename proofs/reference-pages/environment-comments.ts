/** What the sources of the environment's schema say of its fields: the comment above each, found by its place. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../components/package-root";

export interface Comment {
  readonly meaning: string;
  readonly saidDefault: string | undefined;
}

/** The comments of one object of the schema's source, and of the objects inside of it. */
export interface Comments {
  of(field: string): { readonly comment: Comment; readonly inside: Comments };
  /** One of the objects that may stand there: what it is, as the comment above it or above its `kind` says. */
  variant(index: number): { readonly meaning: string; readonly inside: Comments };
}

type Constants = ReadonlyMap<string, ts.Expression>;

/** Reads `const <name> = z.strictObject({ … })` of the schema's sources, whose constants have distinct names. */
export function commentsOf(name: string): Comments {
  const constants = new Map(schemaFiles().flatMap(constantsOf));
  const read = (node: ts.Node | undefined): Comments => {
    const object = node && within(node, constants, filledObject);
    return {
      of: (field) => {
        const property = object && propertyOf(object, field, constants);
        const value = property && ts.isShorthandPropertyAssignment(property) ? property.name : property;
        return { comment: commentAbove(property), inside: read(value) };
      },
      variant: (index) => {
        const variant = node && within(node, constants, unionOf)?.elements[index];
        const inside = read(variant);
        return { meaning: inside.of("kind").comment.meaning || (variant ? textAbove(variant) : ""), inside };
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

/** What a schema expression is made of, through `z.record(…)`, `.optional()` and named constants. */
function within<T>(node: ts.Node, constants: Constants, pick: (node: ts.Node) => T | undefined): T | undefined {
  const picked = pick(node);
  if (picked) return picked;
  if (ts.isIdentifier(node)) {
    const named = constants.get(node.text);
    return named && within(named, constants, pick);
  }
  const parts = ts.isPropertyAssignment(node)
    ? [node.initializer]
    : ts.isCallExpression(node)
      ? [node.expression, ...[...node.arguments].reverse()]
      : ts.isPropertyAccessExpression(node)
        ? [node.expression]
        : [];
  for (const part of parts) {
    const found = within(part, constants, pick);
    if (found) return found;
  }
  return undefined;
}

/** The object literal of `z.strictObject({ … })`. */
const filledObject = (node: ts.Node) =>
  ts.isObjectLiteralExpression(node) && node.properties.length > 0 ? node : undefined;

/** The list of `z.union([…])` and of `z.discriminatedUnion("kind", […])`. */
function unionOf(node: ts.Node): ts.ArrayLiteralExpression | undefined {
  const isUnion = ts.isCallExpression(node) && /^z\s*\.(union|discriminatedUnion)$/.test(node.expression.getText());
  return isUnion ? node.arguments.find(ts.isArrayLiteralExpression) : undefined;
}

/** A property of an object literal, or of a constant that it spreads. */
function propertyOf(
  object: ts.ObjectLiteralExpression,
  field: string,
  constants: Constants,
): ts.ObjectLiteralElementLike | undefined {
  for (const property of object.properties) {
    if (property.name?.getText() === field) return property;
    const spread = ts.isSpreadAssignment(property) && within(property.expression, constants, filledObject);
    const found = spread ? propertyOf(spread, field, constants) : undefined;
    if (found) return found;
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

/** The comment above an element of a list, to which the compiler attaches none. */
function textAbove(node: ts.Node): string {
  const source = node.getSourceFile().text;
  const range = ts.getLeadingCommentRanges(source, node.getFullStart())?.at(-1);
  const comment = range ? source.slice(range.pos, range.end) : "";
  return comment
    .replace(/^\/\*\*|\*\/$|^\s*\*/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
