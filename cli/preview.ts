/** `fleetwright preview`: what a change does to all stacks and clusters, for whoever decides on it. */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { projectName } from "../lifecycle/engine-state";
import { preview } from "../lifecycle/preview";
import { type CommentScope, comment, commentMark, LONGEST_COMMENT } from "../lifecycle/preview/comment";
import { CommentError } from "../lifecycle/preview/publish/comment-api";
import { upsertOnGitHub } from "../lifecycle/preview/publish/github";
import { upsertOnGitLab } from "../lifecycle/preview/publish/gitlab";
import type { PreviewReport } from "../lifecycle/preview/report";
import { exitCodeOf } from "../lifecycle/preview/summary";
import { previewText } from "../lifecycle/preview/text";
import { Progress } from "../lifecycle/progress";
import { projectRoot } from "../stacks/project";
import { CliError, type Format, printDocument } from "./output";
import { previewDestroy } from "./preview-destroy";
import { previewDrift } from "./preview-drift";
import { selectedStacks } from "./stack-selection";

/** What every kind of preview takes. */
export interface PreviewOptions {
  /** Name or path. @default every environment of the project's stacks */
  readonly environment?: string;
  /** @default every stack of these environments */
  readonly stack: readonly string[];
  /** Stacks at once, 1–16. */
  readonly parallel: number;
  /** File, or `-` for stdout. */
  readonly comment?: string;
  readonly upsert?: keyof typeof LONGEST_COMMENT;
  readonly expectNoChanges?: true;
  readonly requireClusters?: true;
  /** Whether the end of the stacks is meant, and not a change. */
  readonly destroy?: boolean;
  readonly refresh?: true;
  readonly correct?: true;
  readonly output: Format;
}

export function previewCommand(): Command {
  return new Command("preview")
    .summary("what a change does to all stacks and clusters")
    .description(
      "Previews every stack of the project and says what is interrupted, replaced and deleted, what rules and API servers refuse,\n" +
        "and what could not be known. Changes nothing. What the engine does is printed as the line that does the same.\n\n" +
        "  fleetwright preview                              all stacks of the project\n" +
        "  fleetwright preview -e prod --comment preview.md\n" +
        "  fleetwright preview --upsert github              one comment on the pull request, edited from then on\n" +
        "  fleetwright preview -e prod --refresh            what was changed by hand since it was deployed\n\n" +
        "Exits 3 when something is refused, 5 when something could not be known that must be, 7 on changes where none were expected.",
    )
    .option(
      "-e, --environment <name>",
      "only stacks of this environment: a name or a path (default: all of the project)",
    )
    .option("--stack <name>", "only this Pulumi stack; may be repeated (default: all)", collect, [])
    .option("--parallel <number>", "stacks at once, 1–16", stacksAtOnce, 2)
    .option("--comment <file>", "also write it as Markdown for a pull request; - is stdout, in place of the table")
    .addOption(
      new Option(
        "--upsert <site>",
        "write it as a comment, or edit the one that is there; site and token are the CI job's",
      ).choices(Object.keys(LONGEST_COMMENT)),
    )
    .option("--expect-no-changes", "exit 7 when something changes; what is hidden as no news does not count")
    .option("--require-clusters", "exit 5 when a cluster cannot be reached, or its admission not be asked")
    .option("--destroy", "instead: what a destroy of these stacks deletes, in which order, what will hang and why")
    .option("--refresh", "drift instead: what somebody changed in the clusters since it was deployed")
    .option("--correct", "with --refresh: put it back, by the lines that are printed, and look again")
    .action(previewStacks);
}

async function previewStacks(options: PreviewOptions): Promise<void> {
  refuseContradictions(options);
  const root = projectRoot();
  if (options.destroy) return previewDestroy(selectedStacks(root, options), root, options.output);
  if (options.refresh) return previewDrift(selectedStacks(root, options), root, options);
  const { report, scope } = await previewed(options);
  await told(report, scope, options);
  process.exitCode = exitCodeOf(report, {
    expectNoChanges: options.expectNoChanges === true,
    requireClusters: options.requireClusters === true,
  });
}

/** @throws CliError naming the words that cannot stand beside one another */
function refuseContradictions(options: PreviewOptions): void {
  const { comment, correct, destroy, expectNoChanges, output, refresh, requireClusters, upsert } = options;
  const given = {
    "--refresh": refresh,
    "--correct": correct,
    "--comment": comment,
    "--upsert": upsert,
    "--expect-no-changes": expectNoChanges,
    "--require-clusters": requireClusters,
  };
  type Word = keyof typeof given;
  const beside = (words: readonly Word[]) => words.filter((word) => given[word] !== undefined).join(", ");
  const refuse = (message: string) => {
    throw new CliError("UsageInvalid", message, 2);
  };
  if (comment === "-" && output !== "table") {
    refuse("--comment - and --output both want stdout: give the comment a file");
  }
  if (correct && !refresh) refuse("--correct goes with --refresh");
  const besideDestroy = destroy ? beside(Object.keys(given) as Word[]) : "";
  if (besideDestroy) refuse(`--destroy speaks of no change, and takes no ${besideDestroy}`);
  // drift that could not be looked for ends with 5 anyway
  const besideRefresh = refresh ? beside(["--comment", "--upsert", "--require-clusters"]) : "";
  if (besideRefresh) refuse(`--refresh speaks of no change, and takes no ${besideRefresh}`);
}

async function previewed(options: PreviewOptions): Promise<{ report: PreviewReport; scope: CommentScope }> {
  const root = projectRoot();
  const { environment, parallel, stack: asked } = options;
  const stacks = selectedStacks(root, options);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const report = await preview({ root, stacks, parallel, progress: new Progress(), signal: interrupted.signal });
    return { report, scope: { project: projectName(root), environment, stacks: asked } };
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function told(report: PreviewReport, scope: CommentScope, options: PreviewOptions): Promise<void> {
  const { comment: file, output, upsert } = options;
  if (output !== "table") printDocument("Preview", report, output);
  else if (file !== "-") process.stdout.write(previewText(report));
  if (file === undefined && upsert === undefined) return;
  const text = comment(report, scope, { most: LONGEST_COMMENT[upsert ?? "github"] });
  if (file === "-") process.stdout.write(text);
  else if (file !== undefined) writeFileSync(file, text);
  if (upsert === undefined) return;
  try {
    const site = upsert === "github" ? upsertOnGitHub : upsertOnGitLab;
    const { outcome, url } = await site(text, commentMark(scope), process.env);
    process.stderr.write(`comment ${outcome}${url ? `: ${url}` : ""}\n`);
  } catch (error) {
    // what was previewed has been told; that nobody reads it in the pull request must not pass in silence
    if (error instanceof CommentError)
      throw new CliError("CommentFailed", `the comment was not written: ${error.message}`, 4);
    throw error;
  }
}

const collect = (one: string, before: readonly string[]) => [...before, one];

function stacksAtOnce(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 16) return number;
  throw new InvalidArgumentError("must be a whole number from 1 to 16.");
}
