/**
 * prometheus-operator as a process of this machine, in place of its simulated pod: the pod's own arguments and variables, and a
 * token of the pod's ServiceAccount, so that it may do what the rendered roles allow and nothing else.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { containerEnvironment } from "../../../sandbox/host/container-environment";
import { HostProcess } from "../../../sandbox/host/host-process";
import { Identity } from "../../../sandbox/host/identity";
import { instanceAt, kubeconfigFile } from "../../../sandbox/instance";
import { claimPorts } from "../../../sandbox/ports";

export interface RunningOperator {
  /** What it tells of itself at the moment. */
  readonly metrics: () => Promise<string>;
  /** Lines that it has printed so far. */
  readonly log: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * Starts it for the pod that the Deployment has made, and waits until it answers.
 *
 * @param program absolute path
 * @param projectRoot of a sandbox that runs
 */
export async function startOperator(program: string, projectRoot: string, cluster: string): Promise<RunningOperator> {
  const instance = instanceAt(projectRoot);
  const folder = join(instance.folder, "prometheus-operator");
  const admin = new KubeConfig();
  admin.loadFromFile(kubeconfigFile(instance));
  admin.setCurrentContext(cluster);
  const { items } = await admin
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: "prometheus", labelSelector: "app.kubernetes.io/name=prometheus-operator" });
  const [pod] = items;
  const [container] = pod?.spec?.containers ?? [];
  if (!pod || !container) throw new Error("the Deployment prometheus-operator has no pod");

  const identity = new Identity(folder, admin);
  await identity.assume(pod);
  const [port] = await claimPorts(instance.folder, 1);
  const url = `http://127.0.0.1:${port}`;
  const operator = new HostProcess(folder);
  await operator.start({
    program,
    args: [...(container.args ?? []), `--web.listen-address=127.0.0.1:${port}`],
    env: { ...containerEnvironment(pod, container), KUBECONFIG: identity.kubeconfig },
    healthUrl: `${url}/healthz`,
  });
  const log = () => readFileSync(operator.log, "utf8").split("\n");
  for (const deadline = Date.now() + 30_000; !operator.ready; await sleep(200)) {
    if (operator.pid === undefined || Date.now() > deadline) {
      await operator.stop();
      throw new Error(`prometheus-operator does not answer:\n${log().join("\n")}`);
    }
    await operator.checkHealth();
  }
  return {
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    log,
    stop: () => operator.stop(),
  };
}
