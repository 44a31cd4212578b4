/** What of a comment is folded away: everything, in the order in which it is left out last. */
import { code, type Folded } from "./markdown";
import {
  type Change,
  type ChangedField,
  isChange,
  type ObjectName,
  type Operation,
  type PreviewReport,
  spelt,
} from "./report";
import { destructive, refusalsOf } from "./summary";

/** The folds of a report; those without rows are left out by whoever puts the page together. */
export function commentParts({ stacks }: PreviewReport): Folded[] {
  const changes = stacks.flatMap((stack) => stack.changes);
  const policies = stacks.flatMap((stack) => stack.policies);
  const fold = (title: string, rows: readonly string[]): Folded => ({
    title,
    head: [],
    rows: rows.map((row) => `- ${row}`),
  });
  const of = (operation: Operation) => changes.filter((one) => isChange(one) && one.operation === operation);
  return [
    fold(
      "All that is refused",
      stacks
        .flatMap(refusalsOf)
        .map(
          ({ by, id, message, resource }) =>
            `${by} ${id ? code(id) : ""} ${resource ? where(resource) : "the stack"}: ${code(message, WHOLE)}`,
        ),
    ),
    fold(
      "Stacks that failed",
      stacks.flatMap(({ error, stack }) => (error === undefined ? [] : [`${code(stack)}: ${code(error, WHOLE)}`])),
    ),
    fold("All that is replaced or deleted", destructive(changes).map(detailed)),
    fold(
      "What rules say",
      policies.map(
        ({ id, message, refuses, resource, verdict }) =>
          `${refuses ? "refuses" : "warns"} ${code(id)} ${verdict} ${resource ? where(resource) : "the stack"}: ${code(message)}`,
      ),
    ),
    fold(
      "What could not be known",
      stacks.flatMap(({ notKnown, stack }) => notKnown.map((text) => `${code(stack)}: ${code(text, WHOLE)}`)),
    ),
    fold("Updated", of("update").map(detailed)),
    fold(
      "Created",
      of("create").map((one) => `${where(one)}${component(one)}`),
    ),
    fold(
      "Imported",
      of("import").map((one) => `${where(one)}${component(one)}`),
    ),
    fold(
      "What the program says",
      stacks.flatMap(({ notes, stack }) => notes.map((text) => `${code(stack)}: ${code(text, WHOLE)}`)),
    ),
    fold(
      "Exemptions that exempt nothing",
      [...new Set(stacks.flatMap(({ exemptions }) => exemptions.unused))].map((text) => code(text)),
    ),
    fold("Hidden, for it is no news", [
      ...changes.filter(({ hidden }) => hidden !== undefined).map((one) => `${where(one)}: ${one.hidden}`),
      ...stacks.flatMap(({ noise, stack }) =>
        Object.entries(noise.reasons).map(([reason, count]) => `${code(stack)}: ${count} × ${reason}`),
      ),
    ]),
    fold(
      "The same in a shell",
      stacks.map(({ command }) => code(command, WHOLE)),
    ),
  ];
}

/** Longest message in a fold. */
const WHOLE = 2_000;

/** Fields of one object that are listed. */
const MOST_FIELDS = 20;

function detailed(change: Change): string {
  const { fields, interrupts } = change;
  const more = fields.length - MOST_FIELDS;
  const parts = [...fields.slice(0, MOST_FIELDS).map(fieldText), ...(more > 0 ? [`and ${more} fields more`] : [])];
  return `**${change.operation}** ${where(change)}${component(change)}${interrupts.length > 0 ? `: ${interrupts.map((text) => code(text)).join("; ")}` : ""}${parts.length > 0 ? `; ${parts.join(", ")}` : ""}`;
}

function fieldText({ change, from, path, replaces, to }: ChangedField): string {
  const values = from === undefined && to === undefined ? "" : ` ${code(from ?? "…")} → ${code(to ?? "…")}`;
  return `${code(path)}${change === "update" ? "" : ` (${change})`}${replaces ? " **replaces**" : ""}${values}`;
}

const component = ({ component: own }: Change) => (own === undefined ? "" : ` of ${code(own)}`);

/** `hub` `Deployment shop/checkout`. */
export const where = (name: ObjectName): string =>
  `${code(name.cluster ?? "outside of clusters")} ${code(spelt(name))}`;
