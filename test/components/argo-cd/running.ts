/**
 * Argo CD's programs as processes of this machine: with the arguments and variables of their containers, as their own
 * ServiceAccounts, but for addresses and folders.
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import type { KubeObject } from "../../../components/kube-object";
import { containersOf } from "../../../proofs/accept/container";

/** What stands in for the pods' surroundings. */
export interface Surroundings {
  /** The tool that is all of Argo CD's programs. */
  readonly program: string;
  /** An empty one. */
  readonly folder: string;
  /** What the hub holds. */
  readonly objects: readonly KubeObject[];
  readonly image: string;
  /** Password of the cache. */
  readonly password: string;
  /** Certificate of a host of Git at 127.0.0.1. */
  readonly certificate: string;
  /** Kubeconfig, as text, of a ServiceAccount in Argo CD's namespace. */
  readonly kubeconfigOf: (account: string) => Promise<string>;
}

interface Process {
  readonly name: string;
  readonly child: ResultPromise;
  log: string;
}

export class RunningArgoCd {
  private readonly processes: Process[] = [];

  constructor(private readonly around: Surroundings) {}

  /** Starts the cache, the repo server, the server, and both controllers, in this order. */
  async start(): Promise<void> {
    const { certificate, folder } = this.around;
    for (const each of ["tls", "ssh", "config", "plugins", "tmp"]) mkdirSync(join(folder, each), { recursive: true });
    copyFileSync(certificate, join(folder, "tls", "127.0.0.1"));
    const [redis, repository, metrics, api, apiMetrics, setMetrics, probe, webhook] = await freePorts(8);
    const local = (port: number | undefined) => `127.0.0.1:${port}`;
    this.run("argocd-redis", [`--address=${local(redis)}`], {});
    await this.startAs("argocd-repo-server", [
      "--address=127.0.0.1",
      `--port=${repository}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${metrics}`,
      `--redis=${local(redis)}`,
    ]);
    await this.healthy("argocd-repo-server", `http://${local(metrics)}/healthz?full=true`);
    const others = [`--redis=${local(redis)}`, `--repo-server=${local(repository)}`];
    await this.startAs("argocd-server", [
      "--address=127.0.0.1",
      `--port=${api}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${apiMetrics}`,
      "--insecure",
      ...others,
    ]);
    await this.healthy("argocd-server", `http://${local(api)}/healthz`);
    await this.startAs("argocd-application-controller", [...others, "--metrics-port=-1"]);
    await this.startAs("argocd-applicationset-controller", [
      "--enable-leader-election=false", // for that it asks its pod in which namespace it is
      `--metrics-addr=${local(setMetrics)}`,
      `--probe-addr=${local(probe)}`,
      `--webhook-addr=${local(webhook)}`,
      `--argocd-repo-server=${local(repository)}`,
    ]);
    // it has no health of its own
    await this.healthy("argocd-applicationset-controller", `http://${local(setMetrics)}/metrics`);
  }

  /** All that a program has printed. */
  logOf(name: string): string {
    return this.processes.find((one) => one.name === name)?.log ?? "";
  }

  /** Programs that have ended. */
  get ended(): string[] {
    return this.processes.filter(({ child }) => child.exitCode !== null).map(({ name, log }) => `${name}: ${log}`);
  }

  /** Ends every process and waits for it. */
  async stop(): Promise<void> {
    for (const { child } of [...this.processes].reverse()) {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 5000);
      await child;
      clearTimeout(late);
    }
  }

  private async startAs(name: string, flags: readonly string[]): Promise<void> {
    const { folder, image, kubeconfigOf, objects } = this.around;
    const container = containersOf(objects, image).find(({ args: [program = ""] }) => basename(program) === name);
    if (!container) throw new Error(`no container runs ${name}`);
    const kubeconfig = join(folder, `${name}.kubeconfig`);
    // the repo server has no account of its own to speak of
    const text = name === "argocd-repo-server" ? "" : await kubeconfigOf(name);
    writeFileSync(kubeconfig, text, { mode: 0o600 });
    this.run(name, [...container.args.slice(1), ...flags], { ...container.env, KUBECONFIG: kubeconfig });
  }

  private run(name: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
    const { folder, password, program } = this.around;
    const place = {
      ARGOCD_APP_CONF_PATH: join(folder, "config"),
      ARGOCD_ASK_PASS_SOCK: join(folder, "ask-pass.sock"),
      ARGOCD_BINARY_NAME: name,
      ARGOCD_GPG_ENABLED: "false", // no repository here is signed
      ARGOCD_PLUGINSOCKFILEPATH: join(folder, "plugins"),
      ARGOCD_SSH_DATA_PATH: join(folder, "ssh"),
      ARGOCD_TLS_DATA_PATH: join(folder, "tls"),
      HOME: folder,
      KUBECACHEDIR: join(folder, "kubecache"),
      PATH: process.env.PATH,
      REDIS_PASSWORD: password,
      TMPDIR: join(folder, "tmp"),
    };
    const child = execa(program, args, {
      all: true,
      cwd: folder,
      env: { ...env, ...place },
      extendEnv: false,
      reject: false,
      buffer: false,
    });
    const started: Process = { name, child, log: "" };
    child.all.on("data", (text: Buffer) => {
      started.log += text.toString();
    });
    this.processes.push(started);
  }

  private async healthy(name: string, url: string): Promise<void> {
    const isHealthy = () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    for (const end = Date.now() + 60_000; !(await isHealthy()); await sleep(200)) {
      if (Date.now() > end || this.ended.length > 0)
        throw new Error(`${name} does not become healthy: ${this.logOf(name).slice(-2000)}`);
    }
  }
}

/** Free ports of loopback, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  for (const server of servers) await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await new Promise((closed) => server.close(closed));
  return ports;
}
