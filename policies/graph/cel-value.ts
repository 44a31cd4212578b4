/**
 * What an expression of CEL comes to where some of what it reads is not known. What CEL calls an error is not known
 * either: the API server would go by the failure policy.
 */
import type { Expression } from "./cel-syntax";
import { all, not, some, type Truth } from "./truth";

/** A value that nobody knows. */
export const UNKNOWN = Symbol("unknown");

/** A value that is not there, which only `has` and optional fields may ask for. */
export const ABSENT = Symbol("absent");

/** Names that an expression may use. */
export type Names = Readonly<Record<string, unknown>>;

/** `.?field`: a value, or none. */
class Optional {
  constructor(readonly value: unknown) {}
}

/** Fields that whoever receives an object fills in; nobody knows them before. */
const FILLED_IN = new Set([
  "annotations",
  "creationTimestamp",
  "generateName",
  "managedFields",
  "name",
  "ownerReferences",
  "resourceVersion",
  "uid",
]);

/** An object of which only these fields are known: others of its metadata are absent, all else is not known. */
export class PartlyKnown {
  constructor(
    readonly fields: Readonly<Record<string, unknown>>,
    readonly isMetadata = false,
  ) {}

  get(name: string): unknown {
    const value = this.fields[name];
    if (value === undefined) return this.isMetadata && !FILLED_IN.has(name) ? ABSENT : UNKNOWN;
    if (name === "metadata" && typeof value === "object" && value !== null) return new PartlyKnown({ ...value }, true);
    return this.isMetadata || !isFields(value) ? value : new PartlyKnown({ ...value });
  }
}

export function evaluate(expression: Expression, names: Names): unknown {
  switch (expression.type) {
    case "literal":
      return expression.value;
    case "name":
      return Object.hasOwn(names, expression.name) ? names[expression.name] : UNKNOWN;
    case "list":
      return known(expression.items.map((item) => evaluate(item, names)));
    case "map":
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [String(evaluate(key, names)), evaluate(value, names)]),
      );
    case "field":
      return selected(evaluate(expression.of, names), expression.name, expression.isOptional);
    case "index":
      return selected(evaluate(expression.of, names), evaluate(expression.key, names), expression.isOptional);
    case "unary":
      return unary(expression.operator, evaluate(expression.of, names));
    case "binary":
      return binary(expression, names);
    case "choice": {
      const test = evaluate(expression.test, names);
      if (typeof test === "boolean") return evaluate(test ? expression.yes : expression.no, names);
      const [yes, no] = [evaluate(expression.yes, names), evaluate(expression.no, names)];
      return yes === no ? yes : UNKNOWN;
    }
    case "call":
      return called(expression, names);
  }
}

const known = (items: unknown[]) => (items.some((item) => item === UNKNOWN) ? UNKNOWN : items);

const isFields = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fieldOf(of: unknown, key: unknown): unknown {
  if (of === UNKNOWN || key === UNKNOWN) return UNKNOWN;
  if (of instanceof PartlyKnown) return of.get(String(key));
  if (Array.isArray(of)) return typeof key === "number" ? (of[key] ?? ABSENT) : UNKNOWN;
  return isFields(of) ? ((of as Names)[String(key)] ?? ABSENT) : ABSENT;
}

function selected(of: unknown, key: unknown, isOptional: boolean): unknown {
  const value = fieldOf(of instanceof Optional ? of.value : of, key);
  if (isOptional || of instanceof Optional) return value === UNKNOWN ? UNKNOWN : new Optional(value);
  return value === ABSENT ? UNKNOWN : value;
}

function unary(operator: string, value: unknown): unknown {
  if (operator === "!") return fromTruth(not(truthOf(value)));
  return typeof value === "number" ? -value : UNKNOWN;
}

/** A truth of CEL's; whatever is no boolean is not known. */
export const truthOf = (value: unknown): Truth => (typeof value === "boolean" ? value : undefined);

const fromTruth = (value: Truth): unknown => value ?? UNKNOWN;

