/**
 * `make up`: shows the platform before it builds it, then brings it up on this machine. All that it runs through the
 * engine it prints as a line that does the same after `eval "$(bin/fleetwright env dev)"`.
 */
import { proofLevels } from "../components/proof-levels";
import { ensureUpstream } from "../components/upstream";
import { startSandbox } from "../sandbox/sandbox";
import { ensureTools } from "../sandbox/toolchain/tools";
import { type Environment, loadEnvironment } from "../stacks/environment";
import { instanceName } from "../stacks/kubeconfig";
import { projectRoot } from "../stacks/project";
import { renderedFiles } from "../stacks/render";
import { type CredentialResult, issueCredentials, prepareSandboxSecrets } from "./credentials";
import { platformUrn } from "./drill/runbook";
import { endWith } from "./end";
import { engineEnvironment } from "./engine-environment";
import { EngineRunError, isStarved, runEngine } from "./engine-run";
import { projectName } from "./engine-state";
import { countByCluster, fleetRows, fleetTable, plainTable } from "./fleet";
import { cureInterruption } from "./interrupted-run";
import { type Judgement, judgeEnvironment, shortViolationLines, violationLines } from "./judgement";
import { lostClusters } from "./lost-clusters";
import { Progress, seconds } from "./progress";
import { readiness } from "./readiness";
import { ensureStack } from "./stack";

async function makeUp(): Promise<void> {
  const started = Date.now();
  const root = projectRoot();
  const progress = new Progress();
  const environment = loadEnvironment("dev");
  const { counts, judgement } = await show(environment, progress);
  await progress.step("tools", async (say) => {
    const provisions = await ensureTools("core", ({ message }) => say(message));
    const made = provisions.filter(({ origin }) => origin !== "cache").length;
    return made === 0 ? `all ${provisions.length} from the cache` : `${made} of ${provisions.length} installed`;
  });
  await progress.step("clusters", async (say) => {
    const { clusters } = await startSandbox({
      projectRoot: root,
      instance: instanceName(),
      report: say,
      clusters: placesOf(environment),
    });
    return clusters.map(({ name }) => name).join(", ");
  });
  const variables = engineEnvironment(environment, { root });
  await progress.step("stack", async () => {
    await ensureStack(variables, root, environment.name);
    return (await cureInterruption(environment, { root, stack: environment.name }, variables)) ?? environment.name;
  });
  await progress.step("secrets", async () => countOutcomes(await prepareSandboxSecrets(environment, root)));
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lost = await lostClusters(environment, { root, stack: environment.name });
  if (lost.length > 0) {
    const urns = lost.map((name) => platformUrn({ project: projectName(root), stack: environment.name }, name));
    const striking = ["state", "delete", "--yes", "--target-dependents"];
    await progress.step(`$ pulumi ${[...striking, ...urns.map((urn) => `'${urn}'`)].join(" ")}`, async () => {
      await runEngine({ root, variables, words: [...striking, ...urns] });
      return `${lost.join(", ")} ${lost.length === 1 ? "was" : "were"} lost, empty again`;
    });
  }
  const words = ["up", "--yes", "--skip-preview"];
  await progress.step(`$ pulumi ${words.join(" ")}`, async (say) => {
    const run = { root, variables, words, onProgress: (done: number) => say(`${done} of ${total} objects`) };
    try {
      return await runEngine(run);
    } catch (error) {
      if (!(error instanceof EngineRunError) || !isStarved(error)) throw error;
      say("an API server took too long over a request; the same once more");
      return await runEngine(run);
    }
  });
  await progress.step(`$ fleetwright credentials issue -e ${environment.name}`, async () => {
    return countOutcomes(await issueCredentials(environment, { root }));
  });
  await progress.step("doctor", async () => {
    const { checks, states } = await readiness(environment, root);
    const missing = checks.filter(({ ok }) => !ok);
    process.stdout.write(`\n${fleetTable(fleetRows(environment, counts, states))}\n`);
    return missing.length === 0 ? "all there" : missing.map(({ name, message }) => `${name}: ${message}`).join("; ");
  });
  process.stdout.write(summary(environment, judgement, Date.now() - started));
}

/** The environment, checked, rendered and judged, before a single tool is built. */
async function show(
  environment: Environment,
  progress: Progress,
): Promise<{ counts: Record<string, number>; judgement: Judgement }> {
  let counts: Record<string, number> = {};
  let judgement: Judgement = { objects: 0, violations: [], refused: 0, exempted: 0, ended: [] };
  await progress.step(
    "environment",
    async () => `${environment.file}, ${Object.keys(environment.clusters).length} clusters`,
  );
  await progress.step("upstream manifests", async () => {
    await ensureUpstream();
    return "as upstream.lock.yaml pins them";
  });
  await progress.step("render", async () => {
    const files = renderedFiles(environment);
    counts = countByCluster(files);
    return `${files.reduce((sum, { objects }) => sum + objects, 0)} objects`;
  });
  await progress.step("rules", async () => {
    judgement = judgeEnvironment(environment);
    const { exempted, refused, violations } = judgement;
    return `${violations.length} violations, of which ${refused} refuse; ${exempted} exempted`;
  });
  process.stdout.write(`\n${fleetTable(fleetRows(environment, counts))}\n\n`);
  if (judgement.refused > 0 || judgement.ended.length > 0) {
    const lines = [...judgement.ended, ...violationLines(judgement.violations)];
    throw new Error(`the rules refuse this environment:\n${lines.join("\n")}`);
  }
  return { counts, judgement };
}

/** `3 issued, 1 kept`; and what went wrong with the others. */
function countOutcomes(results: readonly CredentialResult[]): string {
  const outcomes = [...new Set(results.map(({ outcome }) => outcome))];
  const counts = outcomes.map((one) => `${results.filter(({ outcome }) => outcome === one).length} ${one}`);
  const wrong = results.flatMap(({ message, name, outcome }) =>
    outcome === "failed" || outcome === "incomplete" ? [`${name}: ${message}`] : [],
  );
  return [counts.join(", ") || "none needed", ...wrong].join("; ");
}

/** The sandbox's clusters get the regions and zones of the environment. */
function placesOf({ clusters }: Environment) {
  return Object.entries(clusters).map(([name, { region, zones }]) => ({ name, region, zones }));
}

function summary(environment: Environment, { violations }: Judgement, milliseconds: number): string {
  const proofs = Object.entries(proofLevels(environment.sandbox?.withoutController));
  return [
    "",
    "Not proved here",
    plainTable(
      ["component", "proved at level", "but not"],
      proofs.map(([component, { level, notProved }]) => [component, level, notProved.what]),
    ),
    "",
    `Violations: ${violations.length === 0 ? "none" : ""}`,
    ...shortViolationLines(violations).map((line) => `  ${line}`),
    "",
    `Up in ${seconds(milliseconds)}. What to type next:`,
    "",
    `  eval "$(bin/fleetwright env ${environment.name})"     plain pulumi and kubectl, as this command used them`,
    "  pulumi preview                          finds nothing to change",
    `  bin/fleetwright policy check -e ${environment.name} -f examples/refused.yaml`,
    "                                          a Pod that is refused, and why",
    "  kubectl --context hub apply -f examples/refused.yaml",
    "                                          the same, refused by the API server",
    "  make down                               destroys it all again",
    "",
  ].join("\n");
}

endWith(makeUp);
