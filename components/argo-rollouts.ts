/**
 * Argo Rollouts: brings a new version to a growing share of the traffic, and takes it back when what it is judged by says
 * so. It runs on every cluster and moves the weights of Istio's VirtualServices.
 *
 *     Rollout ──▶ controller ──weights──▶ VirtualService
 *                    ▲ AnalysisRun asks Prometheus, by a ClusterAnalysisTemplate of the platform
 *
 * Its CustomResourceDefinitions are upstream's; the program and its roles are written here and compared with upstream's.
 *
 * @see https://argo-rollouts.readthedocs.io/en/release-1.9/
 */
import { App, Chart } from "cdk8s";
import { argoRolloutsAlerts } from "./argo-rollouts/alerts";
import { type Analysis, clusterAnalysisTemplate } from "./argo-rollouts/analysis";
import { ARGO_ROLLOUTS_NAMESPACE, roles } from "./argo-rollouts/roles";
import type { PodsPeer } from "./flow";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel, selectorLabels } from "./labels";
import { Manifest } from "./manifest";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import { upstreamObjects } from "./upstream";
import { type Workload, workload } from "./workload";
import type { Size } from "./workload/container";

/** Where the answers come from that canaries are judged by. */
export interface PrometheusPlace {
  /** `http://host:port`. */
  readonly address: string;
  /** Its pods, and the port on which they listen. */
  readonly pods: PodsPeer;
  readonly port: number;
}

/** The cluster's own Prometheus. */
export const CLUSTER_PROMETHEUS: PrometheusPlace = {
  address: "http://prometheus.prometheus.svc:9090",
  pods: { namespace: "prometheus", pods: selectorLabels("prometheus", "server") },
  port: 9090,
};

export interface ArgoRolloutsArgs {
  /**
   * Who installs it: `managed` here, with the image to run; or `external`, someone else: then only what canaries are judged
   * by is made.
   */
  readonly management: { readonly kind: "managed"; readonly image: string } | { readonly kind: "external" };
  /** Namespaces of this cluster's tenants, DNS labels: where it may write. */
  readonly tenantNamespaces: readonly string[];
  /** What canaries are judged by. @default nothing */
  readonly analyses?: readonly Analysis[];
  /** Whom it asks. @default the cluster's own, see {@link CLUSTER_PROMETHEUS} */
  readonly prometheus?: PrometheusPlace;
  /** Pods, 2–5; one leads, the others take over. @default 2: one is left when a node is drained */
  readonly replicas?: number;
  /** What one pod may use. Upstream sets nothing. @default 50 millicores and 256 MiB */
  readonly size?: Size;
}

/**
 * The manifests of one cluster.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class ArgoRolloutsChart extends Chart {
  constructor(args: ArgoRolloutsArgs) {
    super(new App(), "argo-rollouts", { disableResourceNameHashes: true });
    checkArgs(args);
    const { analyses = [], prometheus = CLUSTER_PROMETHEUS, tenantNamespaces } = args;
    const program = controller(args);
    const objects = [
      ...(program ? [...definitions(), ...roles(tenantNamespaces), ...program.objects] : []),
      ...analyses.map((analysis) => clusterAnalysisTemplate(analysis, prometheus.address)),
    ];
    for (const object of objects) {
      const { name, namespace = "" } = object.metadata;
      new Manifest(this, `${object.kind}-${namespace}-${name}`, object);
    }
  }
}

/** All of it. */
export function argoRolloutsPart(args: ArgoRolloutsArgs): Part {
  const objects = objectsOf(new ArgoRolloutsChart(args));
  const program = controller(args);
  if (!program) return { name: "argo-rollouts", namespaces: [], flows: [], objects };
  return {
    name: "argo-rollouts",
    namespaces: [{ name: ARGO_ROLLOUTS_NAMESPACE }],
    flows: program.flows,
    objects,
    scrapeTargets: program.scrapeTarget ? [program.scrapeTarget] : [],
    alerts: argoRolloutsAlerts(),
    departures: program.departures,
  };
}

function definitions(): KubeObject[] {
  return upstreamObjects("argo-rollouts")
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map((object) => withLabels(withoutDescriptions(object), objectLabels("argo-rollouts")));
}

/** The controller; undefined where someone else installs it. */
function controller({
  analyses = [],
  management,
  prometheus = CLUSTER_PROMETHEUS,
  ...args
}: ArgoRolloutsArgs): Workload | undefined {
  if (management.kind === "external") return undefined;
  const healthy = { how: { httpGet: "/healthz", port: "healthz" } } as const;
  return workload({
    namespace: ARGO_ROLLOUTS_NAMESPACE,
    name: "argo-rollouts",
    component: "controller",
    objectName: "argo-rollouts",
    image: management.image,
    // of the versions that Istio serves the one that stays
    args: ["--istio-api-version=v1", "--leader-elect=true", "--logformat=json"],
    ports: [
      { name: "metrics", port: 8090 },
      { name: "healthz", port: 8080 },
    ],
    size: args.size ?? { cpuMillicores: 50, memoryMiB: 256 },
    replicas: args.replicas ?? 2,
    userId: 999, // the user that the image declares
    readiness: healthy,
    // upstream's own times
    liveness: { ...healthy, initialDelaySeconds: 30, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3 },
    volumes: { "plugin-bin": { scratchMiB: 64 }, tmp: { scratchMiB: 64 } },
    mounts: [
      { volume: "plugin-bin", path: "/home/argo-rollouts/plugin-bin" },
      { volume: "tmp", path: "/tmp" },
    ],
    scrape: { port: "metrics" },
    reaches:
      analyses.length === 0
        ? []
        : [
            {
              to: prometheus.pods,
              ports: [{ port: prometheus.port, protocol: "TCP" }],
              why: "canaries are judged by its answers",
            },
          ],
    podDepartures: { apiToken: "it watches Rollouts, makes ReplicaSets and moves the weights of VirtualServices" },
  });
}

/** @throws Error naming the field, its value and the bound; sizes are checked where they are used */
function checkArgs({ analyses = [], management, prometheus, replicas, tenantNamespaces }: ArgoRolloutsArgs): void {
  for (const namespace of tenantNamespaces) requireDnsLabel("argo-rollouts", "tenantNamespaces", namespace);
  if (management.kind === "managed" && management.image.trim() === "") {
    throw new Error("argo-rollouts: management.image is empty, must be registry/repository:tag@sha256:digest");
  }
  if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 2 || replicas > 5)) {
    throw new Error(
      `argo-rollouts: replicas is ${replicas}, must be a whole number of 2–5: one must be left when a node is drained`,
    );
  }
  if (prometheus && !/^https?:\/\/[^/\s]+$/.test(prometheus.address)) {
    throw new Error(`argo-rollouts: prometheus.address is "${prometheus.address}", must be http://host:port`);
  }
  const names = analyses.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new Error(`argo-rollouts: analyses has ${twice} twice, must be names of one: a Rollout finds them by name`);
  }
}
