/** Rules with one thing changed, as somebody might change them by mistake. */
import {
  type Expression,
  expressionsOf,
  offsetOf,
  type RegoFile,
  type RuleNode,
  sourceOf,
  type Term,
  termsOf,
} from "./rego-syntax";

export interface Mutant {
  /** The changed file, below `policies/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line as it was, without its indentation. */
  readonly source: string;
  /** `== becomes !=`. */
  readonly change: string;
  /** The whole file with the change. */
  readonly text: string;
}

/** A piece of the text, and what takes its place. */
interface Edit {
  readonly at: number;
  readonly before: string;
  readonly after: string;
  readonly change: string;
}

/** By OPA's name of the operator: how it is written, and what it becomes. */
const OPERATORS: Readonly<Record<string, readonly [string, string]>> = {
  equal: ["==", "!="],
  neq: ["!=", "=="],
  lt: ["<", ">="],
  lte: ["<=", ">"],
  gt: [">", "<="],
  gte: [">=", "<"],
  plus: ["+", "-"],
  minus: ["-", "+"],
  mul: ["*", "+"],
  div: ["/", "*"],
  or: ["|", "&"],
  and: ["&", "|"],
};

/** What declares or assigns cannot go without what comes after it. */
const DECLARING = ["assign", "eq"];

/** Every mutant of a file, in the order of its lines. */
export function mutantsOf(file: RegoFile): Mutant[] {
  const edits = file.rules.flatMap((rule) => [
    ...dropped(file, rule),
    ...expressionsOf(rule).flatMap((expression) => ofExpression(file, expression)),
    ...termsOf(rule).flatMap((term) => ofTerm(file, term)),
  ]);
  const unique = new Map(edits.map((edit) => [`${edit.at} ${edit.change}`, edit]));
  return [...unique.values()].sort((a, b) => a.at - b.at).map((edit) => mutated(file, edit));
}

function mutated({ path, text }: RegoFile, { at, before, after, change }: Edit): Mutant {
  const line = text.slice(0, at).split("\n").length;
  const source = (text.split("\n")[line - 1] ?? "").trim();
  return { file: path, line, source, change, text: text.slice(0, at) + after + text.slice(at + before.length) };
}

/** An edit where the text is what the tree says it is. */
function edit(file: RegoFile, at: number | undefined, before: string, after: string, change: string): Edit[] {
  if (at === undefined || before === "" || !file.text.startsWith(before, at)) return [];
  return [{ at, before, after, change }];
}

/** A definition less: of a rule with several, of an alternative, of a violation. */
function dropped(file: RegoFile, rule: RuleNode): Edit[] {
  return edit(file, offsetOf(file, rule), sourceOf(rule), "", "the rule is dropped");
}

function ofExpression(file: RegoFile, expression: Expression): Edit[] {
  const at = offsetOf(file, expression);
  const text = sourceOf(expression);
  const { negated, terms } = expression;
  const isCall = Array.isArray(terms);
  const operator = isCall ? nameOf(terms[0]) : "";
  const isDeclaration = (!isCall && !("type" in terms)) || DECLARING.includes(operator);
  if (isDeclaration) return [];
  const drop = edit(file, at, text, "true", "the condition is dropped");
  if (negated) return [...drop, ...edit(file, at, "not ", "", "not is dropped")];
  if (operator in OPERATORS) return [...drop, ...ofCall(file, terms as readonly Term[])];
  return [...drop, ...edit(file, at, text, `not ${text}`, "the condition is negated")];
}

function ofTerm(file: RegoFile, term: Term): Edit[] {
  const at = offsetOf(file, term);
  switch (term.type) {
    case "call":
      return ofCall(file, term.value as readonly Term[]);
    case "number":
      return edit(file, at, String(term.value), String(Number(term.value) + 1), `${term.value} is one more`);
    case "boolean":
      return edit(file, at, String(term.value), String(!term.value), `${term.value} becomes ${!term.value}`);
    case "string": {
      // what has a space is prose: it is read by people, and decides nothing
      const value = String(term.value);
      return value.includes(" ")
        ? []
        : edit(file, at, JSON.stringify(value), JSON.stringify(`${value}~`), `"${value}" is another text`);
    }
    default:
      return [];
  }
}

function ofCall(file: RegoFile, [operator, left, right]: readonly Term[]): Edit[] {
  const [written, other] = OPERATORS[nameOf(operator)] ?? [];
  const [from, to] = [left, right].map((term) => term && offsetOf(file, term));
  if (written === undefined || other === undefined || from === undefined || to === undefined) return [];
  const at = file.text.slice(0, to).lastIndexOf(written);
  return at < from ? [] : edit(file, at, written, other, `${written} becomes ${other}`);
}

/** `equal`, `internal.member_2`. */
function nameOf(operator: Term | undefined): string {
  if (operator?.type !== "ref") return "";
  return (operator.value as readonly Term[]).map(({ value }) => String(value)).join(".");
}
