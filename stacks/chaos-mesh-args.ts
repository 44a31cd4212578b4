/** From an environment to Chaos Mesh on one of its clusters, and to the experiments that may run there. */
import type { ChaosMeshArgs } from "../components/chaos-mesh";
import type { ExperimentArgs } from "../components/experiment";
import type { AbortCondition } from "../components/experiment/abort";
import { PROMETHEUS, PROMETHEUS_NAMESPACE, PROMETHEUS_PODS, PROMETHEUS_PORT } from "../components/prometheus/names";
import { abortQuery } from "../components/slo/abort";
import { namespacesOn } from "../components/tenant";
import { isChaosMeshManaged } from "./chaos-mesh-management";
import type { Environment } from "./environment";
import { secondsOf } from "./experiment-checks";
import { isWithoutController } from "./sandbox-controllers";
import { slosOn } from "./slo-args";
import { tenantsOn } from "./tenants";

/** The cluster's own Prometheus, whom status checks ask: an experiment needs no other cluster to be ended. */
const PROMETHEUS_URL = `http://${PROMETHEUS}.${PROMETHEUS_NAMESPACE}.svc:${PROMETHEUS_PORT}`;

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where Chaos Mesh is off
 */
export function chaosMeshArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): ChaosMeshArgs | undefined {
  const { components, purpose } = environment;
  const { containerdSocket, controllerReplicas, dnsServerReplicas, management } = components.chaosMesh;
  if (!isChaosMeshManaged({ purpose, management })) return undefined;
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
    checks: experiments.length > 0 ? { pods: PROMETHEUS_PODS, port: PROMETHEUS_PORT } : undefined,
    controllerReplicas,
    dnsServerReplicas,
    containerdSocket,
    certificatesIssued: !isWithoutController(environment, "cert-manager"),
    withoutController: isWithoutController(environment, "chaos-mesh"),
  };
}

/** Namespaces of one cluster whose pods may be targets: those of tenants that opted in. */
export function chaosTargets(environment: Environment, cluster: string): string[] {
  const { management, targets } = environment.components.chaosMesh;
  if (!isChaosMeshManaged({ purpose: environment.purpose, management })) return [];
  return tenantsOn(environment, cluster)
    .filter(({ name }) => targets.includes(name))
    .flatMap((tenant) => namespacesOn(tenant, cluster));
}

function experimentsOf(environment: Environment, name: string): ExperimentArgs[] {
  const targets = chaosTargets(environment, name);
  const cluster = environment.clusters[name];
  // on these, pods call webhooks on behalf of the API server: their addresses are not known beforehand
  const isCalledByPods = cluster?.cloud === "gcp" || cluster?.cloud === "azure";
  const webhookCallers = isCalledByPods ? undefined : cluster?.network.apiServerCidrs;
  return Object.entries(environment.experiments)
    .filter(([, { target }]) => targets.includes(target.namespace) && (target.clusters?.includes(name) ?? true))
    .map(([experiment, { abort, cleanup, duration, target, ...rest }]) => ({
      name: experiment,
      ...rest,
      target: { tenant: target.tenant, namespace: target.namespace, labels: target.labels },
      abort: abort === "slo" ? abortOf(environment, name, rest.slo) : abort,
      durationSeconds: secondsOf(duration) ?? 0,
      cleanup: { withinSeconds: secondsOf(cleanup.within) ?? 0, keepRuns: cleanup.keepRuns },
      prometheus: PROMETHEUS_URL,
      surroundings: { webhookCallers },
    }));
}

/** The checks of an environment see to it that the objective is measured where its experiment may run. */
function abortOf(environment: Environment, cluster: string, name: string): AbortCondition {
  const slo = slosOn(environment, cluster).find((one) => one.name === name);
  if (!slo) throw new Error(`${environment.file}: SLO ${name} is not measured in cluster ${cluster}`);
  const { query, threshold } = abortQuery(slo);
  return { query, threshold };
}
