/** A cluster's control plane: laid out and started by kwokctl, watched and mended here. */
import { appendFile, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { clusterFolder, type Instance } from "../instance";
import { adminConfig } from "../kubeconfig";
import { isFree } from "../ports";
import { lastError } from "../program-log";
import { SandboxError } from "../sandbox-error";
import type { ClusterState } from "../state";
import { answers } from "./api-server";
import {
  type ControlPlaneComponent,
  componentLog,
  componentProgram,
  controlPlaneComponents,
  endComponents,
  forgetDeadComponents,
  portsOf,
  recordedComponents,
  runningComponents,
} from "./components";
import { type ControlPlaneTools, kwokctlConfiguration } from "./configuration";

/** Longest that a control plane may take to answer: 5 s alone, several times that beside others on two busy cores. */
const START_SECONDS = 120;

/** Time before components that gave up are started again. */
const RESTART_MS = 1000;

/** Longest that a killed process of some hundred megabytes keeps its ports on a busy machine. */
const DYING_MS = 3000;

/** What a control plane is started with. */
export interface ControlPlaneArgs {
  readonly instance: Instance;
  readonly cluster: ClusterState;
  readonly tools: ControlPlaneTools & { readonly kwokctl: string };
}

/** Another program listens on a port that was free when it was claimed. */
export class PortTakenError extends SandboxError {}

/**
 * Lays a cluster out and starts it for the first time. What an interrupted attempt left is removed first.
 *
 * @throws PortTakenError, SandboxError with the last words of the component that failed
 */
export async function createControlPlane(args: ControlPlaneArgs): Promise<void> {
  const { instance, cluster } = args;
  await endComponents(instance, cluster.name);
  await rm(clusterFolder(instance, cluster.name), { recursive: true, force: true });
  const config = kwokctlConfiguration(instance, cluster.name);
  await refuseTakenPorts(args);
  // an empty --kubeconfig, or kwokctl would write into the user's
  await kwokctl(args, ["create", "cluster", "--name", cluster.name, "--config", config, "--kubeconfig="]);
  await becomeReady(args, true);
}

/**
 * Starts the components that do not run, and waits until the API server is ready and all five run.
 *
 * @throws PortTakenError, SandboxError with the last words of the component that failed
 */
export async function startControlPlane(args: ControlPlaneArgs): Promise<void> {
  await becomeReady(args, false);
}

/** @param started whether etcd and the API server have been started already, so that their absence is their death */
async function becomeReady(args: ControlPlaneArgs, started: boolean): Promise<void> {
  const { instance, cluster } = args;
  const config = adminConfig(instance, cluster);
  const deadline = Date.now() + START_SECONDS * 1000;
  for (let again = started; Date.now() < deadline; await sleep(100)) {
    await forgetDeadComponents(instance, cluster.name);
    const missing = await missingComponents(args);
    const dead = missing.find((component) => component === "etcd" || component === "kube-apiserver");
    if (dead && again) throw await deathOf(args, dead);
    if (missing.length > 0) {
      if (again) await sleep(RESTART_MS); // the others give up when the API server is slow: started as often as it takes
      again = true;
      await relink(args, missing);
      await refuseTakenPorts(args);
      await kwokctl(args, ["start", "cluster", "--name", cluster.name]);
    } else if (await answers(config, "/readyz")) return;
  }
  const missing = await missingComponents(args);
  const culprit = missing[0] ?? "kube-apiserver";
  throw new SandboxError(await obituary(instance, cluster.name, culprit, `is not ready after ${START_SECONDS} s`));
}

async function deathOf(args: ControlPlaneArgs, component: ControlPlaneComponent): Promise<SandboxError> {
  await refuseTakenPorts(args);
  const text = await obituary(args.instance, args.cluster.name, component, "ended while it was started");
  return /address already in use/.test(text) ? new PortTakenError(text) : new SandboxError(text);
}

/** Ends the control plane and throws its data away; keys and addresses stay. */
export async function eraseControlPlane({ instance, cluster }: Pick<ControlPlaneArgs, "instance" | "cluster">) {
  await endComponents(instance, cluster.name);
  await rm(join(clusterFolder(instance, cluster.name), "etcd"), { recursive: true, force: true });
}

/** Points the links that kwokctl starts to where the tools are now: a newer version, or a moved cache. */
async function relink({ instance, cluster, tools }: ControlPlaneArgs, components: readonly ControlPlaneComponent[]) {
  const programs: Readonly<Record<ControlPlaneComponent, string>> = {
    etcd: tools.etcd,
    "kube-apiserver": tools.kubeApiserver,
    "kube-controller-manager": tools.kubeControllerManager,
    "kube-scheduler": tools.kubeScheduler,
    "kwok-controller": tools.kwok,
  };
  for (const component of components) {
    const link = componentProgram(instance, cluster.name, component);
    if ((await readlink(link).catch(() => "")) === programs[component]) continue;
    await rm(link, { force: true });
    await symlink(programs[component], link);
  }
}

async function missingComponents({ instance, cluster }: ControlPlaneArgs): Promise<ControlPlaneComponent[]> {
  const running = runningComponents(instance, cluster.name);
  return controlPlaneComponents.filter((component) => running[component] === undefined);
}

/**
 * Runs kwokctl until it has started the components. It would go on to wait for the API server, by five kubectl processes a second: we ask
 * ourselves, which costs nothing on a machine that has enough to do.
 */
async function kwokctl({ instance, cluster, tools }: ControlPlaneArgs, words: readonly string[]): Promise<void> {
  const log = join(instance.folder, "logs", `${cluster.name}-kwokctl.log`);
  await mkdir(dirname(log), { recursive: true });
  await appendFile(log, `\n${new Date().toISOString()} kwokctl ${words.join(" ")}\n`);
  const running = execa(tools.kwokctl, words, {
    env: {
      HOME: instance.folder, // whatever it may want to keep for its user
      KWOK_WORKDIR: instance.folder,
      PATH: [dirname(tools.kubectl), "/usr/bin", "/bin"].join(delimiter),
    },
    extendEnv: false, // KWOK_… variables of the user would change what is made
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: START_SECONDS * 1000,
  });
  const allStarted = () => recordedComponents(instance, cluster.name).length === controlPlaneComponents.length;
  let ended = false;
  const watch = (async () => {
    while (!ended && !allStarted()) await sleep(50);
    running.kill("SIGKILL"); // the components are no part of its process group
  })();
  const { exitCode, all } = await running;
  ended = true;
  await watch;
  await appendFile(log, `${all}\n`);
  if (exitCode !== 0 && !allStarted()) {
    throw new SandboxError(`cluster ${cluster.name}: kwokctl ${words[0]} failed, see ${log}`);
  }
}

async function refuseTakenPorts({ instance, cluster }: ControlPlaneArgs): Promise<void> {
  const running = runningComponents(instance, cluster.name);
  for (const component of controlPlaneComponents.filter((name) => running[name] === undefined)) {
    for (const name of portsOf[component]) {
      if (await becomesFree(cluster.ports[name])) continue;
      throw new PortTakenError(
        `cluster ${cluster.name}: ${component} needs port ${cluster.ports[name]} of 127.0.0.1, on which another program listens: ` +
          `end that program, or give the sandbox other ports by 'fleetwright sandbox down' and 'up'`,
      );
    }
  }
}

/** A process that was just killed still holds its ports while the system takes it apart. */
async function becomesFree(port: number): Promise<boolean> {
  for (let waited = 0; waited < DYING_MS; waited += 100) {
    if (await isFree(port)) return true;
    await sleep(100);
  }
  return isFree(port);
}

async function obituary(instance: Instance, cluster: string, component: ControlPlaneComponent, what: string) {
  const log = componentLog(instance, cluster, component);
  return `cluster ${cluster}: ${component} ${what}: ${(await lastError(log)) ?? "it wrote nothing"} (${log})`;
}
