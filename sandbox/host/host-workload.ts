/** One host program in one cluster, as its kubelet: the process follows the Deployment's pods, and the pods' status follows the process. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { podNamePattern } from "../control-plane/stages";
import type { HostPlace, HostProgram } from "../host-programs";
import type { ClusterView } from "../watch/cluster-view";
import { hostArguments } from "./command-line";
import { containerEnvironment, filledIn } from "./container-environment";
import { HostProcess } from "./host-process";
import { Identity } from "./identity";
import { mountFolder, syncVolumes } from "./mounts";
import { hostPodStatus } from "./pod-status";

/** `waiting` has no pod or misses what it mounts, `paused` was stopped on purpose and is not restarted. */
export type ProgramState = "waiting" | "starting" | "running" | "dead" | "paused";

/** How a host program does, as `status` tells. */
export interface ProgramStatus {
  readonly name: string;
  readonly state: ProgramState;
  readonly pid?: number;
  readonly restarts: number;
  /** Why it does not run: the last error that it wrote, or what it waits for. */
  readonly lastError?: string;
  /** Absolute path of what it wrote. */
  readonly log: string;
}

/** Where and with what a host program runs. */
export interface HostWorkloadArgs {
  readonly program: HostProgram;
  readonly view: ClusterView;
  /** Folder of the program in this cluster. */
  readonly folder: string;
  /** A program that has this file is stopped and not restarted. */
  readonly pauseFile: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly telemetrySinkPort: number;
  /** Absolute path of the tool, looked up when it is needed. */
  readonly toolPath: (tool: string) => string;
}

export class HostWorkload {
  private readonly process: HostProcess;
  private readonly identity: Identity;
  /** The pod for which the process runs. */
  private pod: V1Pod | undefined;
  private waitsFor: string | undefined;
  private lastError: string | undefined;

  constructor(private readonly args: HostWorkloadArgs) {
    this.process = new HostProcess(args.folder);
    this.identity = new Identity(args.folder, args.view.config);
  }

  get program(): HostProgram {
    return this.args.program;
  }

  get ports(): Readonly<Record<string, number>> {
    return this.args.ports;
  }

  /** The scheduled pods of the Deployment, newest first; none when there is no Deployment. */
  get pods(): V1Pod[] {
    const { namespace, deployment } = this.program;
    const view = this.args.view.namespace(namespace);
    if (!view?.deployments.items.some(({ metadata }) => metadata?.name === deployment)) return [];
    const name = new RegExp(podNamePattern(deployment));
    return view.pods.items
      .filter(({ metadata, spec }) => name.test(metadata?.name ?? "") && spec?.nodeName && !metadata?.deletionTimestamp)
      .sort((a, b) => createdMs(b) - createdMs(a));
  }

  /** Undefined when the cluster has no such Deployment. */
  get status(): ProgramStatus | undefined {
    if (this.pods.length === 0 && this.process.pid === undefined && !this.waitsFor) return undefined;
    const { restarts, pid, log } = this.process;
    const lastError = this.process.ready ? undefined : this.why;
    return {
      name: this.program.name,
      state: this.state,
      ...(pid === undefined ? {} : { pid }),
      restarts,
      ...(lastError === undefined ? {} : { lastError }),
      log,
    };
  }

  private get state(): ProgramState {
    if (existsSync(this.args.pauseFile)) return "paused";
    if (this.process.ready) return "running";
    if (this.process.pid !== undefined) return "starting";
    return this.waitsFor ? "waiting" : "dead";
  }

  /** Why it does not work. */
  private get why(): string | undefined {
    return this.state === "paused"
      ? "stopped on purpose, until the next 'sandbox up'"
      : (this.waitsFor ?? this.lastError);
  }

