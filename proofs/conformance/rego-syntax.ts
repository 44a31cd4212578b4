/** The syntax tree of a Rego file as `opa parse` gives it, with the place of each node in the text. */
import { execa } from "execa";

interface Located {
  readonly location?: { readonly row: number; readonly col: number; readonly text?: string };
}

/** A value, a reference, a call, a comprehension: what `value` holds depends on `type`. */
export interface Term extends Located {
  readonly type: string;
  readonly value: unknown;
}

export interface Expression extends Located {
  /** One term, a call as operator and arguments, or a declaration (`some x in xs`, `every x in xs {…}`). */
  readonly terms: Term | readonly Term[] | { readonly body?: readonly Expression[]; readonly domain?: Term };
  readonly negated?: boolean;
}

export interface RuleNode extends Located {
  readonly head: {
    readonly name?: string;
    readonly key?: Term;
    readonly value?: Term;
    readonly args?: readonly Term[];
  };
  readonly body: readonly Expression[];
  readonly else?: RuleNode;
}

/** A file with its tree. */
export interface RegoFile {
  /** Below `policies/`. */
  readonly path: string;
  readonly text: string;
  readonly rules: readonly RuleNode[];
}

/** Reads a file's tree by `opa parse`. */
export async function parseRego(opa: string, root: string, path: string, text: string): Promise<RegoFile> {
  const { stdout } = await execa(opa, ["parse", "--format=json", "--json-include=locations", path], { cwd: root });
  return { path, text, rules: (JSON.parse(stdout) as { rules?: readonly RuleNode[] }).rules ?? [] };
}

/** Where a node begins in the text; undefined for what the parser itself put in. */
export function offsetOf({ text }: RegoFile, { location }: Located): number | undefined {
  if (!location) return undefined;
  const before = text.split("\n").slice(0, location.row - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + location.col - 1;
}

/** What the parser took a node's text to be. */
export const sourceOf = ({ location }: Located): string => Buffer.from(location?.text ?? "", "base64").toString("utf8");

/**
 * Every expression of a rule, those inside of comprehensions and of `every` included. To a rule without a body the parser
 * gives one, `true`, which stands where the rule does.
 */
export function expressionsOf(rule: RuleNode): Expression[] {
  const own = rule.body.filter((expression) => !isAtStart(rule, expression)).flatMap(withInner);
  const heads = [rule.head.key, rule.head.value].flatMap((term) => (term ? innerExpressions(term) : []));
  return [...own, ...heads, ...(rule.else ? expressionsOf(rule.else) : [])];
}

const isAtStart = ({ location: rule }: RuleNode, { location }: Expression) =>
  location?.row === rule?.row && location?.col === rule?.col;

function withInner(expression: Expression): Expression[] {
  const { terms } = expression;
  if (Array.isArray(terms)) return [expression, ...terms.flatMap(innerExpressions)];
  const { body = [], domain } = terms as { body?: readonly Expression[]; domain?: Term };
  const isTerm = "type" in terms;
  return [
    expression,
    ...(isTerm ? innerExpressions(terms as Term) : []),
    ...body.flatMap(withInner),
    ...(domain ? innerExpressions(domain) : []),
    ...symbolsOf(terms).flatMap(innerExpressions),
  ];
}

/** Every term of a rule, from the outside in; keys of an object that a head gives are left out. */
export function termsOf(rule: RuleNode): Term[] {
  const { args = [], key, value } = rule.head;
  return [
    ...args.flatMap(withParts),
    ...(key ? withoutKeys(key) : []),
    ...(value ? withParts(value) : []),
    ...rule.body.flatMap(termsOfExpression),
    ...(rule.else ? termsOf(rule.else) : []),
  ];
}

function withoutKeys(term: Term): Term[] {
  if (term.type !== "object") return withParts(term);
  return (term.value as [Term, Term][]).flatMap(([, value]) => withoutKeys(value));
}

function termsOfExpression({ terms }: Expression): Term[] {
  if (Array.isArray(terms)) return terms.flatMap(withParts);
  const { body = [], domain } = terms as { body?: readonly Expression[]; domain?: Term };
  const own = "type" in terms ? withParts(terms as Term) : [];
  return [
    ...own,
    ...symbolsOf(terms).flatMap(withParts),
    ...(domain ? withParts(domain) : []),
    ...body.flatMap(termsOfExpression),
  ];
}

const symbolsOf = (terms: object): Term[] => ("symbols" in terms ? (terms.symbols as Term[]) : []);

function withParts(term: Term): Term[] {
  return [term, ...partsOf(term).flatMap(withParts), ...bodyOf(term).flatMap(termsOfExpression)];
}

function innerExpressions(term: Term): Expression[] {
  return [...bodyOf(term).flatMap(withInner), ...partsOf(term).flatMap(innerExpressions)];
}

/** The terms that a term is made of. */
function partsOf({ type, value }: Term): Term[] {
  if (type === "array" || type === "set" || type === "call" || type === "ref") return value as Term[];
  if (type === "object") return (value as [Term, Term][]).flat();
  if (!type.endsWith("comprehension")) return [];
  const { term, key, value: inner } = value as { term?: Term; key?: Term; value?: Term };
  return [term, key, inner].filter((part) => part !== undefined);
}

const bodyOf = ({ type, value }: Term): readonly Expression[] =>
  type.endsWith("comprehension") ? (value as { body: readonly Expression[] }).body : [];
