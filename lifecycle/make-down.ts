/** `make down`: destroys the dev environment, ends every process that `make up` started, and keeps the tools. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { sandboxStatus, stopSandbox } from "../sandbox/sandbox";
import { type Environment, loadEnvironment } from "../stacks/environment";
import { instanceFolder, instanceName } from "../stacks/kubeconfig";
import { projectRoot } from "../stacks/project";
import { planDestroy } from "./destroy-plan";
import { runCures } from "./destroy-plan/cure";
import { findingLines } from "./destroy-plan/text";
import { endWith } from "./end";
import { engineEnvironment } from "./engine-environment";
import { EngineRunError, runEngine } from "./engine-run";
import { cureInterruption } from "./interrupted-run";
import { Progress } from "./progress";
import { ensureStack } from "./stack";

async function makeDown(): Promise<void> {
  const root = projectRoot();
  const progress = new Progress();
  const environment = loadEnvironment("dev");
  const sandbox = { projectRoot: root, instance: instanceName() };
  const { clusters } = await sandboxStatus(sandbox);
  if (clusters.length > 0 && clusters.every(({ ready }) => ready)) {
    const variables = engineEnvironment(environment, { root });
    await progress.step("stack", async () => {
      await ensureStack(variables, root, environment.name);
      return (await cureInterruption(environment, { root, stack: environment.name }, variables)) ?? environment.name;
    });
    await progress.step(`$ fleetwright preview --destroy -e ${environment.name}`, () =>
      clear(environment, root, variables),
    );
    await progress.step("$ pulumi destroy --yes --skip-preview", (say) =>
      runEngine({
        root,
        variables,
        words: ["destroy", "--yes", "--skip-preview"],
        onProgress: (done) => say(`${done} objects gone`),
      }).catch(async (error: unknown) => {
        throw error instanceof EngineRunError ? await explained(error, environment, root) : error;
      }),
    );
  }
  await progress.step("clusters", async (say) => {
    await stopSandbox({ ...sandbox, report: say });
    // with the clusters goes all that the state speaks of
    rmSync(join(root, instanceFolder()), { recursive: true, force: true });
    return clusters.length === 0 ? "none was running" : "ended";
  });
}

const planOf = (environment: Environment, root: string) =>
  planDestroy({ environment, stack: environment.name, clusters: Object.keys(environment.clusters) }, root);

/** Says what would hang, and ends it: the clusters are about to end, so that nobody need be asked. */
async function clear(environment: Environment, root: string, variables: ReadonlyMap<string, string>): Promise<string> {
  const { findings, steps } = await planOf(environment, root);
  const hanging = findings.filter(({ verdict }) => verdict === "hangs");
  if (hanging.length === 0) return "nothing would hang";
  for (const finding of hanging) process.stdout.write(`${findingLines(finding).join("\n")}\n`);
  const { done, failures } = await runCures(steps, { root, variables });
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  return `${hanging.length} would hang; ${done} commands of ${done + failures.length} ended that`;
}

/** The engine names what it waited for in vain, and the clusters say what that waits for. */
async function explained(error: EngineRunError, environment: Environment, root: string): Promise<Error> {
  const { findings } = await planOf(environment, root);
  const hanging = findings.filter(({ verdict }) => verdict === "hangs" || verdict === "unknown");
  return new EngineRunError([error.message, ...hanging.flatMap(findingLines)].join("\n"));
}

endWith(makeDown);