function binary({ left, operator, right }: Extract<Expression, { type: "binary" }>, names: Names): unknown {
  const [one, other] = [evaluate(left, names), evaluate(right, names)];
  if (operator === "&&") return fromTruth(all(truthOf(one), truthOf(other)));
  if (operator === "||") return fromTruth(some(truthOf(one), truthOf(other)));
  if (one === UNKNOWN || other === UNKNOWN) return UNKNOWN;
  if (operator === "in") return contains(other, one);
  if (operator === "==") return equal(one, other);
  if (operator === "!=") return fromTruth(not(truthOf(equal(one, other))));
  if (operator === "+" && typeof one === "string" && typeof other === "string") return one + other;
  if (operator === "+" && Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  return typeof one === "number" && typeof other === "number" ? ofNumbers(operator, one, other) : UNKNOWN;
}

function ofNumbers(operator: string, one: number, other: number): unknown {
  if (operator === "<") return one < other;
  if (operator === "<=") return one <= other;
  if (operator === ">") return one > other;
  if (operator === ">=") return one >= other;
  return operator === "+" ? one + other : UNKNOWN;
}

function contains(whole: unknown, part: unknown): unknown {
  if (Array.isArray(whole)) return fromTruth(some(...whole.map((item) => truthOf(equal(item, part)))));
  if (whole instanceof PartlyKnown) {
    const value = whole.get(String(part));
    return value === UNKNOWN ? UNKNOWN : value !== ABSENT;
  }
  return isFields(whole) ? Object.hasOwn(whole, String(part)) : UNKNOWN;
}

function equal(one: unknown, other: unknown): unknown {
  if (one === null || other === null) return one === UNKNOWN || other === UNKNOWN ? UNKNOWN : one === other;
  if (one === UNKNOWN || other === UNKNOWN || one instanceof PartlyKnown || other instanceof PartlyKnown)
    return UNKNOWN;
  if (typeof one !== "object" || typeof other !== "object") return one === other;
  if ([one, other].some((fields) => Object.values(fields as object).includes(UNKNOWN))) return UNKNOWN;
  return JSON.stringify(one) === JSON.stringify(other);
}

function called({ given, name, of }: Extract<Expression, { type: "call" }>, names: Names): unknown {
  const [first] = given;
  if (of === undefined) {
    if (name === "has" && first?.type === "field") return has(first, names);
    if (name === "size" && first) return sizeOf(evaluate(first, names));
    if (name === "string" && first) return evaluate(first, names);
    return UNKNOWN;
  }
  const target = evaluate(of, names);
  if (name === "exists" || name === "all") return quantified(name, target, given, names);
  if (name === "size") return sizeOf(target);
  if (target instanceof Optional) {
    if (name === "hasValue") return target.value !== ABSENT;
    return name === "orValue" && first ? (target.value === ABSENT ? evaluate(first, names) : target.value) : UNKNOWN;
  }
  return first === undefined ? UNKNOWN : ofText(name, target, evaluate(first, names));
}

function has({ name, of }: Extract<Expression, { type: "field" }>, names: Names): unknown {
  const value = fieldOf(evaluate(of, names), name);
  return value === UNKNOWN ? UNKNOWN : value !== ABSENT;
}

function sizeOf(value: unknown): unknown {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isFields(value) && !(value instanceof PartlyKnown) ? Object.keys(value).length : UNKNOWN;
}

function quantified(name: "exists" | "all", target: unknown, given: readonly Expression[], names: Names): unknown {
  const [variable, test] = given;
  if (!Array.isArray(target) || variable?.type !== "name" || !test) return UNKNOWN;
  const truths = target.map((item) => truthOf(evaluate(test, { ...names, [variable.name]: item })));
  return fromTruth(name === "exists" ? some(...truths) : all(...truths));
}

function ofText(name: string, text: unknown, argument: unknown): unknown {
  if (typeof text !== "string" || typeof argument !== "string") return UNKNOWN;
  if (name === "startsWith") return text.startsWith(argument);
  if (name === "endsWith") return text.endsWith(argument);
  if (name === "contains") return text.includes(argument);
  return name === "matches" ? isMatched(text, argument) : UNKNOWN;
}

function isMatched(text: string, pattern: string): unknown {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return UNKNOWN;
  }
}
