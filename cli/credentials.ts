/** `fleetwright credentials`: what lets clusters into one another, without ever showing it. */
import Table from "cli-table3";
import { Argument, Command, Option } from "commander";
import { ensureUpstream } from "../components/upstream";
import { type CredentialResult, issueCredentials, rotateCredentials } from "../lifecycle/credentials";
import { CredentialsInvalid, StoreUnavailable } from "../lifecycle/credentials/credentials-error";
import { listCredentials } from "../lifecycle/credentials/list";
import type { Environment } from "../stacks/environment";
import { projectRoot } from "../stacks/project";
import { environmentOf, environmentOption } from "./environment-option";
import { CliError, type Format, printDocument } from "./output";

export function credentialsCommand(): Command {
  return new Command("credentials")
    .summary("what lets clusters into one another: made, renewed, listed")
    .description(
      "Keeps the secret store of an environment: tokens by which its clusters read one another, bounded in time; the CA that they\n" +
        "share; random passwords. Values go into the store and from there into clusters; none is ever shown.",
    )
    .addCommand(worker("issue", "make what is missing or nearly over", "all", issueCredentials))
    .addCommand(worker("rotate", "make anew, hand over, then let the old ones go", "all tokens", rotateCredentials))
    .addCommand(listCommand());
}

interface WorkOptions {
  readonly environment: string;
  readonly lifetimeHours?: number;
  readonly graceSeconds?: number;
  readonly output: Format;
}

const DETAILS = {
  issue:
    "Makes every credential that the store lacks, and renews tokens with less than a third of their time left or that their cluster\n" +
    "does not take any more. Run again, it changes nothing; run daily, no token ever ends.",
  rotate:
    "Makes new tokens, puts them into the store, waits until every cluster that reads them holds them, and only then lets the old\n" +
    "ones go: from then on the API server refuses them. Where a cluster cannot be reached the old ones stay valid.",
} as const;

function worker(verb: "issue" | "rotate", summary: string, all: string, action: typeof issueCredentials): Command {
  return new Command(verb)
    .summary(summary)
    .description(`${DETAILS[verb]}\nExit codes: 0 done, 2 bad input, 4 a cluster or the store does not answer.`)
    .addArgument(new Argument("[names...]", "credentials, as `list` names them").default([], all))
    .addOption(environmentOption())
    .addOption(
      new Option("--lifetime-hours <n>", "how long new tokens are valid, 1–720 (default: the environment's)").argParser(
        Number,
      ),
    )
    .addOption(
      new Option(
        "--grace-seconds <n>",
        "how long old tokens stay valid beside the new ones, 0–3600 (default: 30)",
      ).argParser(Number),
    )
    .action(async (names: string[], { output, ...options }: WorkOptions) => {
      const environment = await prepared(options);
      const { graceSeconds, lifetimeHours } = options;
      const asked = { root: projectRoot(), names, graceSeconds, lifetimeHours };
      const results = await sentences(() => action(environment, asked));
      const summary = { issued: 0, renewed: 0, kept: 0, missing: 0, incomplete: 0, failed: 0 };
      for (const { outcome } of results) summary[outcome]++;
      if (output === "table") printResults(results);
      else printDocument("CredentialReport", { environment: environment.name, verb, results, summary }, output);
      if (summary.failed + summary.incomplete > 0) process.exitCode = 4;
    });
}

function listCommand(): Command {
  return new Command("list")
    .summary("what there is, for what, until when; never a value")
    .description("Reads the store and asks no cluster. Exits 0 whatever is missing; `issue` makes it.")
    .addOption(environmentOption())
    .action(async ({ output, ...options }: { environment: string; output: Format }) => {
      const environment = await prepared(options);
      const credentials = await sentences(() => listCredentials(environment, projectRoot()));
      const summary = { valid: 0, due: 0, expired: 0, missing: 0 };
      for (const { state } of credentials) summary[state]++;
      if (output !== "table") {
        printDocument("CredentialList", { environment: environment.name, credentials, summary }, output);
        return;
      }
      const table = new Table({
        head: ["credential", "of cluster", "state", "issued", "expires", "held by"],
        style: { head: [], border: [] },
      });
      for (const { cluster, consumers, expires, issued, name, state } of credentials) {
        table.push([name, cluster ?? "all", state, shown(issued), shown(expires), consumers.join("\n")]);
      }
      process.stdout.write(`${table.toString()}\n`);
    });
}

async function prepared(options: { environment: string }): Promise<Environment> {
  const environment = environmentOf(options);
  await ensureUpstream();
  return environment;
}

/** Whatever a user can mend, as the sentence that says how. */
async function sentences<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof CredentialsInvalid) throw new CliError("CredentialsInvalid", error.message, 2, error.faults);
    if (error instanceof StoreUnavailable) throw new CliError("StoreUnavailable", error.message, 4);
    throw error;
  }
}

function printResults(results: readonly CredentialResult[]): void {
  const table = new Table({ head: ["credential", "outcome", "issued", "expires"], style: { head: [], border: [] } });
  for (const { expires, issued, name, outcome } of results) table.push([name, outcome, shown(issued), shown(expires)]);
  process.stdout.write(`${table.toString()}\n`);
  for (const { message, name } of results) if (message) process.stderr.write(`${name}: ${message}\n`);
}

/** `2026-11-21 17:00`, in UTC. */
const shown = (time: string | undefined) => time?.slice(0, 16).replace("T", " ") ?? "";
