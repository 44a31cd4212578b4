/** From an environment to Chaos Mesh on one of its clusters, and to the experiments that may run there. */
import type { ChaosMeshArgs } from "../components/chaos-mesh";
import type { ExperimentArgs } from "../components/experiment";
import { selectorLabels } from "../components/labels";
import { isChaosMeshManaged } from "./chaos-mesh-management";
import type { Environment } from "./environment";
import type { sandboxPrograms } from "./environment-schema";
import { secondsOf } from "./experiment-checks";

/** The cluster's own Prometheus, whom status checks ask: its Service, and its pods. */
const PROMETHEUS_URL = "http://prometheus.prometheus.svc:9090";
const PROMETHEUS = {
  pods: { namespace: "prometheus", pods: selectorLabels("prometheus", "server") },
  port: 9090,
} as const;

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where Chaos Mesh is off
 */
export function chaosMeshArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): ChaosMeshArgs | undefined {
  const { components, purpose, sandbox } = environment;
  const { containerdSocket, controllerReplicas, dnsServerReplicas, management } = components.chaosMesh;
  if (!isChaosMeshManaged({ purpose, management })) return undefined;
  const isOff = (program: (typeof sandboxPrograms)[number]) => sandbox?.withoutController.includes(program) ?? false;
  const experiments = experimentsOf(environment, name);
  return {
    images: {
      controllerManager: image("chaos-mesh"),
      daemon: image("chaos-daemon"),
      dashboard: image("chaos-dashboard"),
      dnsServer: image("chaos-coredns"),
      pause: image("pause"),
    },
    targets: chaosTargets(environment, name),
    experiments,
    // who declares no experiment needs no way to Prometheus
    checks: experiments.length > 0 ? PROMETHEUS : undefined,
    controllerReplicas,
    dnsServerReplicas,
    containerdSocket,
    certificatesIssued: !isOff("cert-manager"),
    withoutController: isOff("chaos-mesh"),
  };
}

/** Namespaces of one cluster whose pods may be targets: those of tenants that opted in. */
export function chaosTargets({ components, purpose, tenants }: Environment, cluster: string): string[] {
  const { management, targets } = components.chaosMesh;
  if (!isChaosMeshManaged({ purpose, management })) return [];
  return Object.entries(tenants)
    .filter(([tenant, { clusters }]) => targets.includes(tenant) && (clusters?.includes(cluster) ?? true))
    .flatMap(([, { namespaces }]) => Object.keys(namespaces));
}

function experimentsOf(environment: Environment, name: string): ExperimentArgs[] {
  const targets = chaosTargets(environment, name);
  const cluster = environment.clusters[name];
  // on these, pods call webhooks on behalf of the API server: their addresses are not known beforehand
  const isCalledByPods = cluster?.cloud === "gcp" || cluster?.cloud === "azure";
  const webhookCallers = isCalledByPods ? undefined : cluster?.network.apiServerCidrs;
  return Object.entries(environment.experiments)
    .filter(([, { target }]) => targets.includes(target.namespace) && (target.clusters?.includes(name) ?? true))
    .map(([experiment, { cleanup, duration, target, ...rest }]) => ({
      name: experiment,
      ...rest,
      target: { tenant: target.tenant, namespace: target.namespace, labels: target.labels },
      durationSeconds: secondsOf(duration) ?? 0,
      cleanup: { withinSeconds: secondsOf(cleanup.within) ?? 0, keepRuns: cleanup.keepRuns },
      prometheus: PROMETHEUS_URL,
      surroundings: { webhookCallers },
    }));
}
