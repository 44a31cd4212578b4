/**
 * Chaos Mesh: does harm to programs on purpose, within bounds, and ends it.
 *
 *     experiment ─▶ controller ─┬─ kills pods, or lets them fail ─▶ API server
 *                    ▲ webhooks └─ orders ─▶ daemon of the node ─▶ network, files, clock of the target's processes
 *
 * Only pods of namespaces that opted in can be targets. What the programs are and may do is written here: no package
 * offers upstream's manifests.
 *
 * @see https://chaos-mesh.org/docs/
 */
import { App, Chart } from "cdk8s";
import { CHAOS_MESH_NAMESPACE } from "./chaos-api";
import { alerts } from "./chaos-mesh/alerts";
import { certificates } from "./chaos-mesh/certificates";
import { controllerManager } from "./chaos-mesh/controller-manager";
import { daemon } from "./chaos-mesh/daemon";
import { dashboard } from "./chaos-mesh/dashboard";
import { definitions } from "./chaos-mesh/definitions";
import { dnsServer } from "./chaos-mesh/dns-server";
import { roles } from "./chaos-mesh/roles";
import { webhooks } from "./chaos-mesh/webhooks";
import { type ExperimentArgs, experiment } from "./experiment";
import type { Flow, PodsPeer } from "./flow";
import { type KubeObject, keyOf, objectsOf } from "./kube-object";
import { requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import type { Part } from "./part";
import type { Workload } from "./workload";
import type { Size } from "./workload/container";

/** Images of its programs, each `registry/repository:tag@sha256:digest`. */
export interface ChaosMeshImages {
  readonly controllerManager: string;
  readonly daemon: string;
  readonly dashboard: string;
  readonly dnsServer: string;
  /** Does nothing: what failing pods run instead of their own. */
  readonly pause: string;
}

/** What one pod of each program may use. */
export type ChaosMeshSizes = Readonly<Record<"controllerManager" | "daemon" | "dashboard" | "dnsServer", Size>>;

export interface ChaosMeshArgs {
  /** Images of its programs. */
  readonly images: ChaosMeshImages;
  /** Namespaces whose pods may be targets, DNS labels; they carry the annotation that says so. */
  readonly targets: readonly string[];
  /** Experiments that are declared; none of them runs before somebody starts it. */
  readonly experiments: readonly ExperimentArgs[];
  /** Who answers their status checks, and on which port; undefined where nobody in this cluster does. */
  readonly checks: { readonly pods: PodsPeer; readonly port: number } | undefined;
  /** Controller pods, 2–5; one leads, all answer webhooks. @default 3, upstream's own: the webhooks fail closed */
  readonly controllerReplicas?: number;
  /** DNS server pods, 2–5. @default 2, so that one is left when a node is drained */
  readonly dnsServerReplicas?: number;
  /** Socket of containerd on the nodes, an absolute path. @default /run/containerd/containerd.sock, containerd's own */
  readonly containerdSocket?: string;
  /**
   * What each program may use.
   * @default controller and dashboard 25 millicores and 256 MiB, DNS server 100 and 70, all upstream's own; daemon, for
   *   which upstream sets nothing, 50 and 256: it starts small programs on demand
   */
  readonly sizes?: Partial<ChaosMeshSizes>;
  /** Whether certificates are issued here, so that they can be waited for. @default true */
  readonly certificatesIssued?: boolean;
  /**
   * Whether no controller will run, as in a sandbox that lacks the programs: then its webhooks, which would refuse
   * every experiment, are left out. @default false
   */
  readonly withoutController?: boolean;
}

const SIZES: ChaosMeshSizes = {
  controllerManager: { cpuMillicores: 25, memoryMiB: 256 },
  daemon: { cpuMillicores: 50, memoryMiB: 256 },
  dashboard: { cpuMillicores: 25, memoryMiB: 256 },
  dnsServer: { cpuMillicores: 100, memoryMiB: 70 },
};

/**
 * The manifests of Chaos Mesh and of the experiments.
 *
 * @throws Error naming the field, its value and the bound
 */
export class ChaosMeshChart extends Chart {
  constructor(args: ChaosMeshArgs) {
    super(new App(), "chaos-mesh", { disableResourceNameHashes: true });
    checkArgs(args);
    for (const object of objects(args)) new Manifest(this, keyOf(object), object);
  }
}

/** All of it. */
export function chaosMeshPart(args: ChaosMeshArgs): Part {
  const workloads = Object.values(programs(args));
  // the way between two of its programs is said by both of them
  const flows = new Map(workloads.flatMap((each) => each.flows).map((flow): [string, Flow] => [keyOfFlow(flow), flow]));
  return {
    name: "chaos-mesh",
    namespaces: [
      {
        name: CHAOS_MESH_NAMESPACE,
        podSecurity: {
          level: "privileged",
          reason:
            "the daemons enter the namespaces of other pods, and the controller finds them in its own namespace only",
        },
      },
    ],
    flows: [...flows.values()],
    objects: objectsOf(new ChaosMeshChart(args)),
    scrapeTargets: workloads.flatMap(({ scrapeTarget }) => scrapeTarget ?? []),
    alerts,
    departures: workloads.flatMap(({ departures }) => departures),
  };
}

const keyOfFlow = ({ from, ports, to }: Flow) => JSON.stringify([from, to, ports]);

function objects(args: ChaosMeshArgs): KubeObject[] {
  const made = programs(args);
  return [
    ...definitions(),
    ...certificates(args.certificatesIssued ?? true),
    ...roles({
      controller: made.controllerManager.serviceAccountName,
      dashboard: made.dashboard.serviceAccountName,
      dnsServer: made.dnsServer.serviceAccountName,
    }),
    ...Object.values(made).flatMap((each) => each.objects),
    ...args.experiments.map(experiment),
    ...(args.withoutController ? [] : webhooks()),
  ];
}

function programs(args: ChaosMeshArgs): Readonly<Record<keyof ChaosMeshSizes, Workload>> {
  const { checks, containerdSocket = "/run/containerd/containerd.sock", images, targets } = args;
  const sizes = { ...SIZES, ...args.sizes };
  return {
    controllerManager: controllerManager({
      image: images.controllerManager,
      pauseImage: images.pause,
      replicas: args.controllerReplicas ?? 3,
      size: sizes.controllerManager,
      checks,
    }),
    daemon: daemon({ image: images.daemon, size: sizes.daemon, containerdSocket }),
    dashboard: dashboard({ image: images.dashboard, size: sizes.dashboard }),
    dnsServer: dnsServer({
      image: images.dnsServer,
      replicas: args.dnsServerReplicas ?? 2,
      size: sizes.dnsServer,
      targets,
    }),
  };
}

/** @throws Error naming the field, its value and the bound; sizes are checked where they are used */
function checkArgs(args: ChaosMeshArgs): void {
  const whose = "chaos-mesh";
  for (const [program, image] of Object.entries(args.images)) {
    if (image.trim() === "") {
      throw new Error(`${whose}: images.${program} is empty, must be registry/repository:tag@sha256:digest`);
    }
  }
  for (const target of args.targets) requireDnsLabel(whose, "targets", target);
  for (const field of ["controllerReplicas", "dnsServerReplicas"] as const) {
    const replicas = args[field];
    if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 2 || replicas > 5)) {
      throw new Error(
        `${whose}: ${field} is ${replicas}, must be a whole number of 2–5: one must be left when a node is drained`,
      );
    }
  }
  const { containerdSocket } = args;
  if (containerdSocket !== undefined && !/^(\/[^/]+){2,}$/.test(containerdSocket)) {
    throw new Error(
      `${whose}: containerdSocket is "${containerdSocket}", must be the absolute path of a socket in a folder, such as /run/containerd/containerd.sock`,
    );
  }
  const stranger = args.experiments.find(({ target }) => !args.targets.includes(target.namespace));
  if (stranger) {
    throw new Error(
      `${whose}: experiment ${stranger.name} has target.namespace "${stranger.target.namespace}", must be one of targets: ${args.targets.join(", ") || "none"}`,
    );
  }
}
