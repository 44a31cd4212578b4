/** A preview as a terminal shows it: the same order as the comment, without folds. */
import { plainTable } from "../fleet";
import { oneLine, visible } from "./markdown";
import {
  type Change,
  type ChangedField,
  isChange,
  OPERATIONS,
  type Operation,
  type PreviewReport,
  type StackPreview,
  spelt,
} from "./report";
import { destructive, refusalsOf } from "./summary";

/** Changed fields that are shown of one object. */
const MOST_FIELDS = 8;

export function previewText({ stacks, summary }: PreviewReport): string {
  const { counts, failed, hidden, refused, undetermined } = summary;
  const changed = OPERATIONS.map((one) => `${counts[one]} ${PAST[one]}`).join(", ");
  const end = [
    changed,
    ...(refused > 0 ? [`${refused} ${refused === 1 ? "refusal" : "refusals"}`] : []),
    ...(undetermined > 0 ? [`${undetermined} not judged and refused for that`] : []),
    ...(failed > 0 ? [`${failed} of ${stacks.length} stacks failed`] : []),
    ...(hidden > 0 ? [`${hidden} hidden as no news`] : []),
  ];
  return `${stacks.map(stackText).join("\n")}\n${end.join("; ")}\n`;
}

const PAST: Readonly<Record<Operation, string>> = {
  refused: "refused",
  delete: "to delete",
  replace: "to replace",
  update: "to update",
  create: "to create",
  import: "to import",
  unchanged: "unchanged",
};

function stackText(stack: StackPreview): string {
  const { changes, clusters, environment, error, exemptions, notKnown, notes, noise, policies, tenants } = stack;
  const shown: readonly Operation[] = ["refused", "delete", "replace", "update", "create", "unchanged"];
  const table = plainTable(
    ["cluster", ...shown, "admission"],
    clusters.map((one) => [
      one.cluster,
      ...shown.map((operation) => String(one.counts[operation])),
      one.reached ? `${one.admission.asked} asked, ${one.admission.refused} refused` : "not reached",
    ]),
  );
  const gone = destructive(changes);
  const others = changes.filter((one) => isChange(one) && !gone.includes(one) && one.operation !== "refused");
  const advice = policies.filter(({ refuses, verdict }) => !refuses || verdict === "undetermined");
  const exempt =
    exemptions.inForce === 0
      ? []
      : [
          `${exemptions.inForce} in force, ${exemptions.exempted} violations exempted`,
          ...exemptions.ending,
          ...exemptions.unused,
        ];
  return [
    `stack ${stack.stack}, environment ${environment}`,
    "",
    ...(clusters.length > 0 ? [table, ""] : []),
    ...section("Failed", error === undefined ? [] : visible(error).split("\n")),
    ...section(
      "REFUSED",
      refusalsOf(stack).map(
        ({ by, id, message, resource }) =>
          `${resource ? named(resource) : "the stack"}: ${by === "policy" ? `${id}: ` : "API server: "}${oneLine(message, 1_000)}`,
      ),
    ),
    ...section("Replaced or deleted", gone.flatMap(changeLines)),
    ...section(
      "Tenants touched",
      tenants.map(
        (one) =>
          `${one.tenant} on ${one.cluster}: ${one.changes} changes, ${one.destructive} of them replace or delete`,
      ),
    ),
    ...section(
      "Rules",
      advice.map(
        ({ id, message, refuses, resource, verdict }) =>
          `${refuses ? "REFUSED" : "warn"}  ${id}${verdict === "undetermined" ? " undetermined" : ""}  ${resource ? named(resource) : "the stack"}: ${oneLine(message, 1_000)}`,
      ),
    ),
    ...section(
      "Exemptions",
      exempt.map((line) => oneLine(line)),
    ),
    ...section(
      "Could not be known",
      notKnown.map((line) => oneLine(line, 1_000)),
    ),
    ...section("Changed", others.flatMap(changeLines)),
    ...section(
      "Said by the program",
      notes.map((line) => oneLine(line, 1_000)),
    ),
    ...section(
      "Hidden as no news",
      Object.entries(noise.reasons).map(([reason, count]) => `${count} × ${reason}`),
    ),
  ].join("\n");
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];

const named = (one: {
  readonly cluster?: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}) => oneLine(`${one.cluster ?? "-"}  ${spelt(one)}`);

function changeLines(change: Change): string[] {
  const { component, fields, interrupts, operation } = change;
  const more = fields.length - MOST_FIELDS;
  return [
    `${operation.padEnd(7)}  ${named(change)}${component ? ` (${component})` : ""}`,
    ...interrupts.map((text) => `         ! ${oneLine(text)}`),
    ...fields.slice(0, MOST_FIELDS).map((field) => `           ${fieldLine(field)}`),
    ...(more > 0 ? [`           and ${more} fields more`] : []),
  ];
}

function fieldLine({ change, from, path, replaces, to }: ChangedField): string {
  const values = from === undefined && to === undefined ? "" : `: ${oneLine(from ?? "…")} → ${oneLine(to ?? "…")}`;
  return `${change} ${oneLine(path)}${replaces ? " (replaces)" : ""}${values}`;
}
