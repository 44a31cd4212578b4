/**
 * A preview as a comment on a pull request: what hurts first and always whole, then what is decided by, then everything
 * in folds. Words of others stand in code only.
 */

import { commentParts, where } from "./comment-parts";
import { boundedPage, cell, code, type Folded, hiddenMark } from "./markdown";
import { type Change, isChange, OPERATIONS, type Operation, type PreviewReport } from "./report";
import { destructive, refusalsOf } from "./summary";

/** Where comments go, and how long they may be there, in bytes with some to spare. */
export const LONGEST_COMMENT = { github: 65_000, gitlab: 990_000 } as const;

/** What distinguishes the comments of one pull request: a project, and what of it was asked for. */
export interface CommentScope {
  readonly project: string;
  readonly environment?: string | undefined;
  readonly stacks: readonly string[];
}

/** The line by which an earlier comment is found again. */
export function commentMark({ environment, project, stacks }: CommentScope): string {
  return hiddenMark(["fleetwright-preview", project, environment ?? "", ...[...stacks].sort()].join("\n"));
}

/** How many lines a list of the first part has at most; fewer where they would not fit into half of the comment. */
const MOST_LINES = [15, 10, 6, 3, 1];

/**
 * @param most bytes
 * @param elsewhere where everything stands, as the end of a sentence
 */
export function comment(
  report: PreviewReport,
  scope: CommentScope,
  {
    elsewhere = "`fleetwright preview` shows all of it",
    most = LONGEST_COMMENT.github,
  }: { readonly elsewhere?: string; readonly most?: number } = {},
): string {
  const firsts = MOST_LINES.map((lines) => firstPart(report, lines));
  const first = firsts.find((text) => Buffer.byteLength(text) <= most / 2) ?? (firsts.at(-1) as string);
  const parts: readonly Folded[] = commentParts(report);
  return boundedPage(`${commentMark(scope)}\n${first}`, parts, most, elsewhere);
}

function firstPart(report: PreviewReport, most: number): string {
  const { project, stacks, summary } = report;
  const refusals = stacks.flatMap(refusalsOf);
  const gone = destructive(stacks.flatMap(({ changes }) => changes));
  const open = stacks
    .flatMap(({ policies, stack }) => policies.map((one) => ({ ...one, stack })))
    .filter(({ verdict }) => verdict === "undetermined");
  const warned = stacks
    .flatMap(({ policies }) => policies)
    .filter(({ refuses, verdict }) => !refuses && verdict === "deny");
  const unknown = stacks.flatMap(({ changes }) => changes).filter((one) => isChange(one) && one.unknown.length > 0);
  const tenants = stacks.flatMap((stack) => stack.tenants);
  const exemptions = stacks.flatMap((stack) => stack.exemptions);
  return [
    `### Preview of ${code(project)}: ${verdictOf(report)}`,
    "",
    ...clusterTable(report, most),
    "",
    ...list("Replaced or deleted", gone, most, changeLine),
    ...list(
      "Tenants touched",
      tenants,
      most,
      ({ changes, cluster, destructive: taken, team, tenant }) =>
        `${code(tenant)} on ${code(cluster)}, team ${code(team || "unknown")}: ${some(changes, "change")}${taken > 0 ? `, **${taken} replaced or deleted**` : ""}`,
    ),
    ...list(
      "Refused",
      refusals,
      most,
      ({ by, id, message, resource }) =>
        `⛔ ${by === "policy" ? `rule ${code(id ?? "")}` : "the API server"} refuses ${resource ? where(resource) : "the stack"}: ${code(message)}`,
    ),
    ...list(
      "Could not be judged",
      open,
      most,
      ({ id, message, refuses, resource }) =>
        `${refuses ? "⛔ refused: " : ""}rule ${code(id)} on ${resource ? where(resource) : "the stack"}: ${code(message)}`,
    ),
    ...(warned.length > 0 ? [`**Warnings by rules**: ${warned.length}, listed below.`, ""] : []),
    ...exemptionLines(exemptions, most),
    ...list(
      "Not known before `up`",
      unknown,
      most,
      (change) =>
        `${where(change)}: ${change.unknown
          .slice(0, 5)
          .map((path) => code(path))
          .join(", ")}${change.unknown.length > 5 ? ` and ${change.unknown.length - 5} more` : ""}`,
    ),
    ...list(
      "Could not be known",
      stacks
        .flatMap(({ notKnown, stack }) => notKnown.map((text) => ({ stack, text })))
        .filter(({ text }) => !/: not known before `up`: /.test(text)),
      most,
      ({ stack, text }) => `${code(stack)}: ${code(text, 400)}`,
    ),
    ...(summary.hidden > 0
      ? [
          `${some(summary.hidden, "change")} without news ${summary.hidden === 1 ? "is" : "are"} hidden and listed below by reason.`,
          "",
        ]
      : []),
  ].join("\n");
}

