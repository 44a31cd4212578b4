/**
 * Alertmanager: brings alerts of all clusters to whoever must act, once, and again while nobody does. On the hub only.
 *
 *     Prometheus of the hub ──────────────────────▶ each of the three ─┐
 *     Prometheus of a spoke ──▶ load balancer ─────▶ one of the three ─┴─▶ webhook, Slack, PagerDuty of a team
 *
 * @see https://prometheus.io/docs/alerting/latest/alertmanager/
 */
import { App, Chart } from "cdk8s";
import { ALERTMANAGER_ALERTS } from "./alertmanager/alerts";
import { ALERTMANAGER, ALERTMANAGER_NAMESPACE, ALERTMANAGER_PORT, program } from "./alertmanager/program";
import { DEAD_MANS_SWITCH } from "./alertmanager/receivers";
import { routing, type TeamAlerts } from "./alertmanager/routing";
import { requireCidr } from "./cidr";
import { ANYWHERE, type PodsPeer } from "./flow";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel, selectorLabels } from "./labels";
import { Manifest } from "./manifest";
import type { Part } from "./part";
import type { Issuer } from "./platform-certificate";
import type { Workload } from "./workload";
import type { Size } from "./workload/container";

export interface AlertmanagerArgs {
  /** Name of the environment, a DNS label: alerts of any other go to `owner` and nobody else. */
  readonly environment: string;
  /** Image, `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that certificates can be waited for. */
  readonly issuer: Issuer;
  /** Team that is told where no other is, a DNS label. */
  readonly owner: string;
  /** Teams by name, DNS labels, and how they are told. */
  readonly teams: Readonly<Record<string, TeamAlerts>>;
  /** Pods that send alerts from within this cluster. */
  readonly senders: readonly PodsPeer[];
  /** Names in the certificates of whoever may send alerts and ask for them, DNS names, at least one. */
  readonly clients: readonly string[];
  /** Where other clusters reach it. @default nowhere: there is no load balancer */
  readonly ingest?: AlertIngest | undefined;
  /** Secret in its namespace whose keys are the teams' names, and `dead-mans-switch`: an address or key each. @default alertmanager-receivers */
  readonly receiversSecretName?: string;
  /** Whether the alert that always fires is sent on, to a service that raises an alarm when it stops. @default false */
  readonly deadMansSwitch?: boolean;
  /** Pods, 2–7. @default 3, so that two still agree when one is away */
  readonly replicas?: number;
  /** GiB of each pod's volume, 1–100: silences and what was told. @default 1 */
  readonly storageGiB?: number;
  /** What one pod may use, memory at least 64 MiB. @default 50 millicores, 128 MiB */
  readonly size?: Size;
}

/** The load balancer by which other clusters reach it. */
export interface AlertIngest {
  /** DNS name of the load balancer; the certificate has it. */
  readonly host: string;
  /** What the cloud must know of the load balancer. */
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** Ranges from which it is reached, CIDR; empty for all. */
  readonly sourceRanges: readonly string[];
  /** Whether the cloud's load balancers keep a sender to one pod. Those of AWS are not made where a Service asks for that. */
  readonly keepsSenders: boolean;
}

/**
 * The manifests of Alertmanager.
 *
 * @throws Error naming the field, its value and the bound
 */
export class AlertmanagerChart extends Chart {
  constructor(args: AlertmanagerArgs) {
    super(new App(), ALERTMANAGER, { disableResourceNameHashes: true });
    for (const object of objects(args)) new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
  }
}

/** All of it. */
export function alertmanagerPart(args: AlertmanagerArgs): Part {
  const { departures, flows, scrapeTarget } = made(args);
  return {
    name: ALERTMANAGER,
    namespaces: [{ name: ALERTMANAGER_NAMESPACE }],
    flows,
    objects: objectsOf(new AlertmanagerChart(args)),
    scrapeTargets: scrapeTarget ? [scrapeTarget] : [],
    alerts: ALERTMANAGER_ALERTS,
    departures,
  };
}

function objects(args: AlertmanagerArgs): KubeObject[] {
  return [...made(args).objects, ...(args.ingest ? [loadBalancer(args.ingest)] : [])];
}

