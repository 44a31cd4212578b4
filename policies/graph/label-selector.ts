/** Label selectors, asked about labels of which some may not be known. */
import { at, fieldsOf, listOf, stringsOf, textOf, textsOf } from "./field";
import { all, not, type Truth } from "./truth";

/** Labels, and whether there are no others. */
export interface KnownLabels {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether a label that is not listed is absent; else nobody knows. */
  readonly isComplete: boolean;
  /** Keys that are surely there as well, with values that nobody knows. @default none */
  readonly added?: ReadonlySet<string>;
}

/** Labels of which nothing is known but these. */
export const partly = (labels: KnownLabels["labels"] = {}): KnownLabels => ({ labels, isComplete: false });

export const exactly = (labels: KnownLabels["labels"] = {}): KnownLabels => ({ labels, isComplete: true });

/** The same labels, taken to be all. */
export const onlyThese = (known: KnownLabels): KnownLabels => ({ ...known, isComplete: true });

/** @param selector as in the API; absent or empty selects everything */
export function selects(selector: unknown, known: KnownLabels): Truth {
  const equal = Object.entries(stringsOf(at(selector, "matchLabels"))).map(([key, value]) => isIn(known, key, [value]));
  const expressions = listOf(at(selector, "matchExpressions")).map((expression) => meets(expression, known));
  return all(...equal, ...expressions);
}

/** Whether a selector asks for nothing. */
export function selectsEverything(selector: unknown): boolean {
  const { matchExpressions, matchLabels } = fieldsOf(selector);
  return listOf(matchExpressions).length === 0 && Object.keys(fieldsOf(matchLabels)).length === 0;
}

function meets(expression: unknown, known: KnownLabels): Truth {
  const { key, operator, values } = fieldsOf(expression);
  const label = textOf(key) ?? "";
  switch (operator) {
    case "In":
      return isIn(known, label, textsOf(values));
    case "NotIn":
      return not(isIn(known, label, textsOf(values)));
    case "Exists":
      return exists(known, label);
    case "DoesNotExist":
      return not(exists(known, label));
    default:
      return undefined;
  }
}

function exists({ added, isComplete, labels }: KnownLabels, key: string): Truth {
  return Object.hasOwn(labels, key) || added?.has(key) || (isComplete ? false : undefined);
}

function isIn(known: KnownLabels, key: string, values: readonly string[]): Truth {
  if (known.added?.has(key)) return undefined;
  const value = known.labels[key];
  return value === undefined ? (known.isComplete ? false : undefined) : values.includes(value);
}
