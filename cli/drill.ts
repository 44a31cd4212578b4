/** `fleetwright drill`: lose something on purpose, bring it back, and say how long it took. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { packageRoot } from "../components/package-root";
import { ensureUpstream } from "../components/upstream";
import { AdmissionUnprovable } from "../lifecycle/drill/admission-pods";
import { hasAuthority } from "../lifecycle/drill/authority";
import { drill } from "../lifecycle/drill/drill";
import { historyFolder, keep, NoDrillReport, readHistory, readReport } from "../lifecycle/drill/history";
import { type DrillSubject, plannedRunbook, stackClusters } from "../lifecycle/drill/plan";
import { environmentLine, SCENARIOS, type ScenarioName } from "../lifecycle/drill/runbook";
import {
  authenticity,
  DrillKeyError,
  drillKey,
  readPublicKey,
  signed,
  signerOf,
} from "../lifecycle/drill/signed-report";
import type { Environment } from "../stacks/environment";
import { projectRoot } from "../stacks/project";
import { historyTable, planText, reportText } from "./drill-text";
import { environmentOf, environmentOption } from "./environment-option";
import { CliError, type Format, printDocument } from "./output";

interface DrillOptions {
  readonly environment: string;
  readonly stack?: string;
  readonly scenario: ScenarioName;
  readonly restore?: string | true;
  readonly seed: number;
  readonly plan?: true;
  readonly keep?: string;
  readonly list?: true;
  readonly verify?: string;
  readonly key?: string;
  readonly output: Format;
}

export function drillCommand(): Command {
  return new Command("drill")
    .summary("lose a cluster on purpose, bring it back, time it")
    .description(
      "Proves that what a rebuild needs is alive, loses something of the sandbox, brings it back by the lines of its runbook, and proves\n" +
        "that it is back: admission by real requests, a preview that finds nothing to change, nothing left over, other clusters untouched,\n" +
        "restored data younger than the drill. Keeps a signed and dated result. Outside of a sandbox it loses nothing and says the lines.\n" +
        "Exits 3 when the drill failed or took longer than those before, 5 when it is void: it could prove nothing, and nothing was lost.\n\n" +
        "  fleetwright drill east                    a cluster is lost\n" +
        "  fleetwright drill east west --restore     two are lost, and tenants' data with them\n" +
        "  fleetwright drill hub --state-lost        the state is lost, the clusters live: all is taken back, nothing restarts",
    )
    .addArgument(new Argument("[clusters...]", "clusters that are drilled"))
    .addOption(environmentOption())
    .option("--stack <name>", "Pulumi stack that holds them (default: the environment)")
    .addOption(new Option("--scenario <name>", "what is lost").choices(SCENARIOS).default("cluster-lost"))
    .addOption(new Option("--state-lost", "short for --scenario state-lost").implies({ scenario: "state-lost" }))
    .option(
      "--restore [backup]",
      "back tenants' data up before, and restore it after (default: the drill's own backup)",
    )
    .addOption(
      new Option("--seed <n>", "from which the moment comes at which interrupted-up is killed")
        .argParser(whole)
        .default(1),
    )
    .option("--plan", "say the lines that it would run, and do nothing")
    .option("--keep <folder>", "where results are kept and compared (default: .fleetwright/drills, which git ignores)")
    .option("--list", "the results that are kept")
    .option(
      "--verify <file>",
      "whether a result is as its signer wrote it; exits 3 when it is not, 5 when the signer is not known",
    )
    .option("--key <file>", "with --verify: PEM of the signer's public key (default: this user's own)")
    .action(async (clusters: string[], options: DrillOptions) => {
      if (options.verify !== undefined) return verify(options.verify, options);
      const root = projectRoot();
      const folder = resolve(options.keep ?? historyFolder(root));
      if (options.list) return list(folder, options.output);
      const environment = environmentOf(options);
      const { scenario, stack = environment.name } = options;
      const subject: DrillSubject = { root, stack, scenario, clusters };
      await ensureUpstream();
      checkSubject(environment, subject);
      return options.plan ? plan(environment, subject, options.output) : run(environment, subject, folder, options);
    });
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("must be a whole number of at most nine digits.");
  return Number(text);
}

/** Lists every fault of what was asked, and changes nothing. */
function checkSubject(environment: Environment, { clusters, root, scenario, stack }: DrillSubject): void {
  const known = stackClusters(environment, { root, stack });
  const faults = [
    ...(clusters.length === 0
      ? [{ path: "clusters", value: [], message: `name at least one of ${known.join(", ")}` }]
      : []),
    ...clusters
      .filter((cluster) => !known.includes(cluster))
      .map((cluster) => ({ path: "clusters", value: cluster, message: `stack ${stack} holds ${known.join(", ")}` })),
    ...(new Set(clusters).size < clusters.length
      ? [{ path: "clusters", value: clusters, message: "names one twice" }]
      : []),
    ...(scenario === "authority-lost" && !hasAuthority(environment)
      ? [
          {
            path: "--scenario",
            value: scenario,
            message: `${environment.file} has no components.certManager.caSecretName`,
          },
        ]
      : []),
  ];
  if (faults.length === 0) return;
  const lines = faults.map(({ message, path, value }) => `  ${path} is ${JSON.stringify(value)}: ${message}`);
  throw new CliError("DrillInvalid", ["nothing was lost.", ...lines].join("\n"), 2, faults);
}

