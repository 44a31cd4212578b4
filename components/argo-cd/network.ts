/**
 * Who connects to Argo CD's programs, and whom they connect to.
 *
 *     server ─┬─▶ repo server ──▶ repositories
 *     controller ─┤     │
 *     ApplicationSet ┘  ▼
 *     server, controller, repo server ──▶ redis        server, controller ──▶ API servers of all clusters
 */
import { ANYWHERE, API_SERVER_PORTS, type Flow, type PodsPeer, toApiServer } from "../flow";
import type { ScrapeTarget } from "../scrape-target";
import type { Departure } from "../workload/departures";
import { ARGO_CD_NAMESPACE } from "./projects";
import type { ArgoCdHub } from "./settings";

const pods = (name: string): PodsPeer => ({
  namespace: ARGO_CD_NAMESPACE,
  pods: { "app.kubernetes.io/name": name }, // upstream's selector
});

const CONTROLLER = pods("argocd-application-controller");
const APPLICATION_SET = pods("argocd-applicationset-controller");
const SERVER = pods("argocd-server");
const REPO_SERVER = pods("argocd-repo-server");
const REDIS = pods("argocd-redis");

const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" as const }));

export function argoCdFlows({ apiServerCidrs = [], singleSignOn }: ArgoCdHub): Flow[] {
  const outside = (reason: string) => ({ cidrs: ANYWHERE, reason });
  return [
    ...[CONTROLLER, APPLICATION_SET, SERVER].map((from) => ({
      from,
      to: REPO_SERVER,
      ports: tcp(8081),
      why: "manifests are made from repositories",
    })),
    ...[CONTROLLER, SERVER, REPO_SERVER].map((from) => ({
      from,
      to: REDIS,
      ports: tcp(6379),
      why: "what was read and compared is kept for the next time",
    })),
    toApiServer(CONTROLLER, "it watches Applications, and compares and writes what is synchronised"),
    toApiServer(APPLICATION_SET, "it makes Applications"),
    toApiServer(SERVER, "it shows and changes Applications"),
    ...(apiServerCidrs.length > 0
      ? [CONTROLLER, SERVER].map((from) => ({
          from,
          to: { cidrs: apiServerCidrs, reason: "API servers of other clusters are no pods of this one" },
          ports: API_SERVER_PORTS,
          why: "objects of the other clusters are compared, written and shown",
        }))
      : []),
    {
      from: REPO_SERVER,
      to: outside("code hosts have names, and NetworkPolicies know none"),
      ports: tcp(443, 22),
      why: "repositories are read, by HTTPS or SSH",
    },
    ...(singleSignOn
      ? [
          {
            from: SERVER,
            to: outside("the provider of identities has a name, and NetworkPolicies know none"),
            ports: tcp(443),
            why: "it asks the provider who somebody is",
          },
        ]
      : []),
  ];
}

/** Metrics of its programs; the cache has none. */
export function argoCdScrapeTargets(): ScrapeTarget[] {
  const target = ({ namespace, pods: labels }: PodsPeer, port: number): ScrapeTarget => ({
    namespace,
    pods: labels === "all" ? {} : labels,
    port,
    path: "/metrics",
    scheme: "http",
  });
  return [target(CONTROLLER, 8082), target(SERVER, 8083), target(REPO_SERVER, 8084), target(APPLICATION_SET, 8080)];
}

/** Where its pods are less safe than every workload is by default. */
export function argoCdDepartures(): Departure[] {
  const token = (name: string, reason: string) => ({
    workload: `${ARGO_CD_NAMESPACE}/${name}`,
    departure: "apiToken",
    reason,
  });
  const single = (name: string, reason: string) => ({
    workload: `${ARGO_CD_NAMESPACE}/${name}`,
    departure: "singleReplica",
    reason,
  });
  return [
    token("argocd-application-controller", "it watches Applications and writes their state"),
    token("argocd-applicationset-controller", "it makes Applications"),
    token("argocd-server", "it shows and changes Applications and projects"),
    single(
      "argocd-application-controller",
      "a second one would share clusters, not take over; the cluster's state is compared again after a restart",
    ),
    single("argocd-redis", "it is a cache: what is lost is read and compared again"),
  ];
}
