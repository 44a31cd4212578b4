/** Which host program answers for a Service address. */
import type { V1Container, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";
import { podPort } from "../host/command-line";
import type { HostProgram } from "../host-programs";

/** A host program as Services see it. */
export interface ServiceBackend {
  readonly program: HostProgram;
  /** Its pods, newest first; none when its Deployment does not exist. */
  readonly pods: readonly V1Pod[];
  /** Loopback ports by listener. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Where a connection goes, or why nowhere: a sentence. */
export type Route = { readonly port: number; readonly program: string } | { readonly refusal: string };

/** What a cluster has that addresses belong to. */
export interface Addressed {
  readonly services: { readonly items: readonly V1Service[] };
  readonly nodes: { readonly items: readonly V1Node[] };
}

/**
 * The loopback port that stands for `host:port` of a Service.
 *
 * @param host cluster IP of the Service, as kube-apiserver dials it
 */
export function routeTo(
  host: string,
  port: number,
  { services, nodes }: Addressed,
  backends: readonly ServiceBackend[],
): Route {
  if (nodes.items.some(({ status }) => status?.addresses?.some(({ address }) => address === host))) {
    return {
      refusal: "nodes are simulated: no container has a log or a shell, see 'fleetwright sandbox status --json'",
    };
  }
  const service = services.items.find(({ spec }) => spec?.clusterIP === host);
  if (!service) return { refusal: `no Service has the address ${host}` };
  const { name, namespace } = service.metadata ?? {};
  const servicePort = service.spec?.ports?.find((candidate) => candidate.port === port);
  if (!servicePort) return { refusal: `Service ${namespace}/${name} has no port ${port}` };
  const selector = Object.entries(service.spec?.selector ?? {});
  for (const { program, pods, ports } of backends) {
    const pod = pods.find(
      ({ metadata }) =>
        metadata?.namespace === namespace &&
        selector.length > 0 &&
        selector.every(([key, value]) => metadata?.labels?.[key] === value),
    );
    const container = pod?.spec?.containers.find((candidate) => candidate.name === program.container);
    if (!container) continue;
    const target = containerPort(container, servicePort.targetPort ?? servicePort.port);
    const listener = program.listeners.find((candidate) => podPort(candidate, container.args ?? []) === target);
    const hostPort = listener && ports[listener.name];
    if (hostPort) return { port: hostPort, program: program.name };
  }
  return { refusal: `no pod of Service ${namespace}/${name} is backed by a program of this machine on port ${port}` };
}

/** A target port is a number, or the name of a container's port. A watch delivers either as it stands in the object. */
function containerPort({ ports }: V1Container, target: number | string): number | undefined {
  return typeof target === "number" ? target : ports?.find(({ name }) => name === target)?.containerPort;
}
