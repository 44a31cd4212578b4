/** `make down`: destroys the dev environment, ends every process that `make up` started, and keeps the tools. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { sandboxStatus, stopSandbox } from "../sandbox/sandbox";
import { loadEnvironment } from "../stacks/environment";
import { instanceFolder, instanceName } from "../stacks/kubeconfig";
import { projectRoot } from "../stacks/project";
import { endWith } from "./end";
import { engineEnvironment } from "./engine-environment";
import { runEngine } from "./engine-run";
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
    await progress.step("$ pulumi destroy --yes --skip-preview", (say) =>
      runEngine({
        root,
        variables,
        words: ["destroy", "--yes", "--skip-preview"],
        onProgress: (done) => say(`${done} objects gone`),
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

endWith(makeDown);
