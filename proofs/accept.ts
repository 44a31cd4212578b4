/**
 * `npm run accept`: whether the programs that will read the rendered configurations accept them. Each runs on exactly what
 * an environment renders, and nothing is deployed.
 */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { packageRoot } from "../components/package-root";
import { ensureUpstream } from "../components/upstream";
import { endWith } from "../lifecycle/end";
import { Progress } from "../lifecycle/progress";
import { ensureTools } from "../sandbox/toolchain/tools";
import { loadEnvironment } from "../stacks/environment";
import { amtool } from "./accept/amtool";
import { argoRollouts } from "./accept/argo-rollouts";
import { argocd } from "./accept/argocd";
import { gator } from "./accept/gator";
import { jaeger } from "./accept/jaeger";
import { judged } from "./accept/judge";
import { kubectlArgoRollouts } from "./accept/kubectl-argo-rollouts";
import { loki } from "./accept/loki";
import { otelcol } from "./accept/otelcol";
import type { Program } from "./accept/program";
import { prometheusOperator } from "./accept/prometheus-operator";
import { promtool } from "./accept/promtool";
import { promtoolSlo } from "./accept/promtool-slo";
import { linesOf } from "./accept/report";
import { thanos } from "./accept/thanos";

/** Every program, in the order in which they are told. */
export const programs: readonly Program[] = [
  otelcol,
  jaeger,
  loki,
  promtoolSlo,
  promtool,
  prometheusOperator,
  amtool,
  thanos,
  argocd,
  argoRollouts,
  kubectlArgoRollouts,
  gator,
];

interface AcceptOptions {
  readonly environment: string;
  readonly json?: string;
  readonly build: boolean;
}

async function accept({ build, environment, json }: AcceptOptions): Promise<void> {
  const progress = new Progress();
  if (build) {
    await progress.step("programs", async (say) => {
      const provisions = await ensureTools("accept", ({ message }) => say(message));
      return `${provisions.length} at hand`;
    });
  }
  await ensureUpstream();
  const report = await judged(loadEnvironment(environment, packageRoot()), programs);
  for (const line of linesOf(report)) process.stdout.write(`${line}\n`);
  const document = { apiVersion: "fleetwright/v1", kind: "AcceptReport", ...report };
  if (json) writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
  const { refused, skipped } = report.summary;
  process.exitCode = refused > 0 ? 3 : skipped > 0 ? 5 : 0;
}

if (require.main === module) {
  new Command("npm run accept --")
    .description("Lets the programs that will read the rendered configurations judge them.")
    .option("-e, --environment <name>", "name or path of the environment", "dev")
    .option("--json <file>", "also write the report there")
    .option("--no-build", "skip programs that are not on this machine, by name, instead of building them")
    .action((options: AcceptOptions) => endWith(() => accept(options)))
    .parse();
}