function made(args: AlertmanagerArgs): Workload {
  checkArgs(args);
  const { deadMansSwitch = false, environment, ingest, owner, senders, teams } = args;
  const outside = ingest && {
    cidrs: ingest.sourceRanges.length > 0 ? ingest.sourceRanges : ANYWHERE,
    reason: "other clusters come by the load balancer; who shows no certificate is not served",
  };
  return program({
    image: args.image,
    configuration: routing({ environment, owner, teams, deadMansSwitch }),
    replicas: args.replicas ?? 3,
    storageGiB: args.storageGiB ?? 1,
    size: args.size ?? { cpuMillicores: 50, memoryMiB: 128 },
    receiversSecretName: args.receiversSecretName ?? "alertmanager-receivers",
    ingestHost: ingest?.host,
    clients: args.clients,
    senders: [
      ...senders.map((from) => ({ from, why: "alerts of this cluster are sent" })),
      ...(outside ? [{ from: outside, why: "alerts of other clusters are sent" }] : []),
    ],
    issuer: args.issuer,
  });
}

/**
 * A sender keeps to one pod: an alert that reached one, and is renewed at another, would seem to be over to the first. Where
 * the cloud does not see to it, a sender does as long as its connection lives, which it keeps open between alerts.
 *
 * @see https://github.com/kubernetes/cloud-provider-aws refuses affinity by the client's address
 */
function loadBalancer({ keepsSenders, serviceAnnotations, sourceRanges }: AlertIngest): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `${ALERTMANAGER}-ingest`,
      namespace: ALERTMANAGER_NAMESPACE,
      labels: objectLabels(ALERTMANAGER, "server"),
      ...(Object.keys(serviceAnnotations).length > 0 ? { annotations: serviceAnnotations } : {}),
    },
    spec: {
      type: "LoadBalancer",
      selector: selectorLabels(ALERTMANAGER, "server"),
      ...(keepsSenders
        ? { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }
        : {}),
      // the sender's own address arrives, by which it is kept to one pod
      externalTrafficPolicy: "Local",
      ...(sourceRanges.length > 0 ? { loadBalancerSourceRanges: sourceRanges } : {}),
      ports: [{ name: "web", port: ALERTMANAGER_PORT, protocol: "TCP", targetPort: "web", appProtocol: "https" }],
    },
  };
}

/** @throws Error naming the field, its value and the bound */
function checkArgs(args: AlertmanagerArgs): void {
  const whose = ALERTMANAGER;
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`${whose}: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  if (args.image.trim() === "") {
    throw new Error(`${whose}: image is empty, must be registry/repository:tag@sha256:digest`);
  }
  for (const field of ["environment", "owner"] as const) requireDnsLabel(whose, field, args[field]);
  for (const [team, { escalation }] of Object.entries(args.teams)) {
    requireDnsLabel(whose, "a team", team);
    if (team === DEAD_MANS_SWITCH) {
      throw new Error(`${whose}: teams has "${team}", must be another name: it is that of what always fires`);
    }
    if (escalation === undefined) continue;
    const others = Object.keys(args.teams).filter((other) => other !== team);
    if (!others.includes(escalation.team)) {
      throw new Error(
        `${whose}: teams.${team}.escalation.team is "${escalation.team}", must be another team: ${others.join(", ") || "there is none"}`,
      );
    }
    const field = `teams.${team}.escalation.afterMinutes`;
    between(field, escalation.afterMinutes, 1, 1440, "within a day somebody must have looked");
  }
  if (args.clients.length === 0) {
    throw new Error(`${whose}: clients is empty, must name one at least, or nobody could send alerts`);
  }
  for (const range of args.ingest?.sourceRanges ?? []) requireCidr(whose, "ingest.sourceRanges", range);
  between("replicas", args.replicas, 2, 7, "one must be left when a node is drained, and all talk to all");
  between("storageGiB", args.storageGiB, 1, 100, "silences and what was told are small");
  between("size.memoryMiB", args.size?.memoryMiB, 64, 65_536, "all alerts are in memory");
}
