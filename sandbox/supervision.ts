/** What the supervisor does for one cluster: the way to its Services, its host programs, its load balancers, volumes and secrets. */
import { HostWorkload, type ProgramStatus } from "./host/host-workload";
import { hostPrograms } from "./host-programs";
import { type Instance, pauseFile, programFolder, secretsFolder } from "./instance";
import { adminConfig } from "./kubeconfig";
import { EgressProxy } from "./network/egress-proxy";
import { assignAddresses } from "./network/load-balancer";
import { routeTo } from "./network/service-route";
import { SecretOperator } from "./secrets/operator";
import { SealedStore } from "./secrets/sealed-store";
import type { ClusterState } from "./state";
import { Provisioner } from "./storage/provisioner";
import { toolPath } from "./toolchain/tools";
import { ClusterView } from "./watch/cluster-view";

/** Time in which changes gather before they are acted upon. */
const GATHER_MS = 50;

/** Time after which all is looked at again: health checks, back-offs and tokens come without a change in the cluster. */
const TICK_MS = 1000;

export class Supervision {
  private readonly view: ClusterView;
  private readonly workloads: readonly HostWorkload[];
  private readonly proxy: EgressProxy;
  private readonly provisioner: Provisioner;
  private readonly secrets: SecretOperator;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  /** Whether something changed while a round was under way. */
  private changed = false;
  private followed = false;
  private stopped = false;
  private readonly complaints = new Map<string, string>();

  /** @param log takes one line */
  constructor(
    instance: Instance,
    readonly cluster: ClusterState,
    telemetrySinkPort: number,
    private readonly log: (line: string) => void,
  ) {
    const { name, programPorts } = cluster;
    const namespaces = [...new Set(hostPrograms.map(({ namespace }) => namespace))];
    this.view = new ClusterView(adminConfig(instance, cluster), namespaces, () => this.wake(GATHER_MS));
    this.workloads = hostPrograms.map(
      (program) =>
        new HostWorkload({
          program,
          view: this.view,
          folder: programFolder(instance, name, program.name),
          pauseFile: pauseFile(instance, name, program.name),
          ports: programPorts[program.name] ?? {},
          telemetrySinkPort,
          toolPath,
        }),
    );
    this.proxy = new EgressProxy(cluster.egressSocket, (host, port) => routeTo(host, port, this.view, this.workloads));
    this.provisioner = new Provisioner(this.view);
    this.secrets = new SecretOperator(this.view.config, new SealedStore(secretsFolder(instance)));
  }

  async start(): Promise<void> {
    await this.proxy.listen();
    this.wake(0);
  }

  /** Whether the cluster answers and everything in it is followed. */
  get connected(): boolean {
    return this.view.synced;
  }

  /** The programs whose Deployments the cluster has. */
  get programs(): ProgramStatus[] {
    return this.workloads.flatMap(({ status }) => status ?? []);
  }

  /** Ends the cluster's host programs and lets go of everything. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    await Promise.all([this.view.stop(), this.proxy.close(), ...this.workloads.map((workload) => workload.stop())]);
  }

  private wake(delayMs: number): void {
    if (this.stopped) return;
    if (this.running) {
      this.changed = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.changed = false;
      this.running = this.round().finally(() => {
        this.running = undefined;
        this.wake(this.changed ? GATHER_MS : TICK_MS);
      });
    }, delayMs);
  }

  private async round(): Promise<void> {
    const { view, cluster } = this;
    if (view.synced !== this.followed) {
      this.followed = view.synced;
      this.log(`${cluster.name}: ${view.synced ? "is followed" : "does not answer; tried again every second"}`);
    }
    const tasks: [string, () => Promise<void>][] = this.workloads.map((workload) => [
      workload.program.name,
      () => workload.reconcile(),
    ]);
    if (view.synced) {
      tasks.push(["secrets", () => this.secrets.reconcile()]);
      tasks.push(["volumes", () => this.provisioner.reconcile()]);
      const services = view.services.items;
      tasks.push(["load balancers", () => assignAddresses(view.config, services, cluster.loadBalancerPrefix)]);
    }
    await Promise.all(tasks.map(([name, task]) => this.attempt(name, task)));
  }

  /** What fails is tried again with the next round; it is logged once, not each second. */
  private async attempt(name: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
      this.complaints.delete(name);
    } catch (error) {
      const message = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
      if (this.complaints.get(name) !== message) this.log(`${this.cluster.name}: ${name}: ${message}`);
      this.complaints.set(name, message);
    }
  }
}