/** The verdict in a word or two, which a reader looks for first. */
export function verdictOf({ stacks, summary }: PreviewReport): string {
  const { counts, failed, refused, undetermined, unreached } = summary;
  const changes = OPERATIONS.filter((one) => one !== "unchanged" && one !== "refused" && counts[one] > 0).map(
    (one) => `${counts[one]} to ${one}`,
  );
  const parts = [
    ...(refused > 0 ? [`⛔ **refused** (${refused})`] : []),
    ...(failed > 0 ? [`⛔ **${failed} of ${stacks.length} stacks could not be previewed**`] : []),
    ...(undetermined > 0 ? [`⛔ **not judged** (${undetermined})`] : []),
    changes.length > 0 ? changes.join(", ") : "no changes",
    ...(unreached > 0 ? [`${some(unreached, "cluster")} not reached`] : []),
  ];
  return parts.join(" · ");
}

const SHOWN: readonly Operation[] = ["refused", "delete", "replace", "update", "create", "unchanged"];

function clusterTable({ stacks }: PreviewReport, most: number): string[] {
  const rows = stacks.flatMap((stack) =>
    stack.clusters.length > 0
      ? stack.clusters.map((one) => ({ stack, name: cell(one.cluster), counts: one.counts, reached: one.reached }))
      : [{ stack, name: "outside of clusters", counts: stack.counts, reached: true }],
  );
  // those with most to lose first
  const weight = ({ counts, reached, stack }: (typeof rows)[number]) => [
    stack.outcome === "failed" ? 1 : 0,
    counts.refused,
    counts.delete + counts.replace,
    counts.update + counts.create,
    reached ? 0 : 1,
  ];
  rows.sort(
    (a, b) =>
      weight(b)
        .map((one, index) => one - (weight(a)[index] ?? 0))
        .find((one) => one !== 0) ?? 0,
  );
  const shown = rows.slice(0, most * 2);
  return [
    `| cluster | stack | ${SHOWN.join(" | ")} |`,
    `| --- | --- | ${SHOWN.map(() => "---:").join(" | ")} |`,
    ...shown.map(
      ({ counts, name, reached, stack }) =>
        `| ${name}${reached ? "" : " _not reached_"}${stack.outcome === "failed" ? " **failed**" : ""} | ${cell(stack.stack)} | ${SHOWN.map((one) => counts[one]).join(" | ")} |`,
    ),
    ...(rows.length > shown.length ? ["", `_and ${rows.length - shown.length} clusters more with less to lose_`] : []),
  ];
}

function exemptionLines(exemptions: readonly PreviewReport["stacks"][number]["exemptions"][], most: number): string[] {
  const [inForce, exempted] = [
    Math.max(0, ...exemptions.map((one) => one.inForce)),
    exemptions.reduce((sum, one) => sum + one.exempted, 0),
  ];
  const ending = [...new Set(exemptions.flatMap((one) => one.ending))];
  if (inForce === 0) return [];
  const line = `**Exemptions**: ${exempted} violations exempted by at most ${inForce} in force per stack${ending.length > 0 ? "; some end soon:" : "."}`;
  return [
    line,
    ...ending.slice(0, most).map((text) => `- ${code(text)}`),
    ...(ending.length > most ? [`- _and ${ending.length - most} more_`] : []),
    "",
  ];
}

function list<T>(title: string, all: readonly T[], most: number, line: (one: T) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length - most;
  return [
    `**${title}** (${all.length})`,
    ...all.slice(0, most).map((one) => `- ${line(one)}`),
    ...(more > 0 ? [`- _and ${more} more, below_`] : []),
    "",
  ];
}

/** One change in a line. */
export function changeLine(change: Change): string {
  const { component, interrupts, operation } = change;
  const of = component === undefined ? "" : ` of ${code(component)}`;
  return `**${operation}** ${where(change)}${of}${interrupts.length > 0 ? `: ${interrupts.map((text) => code(text)).join("; ")}` : ""}`;
}

const some = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
