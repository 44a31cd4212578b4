/**
 * Argo Rollouts' controller as a process of this machine, in place of a simulated pod: with the arguments and variables of
 * that pod, and as its ServiceAccount, by a token that the API server made out to the pod.
 */
import { readFileSync } from "node:fs";
import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { hostArguments } from "../../../sandbox/host/command-line";
import { containerEnvironment } from "../../../sandbox/host/container-environment";
import { HostProcess } from "../../../sandbox/host/host-process";
import { Identity } from "../../../sandbox/host/identity";
import type { HostProgram } from "../../../sandbox/host-programs";

const place: HostProgram = {
  name: "argo-rollouts",
  tool: "argo-rollouts",
  namespace: "argo-rollouts",
  deployment: "argo-rollouts",
  container: "controller",
  listeners: [],
  health: { listener: "", path: "" },
  flags: ({ kubeconfig }) => ({
    "--kubeconfig": kubeconfig,
    // both would listen on every address; no such port exists, so that neither listens and the program goes on
    "--metricsPort": "-1",
    "--healthzPort": "-1",
  }),
};

export class RunningController {
  private constructor(private readonly process: HostProcess) {}

  /** @param folder its own; holds its kubeconfig and its log */
  static async start(program: string, folder: string, config: KubeConfig): Promise<RunningController> {
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: place.namespace });
    const pod = items.find(({ spec }) => spec?.serviceAccountName === place.deployment);
    const container = pod?.spec?.containers.find(({ name }) => name === place.container);
    if (!pod || !container) throw new Error(`${place.namespace} has no pod of its controller`);
    const identity = new Identity(folder, config);
    await identity.assume(pod);
    const here = { kubeconfig: identity.kubeconfig, port: () => 0, mounted: () => "", telemetrySinkPort: 0 };
    const process = new HostProcess(folder);
    await process.start({
      program,
      args: hostArguments(place, container.args ?? [], here),
      env: containerEnvironment(pod, container),
      healthUrl: "",
    });
    return new RunningController(process);
  }

  /** Lines that it has written. */
  get log(): string[] {
    return readFileSync(this.process.log, "utf8").split("\n");
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
