/** The name server that answers wrongly: targets of a DNS fault ask it instead of the cluster's own. */

import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { PodsPeer } from "../flow";
import type { KubeObject } from "../kube-object";
import { selectorLabels } from "../labels";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { pods as controllerPods } from "./controller-pods";
import { chaosMeshObject, DNS_SERVICE } from "./names";

export interface DnsServerArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Pods. */
  readonly replicas: number;
  /** What one pod may use. */
  readonly size: Size;
  /** Namespaces whose pods may be targets. */
  readonly targets: readonly string[];
}

/** Its pods, for whoever connects to them. */
export const pods: PodsPeer = { namespace: CHAOS_MESH_NAMESPACE, pods: selectorLabels("chaos-mesh", "dns-server") };

/** Where the controller says which names to answer wrongly. */
export const GRPC = { name: "grpc", port: 9288 };

const DNS = { name: "dns", port: 5353, protocol: "UDP" as const };
const DNS_TCP = { name: "dns-tcp", port: 5353 };
const METRICS = { name: "metrics", port: 9153 };
const HEALTH = { name: "health", port: 8080 };
const READY = { name: "ready", port: 8181 };

const FOLDER = "/etc/chaos-dns";

/** The plug-in's name is that of upstream's own build of CoreDNS. */
const CONFIGURATION = `.:${DNS.port} {
  errors
  health :${HEALTH.port}
  ready :${READY.port}
  k8s_dns_chaos cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
    grpcport ${GRPC.port}
  }
  prometheus :${METRICS.port}
  forward . /etc/resolv.conf
  cache 30
}
`;

export function dnsServer({ image, replicas, size, targets }: DnsServerArgs): Workload {
  const configuration: KubeObject = chaosMeshObject(
    "v1",
    "ConfigMap",
    { name: DNS_SERVICE, part: "dns-server", namespaced: true },
    { data: { Corefile: CONFIGURATION } },
  );
  const made = workload({
    namespace: CHAOS_MESH_NAMESPACE,
    name: "chaos-mesh",
    component: "dns-server",
    objectName: DNS_SERVICE,
    image,
    replicas,
    size,
    args: ["-conf", `${FOLDER}/Corefile`],
    ports: [
      { ...DNS, servicePort: 53 },
      { ...DNS_TCP, servicePort: 53 },
      { ...GRPC, servicePort: GRPC.port },
      METRICS,
      HEALTH,
      READY,
    ],
    readiness: { how: { httpGet: "/ready", port: READY.name } },
    liveness: { how: { httpGet: "/health", port: HEALTH.name }, initialDelaySeconds: 60, timeoutSeconds: 5 },
    mounts: [{ volume: "configuration", path: FOLDER }],
    volumes: { configuration: { configMap: DNS_SERVICE } },
    restartsOn: [configuration],
    receives: [
      { from: controllerPods, ports: [GRPC.name], why: "the controller says which names to answer wrongly" },
      ...targets.map((namespace) => ({
        from: { namespace, pods: "all" as const },
        ports: [DNS.name, DNS_TCP.name],
        why: "targets of a DNS fault ask it for names",
      })),
    ],
    scrape: { port: METRICS.name },
    podDepartures: { apiToken: "it answers names of the cluster, whose Services it watches" },
  });
  return { ...made, objects: [configuration, ...made.objects] };
}