  /** Brings process and pods in line; called after each change and every second. */
  async reconcile(): Promise<void> {
    if (!this.args.view.synced) return this.process.checkHealth(); // nothing is known now: what runs goes on
    const pods = this.pods;
    const lead = leadOf(pods, this.pod);
    if (!lead) {
      this.waitsFor = undefined;
      await this.process.stop(STOP_GRACE_MS);
      this.pod = undefined;
      return;
    }
    if (existsSync(this.args.pauseFile)) await this.process.stop();
    else {
      if (this.pod?.metadata?.uid !== lead.metadata?.uid) await this.process.stop(STOP_GRACE_MS);
      await this.run(lead).catch((error: Error) => {
        this.waitsFor = error.message.split("\n", 1)[0];
      });
    }
    await this.process.checkHealth();
    this.lastError = this.process.ready ? undefined : await this.process.lastError();
    await this.report(pods);
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  private async run(pod: V1Pod): Promise<void> {
    const { view, folder } = this.args;
    const namespace = view.namespace(this.program.namespace);
    if (!namespace) return;
    if (this.pod?.metadata?.uid !== pod.metadata?.uid) {
      await rm(join(folder, "volumes"), { recursive: true, force: true });
      this.process.forgetRuns();
      this.pod = pod;
    }
    const mountable = { secrets: namespace.secrets.items, configMaps: namespace.configMaps.items };
    this.waitsFor = await syncVolumes(join(folder, "volumes"), pod, mountable);
    if (this.process.pid !== undefined) return this.identity.refresh(pod);
    if (this.waitsFor || !this.process.mayStart) return;
    await this.identity.assume(pod);
    await this.process.start(this.command(pod));
  }

  private command(pod: V1Pod) {
    const { program, ports, folder, telemetrySinkPort, toolPath } = this.args;
    const container = pod.spec?.containers.find(({ name }) => name === program.container);
    if (!container) {
      throw new Error(
        `pod ${pod.metadata?.name} has no container '${program.container}', which ${program.name} stands for`,
      );
    }
    const port = (listener: string) => ports[listener] ?? 0;
    const place: HostPlace = {
      kubeconfig: this.identity.kubeconfig,
      port,
      mounted: (mountPath) => mountFolder(join(folder, "volumes"), container, mountPath),
      telemetrySinkPort,
    };
    const env = containerEnvironment(pod, container);
    const rendered = (container.args ?? []).map((word) => filledIn(word, env));
    return {
      program: toolPath(program.tool),
      args: hostArguments(program, rendered, place),
      env,
      healthUrl: `http://127.0.0.1:${port(program.health.listener)}${program.health.path}`,
    };
  }

  /** Tells the cluster how its pods do. */
  private async report(pods: readonly V1Pod[]): Promise<void> {
    const core = this.args.view.config.makeApiClient(CoreV1Api);
    const { pid, ready, restarts, since } = this.process;
    const condition = { running: pid !== undefined, ready, restarts, since: new Date(since), reason: this.why };
    for (const pod of pods) {
      const status = hostPodStatus(pod, this.program.container, condition);
      const { name = "", namespace = "" } = pod.metadata ?? {};
      if (!status) continue;
      await core.patchNamespacedPodStatus(
        { name, namespace, body: { status } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
    }
  }
}

/** Time for a farewell when the pods are gone: a webhook finishes the requests that it has. */
const STOP_GRACE_MS = 1000;

/** Times come as dates from a list and as texts from a watch. */
const createdMs = ({ metadata }: V1Pod) => new Date(metadata?.creationTimestamp ?? 0).getTime();

const templateOf = ({ metadata }: V1Pod) => metadata?.labels?.["pod-template-hash"];

/** The pod for which the process runs: the same as before while it lives and its template is the newest, else the newest. */
function leadOf(pods: readonly V1Pod[], before: V1Pod | undefined): V1Pod | undefined {
  const newest = pods[0];
  const same = pods.find(({ metadata }) => metadata?.uid === before?.metadata?.uid);
  return same && newest && templateOf(same) === templateOf(newest) ? same : newest;
}