async function run(
  environment: Environment,
  subject: DrillSubject,
  folder: string,
  options: DrillOptions,
): Promise<void> {
  if (!environment.sandbox) {
    const text = planText({ ...planned(environment, subject), loss: [] }, first(environment, subject));
    const message =
      `environment ${environment.name} is no sandbox, and a drill loses nothing that is not this machine's own. Lose the cluster by your ` +
      `own means, then type what follows (docs/how-to/drills.md):\n\n${text}`;
    throw new CliError("DrillRefused", message, 3);
  }
  const key = usable(() => drillKey());
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  const { restore, seed } = options;
  const report = await drill(environment, {
    ...subject,
    seed,
    ...(restore === undefined ? {} : { restore }),
    version,
    earlier: readHistory(folder).flatMap(({ report }) => (authenticity(report, []) === "altered" ? [] : [report])),
    tell: (line) => void process.stderr.write(`${line}\n`),
  });
  const document = signed({ apiVersion: "fleetwright/v1", kind: "DrillReport", ...report }, key);
  const file = keep(folder, document);
  if (options.output === "table") process.stdout.write(reportText(report));
  else printDocument("DrillReport", document, options.output);
  process.stderr.write(`kept, and signed by ${signerOf(document.signature)}: ${file}\n`);
  process.exitCode = { passed: 0, failed: 3, void: 5 }[report.verdict];
}

function plan(environment: Environment, subject: DrillSubject, output: Format): void {
  const runbook = planned(environment, subject);
  if (output === "table") process.stdout.write(planText(runbook, first(environment, subject)));
  else printDocument("DrillPlan", { environment: environment.name, clusters: subject.clusters, ...runbook }, output);
}

const first = ({ name }: Environment, { stack }: DrillSubject) => environmentLine({ environment: name, stack });

function planned(environment: Environment, subject: DrillSubject) {
  try {
    return plannedRunbook(environment, subject);
  } catch (error) {
    if (error instanceof AdmissionUnprovable) throw new CliError("DrillInvalid", error.message, 2);
    throw error;
  }
}

function list(folder: string, output: Format): void {
  const own = usable(() => drillKey());
  const results = readHistory(folder).map(({ file, report }) => {
    const { clusters, commit, environment, id, objects, rtoSeconds, scenario, startedAt, verdict } = report;
    const size = clusters.reduce((sum, cluster) => sum + (objects[cluster] ?? 0), 0);
    const signature = authenticity(report, [own]);
    return {
      id,
      file,
      environment,
      scenario,
      clusters,
      startedAt,
      commit,
      objects: size,
      rtoSeconds,
      verdict,
      signature,
    };
  });
  if (output === "table") process.stdout.write(historyTable(results, folder));
  else printDocument("DrillHistory", { folder, results }, output);
}

function verify(file: string, { key, output }: DrillOptions): void {
  const trusted = usable(() => (key === undefined ? drillKey() : readPublicKey(key)));
  const report = usable(() => readReport(file));
  const signature = authenticity(report, [trusted]);
  const { id, startedAt, verdict } = report;
  const signer = signature === "altered" ? undefined : signerOf(report.signature);
  if (output === "table") {
    const said = {
      valid: `${id}, ${verdict}, is as ${signer} wrote it`,
      unknown: `${id}, ${verdict}, is as ${signer} wrote it, whose key is not ${key ?? "this user's"}`,
      altered: `${id} is not as its signer wrote it`,
    }[signature];
    process.stdout.write(`${said}\n`);
  } else
    printDocument("DrillVerification", { id, startedAt, verdict, signature, ...(signer ? { signer } : {}) }, output);
  process.exitCode = { valid: 0, unknown: 5, altered: 3 }[signature];
}

/** Whatever a user can mend, as the sentence that says how. */
function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof NoDrillReport || error instanceof DrillKeyError)
      throw new CliError("DrillInvalid", error.message, 2);
    throw error;
  }
}
