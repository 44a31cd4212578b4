/** Violations as people read them: the rule, what it means here, the object, and why. */
import Table from "cli-table3";

/** One line. */
export interface ViolationLine {
  readonly id: string;
  readonly verdict: string;
  readonly level: string;
  /** `Pod shop/app`. */
  readonly resource: string;
  readonly message: string;
}

const NO_LINES = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
    .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
    .map((line) => [line, ""]),
);

/** The table and an empty line after it; nothing where there are no lines. */
export function violationTable(lines: readonly ViolationLine[]): string {
  if (lines.length === 0) return "";
  const table = new Table({
    head: ["RULE", "VERDICT", "LEVEL", "RESOURCE", "WHY"],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
    chars: { ...NO_LINES, middle: " " },
  });
  table.push(...lines.map(({ id, verdict, level, resource, message }) => [id, verdict, level, resource, message]));
  // one long reason would pad every other line to its length
  return `${table.toString().replaceAll(/ +$/gm, "")}\n\n`;
}

/** `Pod shop/app`; of an object without namespace only its name. */
export const nameOf = ({ kind, namespace, name }: { kind: string; namespace: string; name: string }) =>
  `${kind} ${[namespace, name].filter((part) => part !== "").join("/")}`;
