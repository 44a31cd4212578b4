/**
 * Prometheus: keeps the metrics of one cluster for days, evaluates its alerts, and sends both on.
 *
 *     scrape targets of all components ─▶ PodMonitor ────┐
 *     alerts of all components ─▶ PrometheusRule ────────┼─ operator ─▶ Prometheus ─┬─ samples ─▶ long-term storage
 *     kubelets, containers, kube-apiserver ─▶ Secret ────┘              (two)       └─ alerts ─▶ Alertmanagers of the hub
 *
 * The CustomResourceDefinitions are upstream's, those that are used.
 *
 * @see https://prometheus-operator.dev/
 */
import { App, Chart } from "cdk8s";
import { ANYWHERE, type Flow, toApiServer } from "./flow";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import type { Issuer } from "./platform-certificate";
import type { AlertReceiver } from "./prometheus/alertmanagers";
import { PROMETHEUS_ALERTS } from "./prometheus/alerts";
import type { KubeletCertificates } from "./prometheus/cluster-scrapes";
import { discovery } from "./prometheus/discovery";
import { PROMETHEUS_NAMESPACE, PROMETHEUS_PODS, PROMETHEUS_PORT, RELOADER_PORT } from "./prometheus/names";
import { operator } from "./prometheus/operator";
import { podMonitors } from "./prometheus/pod-monitors";
import { alertRules } from "./prometheus/rules";
import { type RemoteWrite, server } from "./prometheus/server";
import { type ScrapeTarget, scrapeFlows } from "./scrape-target";
import { upstreamObjects } from "./upstream";
import type { Workload } from "./workload";
import type { Size } from "./workload/container";
import type { Departure } from "./workload/departures";

/** Images, as the image lock gives them: `registry/repository:tag@sha256:digest`. */
export interface PrometheusImages {
  readonly prometheus: string;
  readonly operator: string;
  /** Beside each Prometheus: reloads its configuration. */
  readonly reloader: string;
}

export interface PrometheusArgs {
  /** Name of the environment, a DNS label: `environment` of every series and alert that leaves the cluster. */
  readonly environment: string;
  /** Name of the cluster, a DNS label: `cluster` of every series and alert that leaves the cluster. */
  readonly cluster: string;
  /** Team that is told of the platform's own alerts, a DNS label. */
  readonly owner: string;
  /** What runs: Prometheus, its operator, and what reloads its configuration. */
  readonly images: PrometheusImages;
  /** Version of the Prometheus image, `MAJOR.MINOR.PATCH`: the operator writes what that version reads. */
  readonly version: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that certificates can be waited for. */
  readonly issuer: Issuer;
  /** Pods of Prometheus, 2–4; each scrapes and evaluates everything. @default 2, so that one is left when a node is drained */
  readonly replicas?: number;
  /** Days of samples, 1–90; older ones go first. @default 15, Prometheus' own */
  readonly retentionDays?: number;
  /** GiB of each pod's volume, 5–4096; samples take at most 80 % of it. @default 50: 15 days of 100000 series at 30 s and 1.7 bytes need 8, twentyfold room is cheap */
  readonly storageGiB?: number;
  /** StorageClass of the volumes, a DNS label. @default the cluster's default class */
  readonly storageClassName?: string | undefined;
  /** What one Prometheus may use, memory at least 512 MiB. @default 500 millicores, 2048 MiB: about 4 KiB per series and 300000 of them */
  readonly size?: Size;
  /** What the operator may use. @default 100 millicores, 200 MiB, upstream's own */
  readonly operatorSize?: Size;
  /** Long-term storage that every sample is sent to as well. @default none: samples are gone after `retentionDays` */
  readonly remoteWrite?: RemoteWrite | undefined;
  /** Where alerts are sent. @default nowhere: they are seen in Prometheus alone */
  readonly alertReceiver?: AlertReceiver | undefined;
  /** Address of the page of runbooks, https and without `#`, that every alert names its section of. @default none: alerts name no page */
  readonly runbookBaseUrl?: string | undefined;
  /** How kubelets' certificates are judged: against the cluster's CA, or not at all. @default verified */
  readonly kubeletCertificates?: KubeletCertificates;
}

/** What Prometheus must know of another component. */
export type Watched = Pick<Part, "name" | "scrapeTargets" | "alerts">;

const SIZE: Size = { cpuMillicores: 500, memoryMiB: 2048 };
const OPERATOR_SIZE: Size = { cpuMillicores: 100, memoryMiB: 200 };

/**
 * The manifests of Prometheus in one cluster.
 *
 * @param watched the components whose metrics and alerts it looks after
 * @throws Error naming the field, its value and the bound; an alert that is misspelt; an upstream file that is not here
 */
export class PrometheusChart extends Chart {
  constructor(args: PrometheusArgs, watched: readonly Watched[]) {
    super(new App(), "prometheus", { disableResourceNameHashes: true });
    checkArgs(args);
    for (const object of objects(args, watched)) {
      const { kind, metadata } = object;
      new Manifest(this, [kind, metadata.namespace, metadata.name].filter(Boolean).join("-"), object);
    }
  }
}

/** Whom Prometheus and its operator connect to, and who connects to them. */
export function prometheusFlows(args: PrometheusArgs, watched: readonly Watched[]): Flow[] {
  const { alertReceiver, remoteWrite } = args;
  return [
    ...workload(args).flows,
    ...scrapeFlows(PROMETHEUS_PODS, allTargets(args, watched)),
    toApiServer(PROMETHEUS_PODS, "it finds pods and nodes there, and scrapes kube-apiserver"),
    {
      from: PROMETHEUS_PODS,
      to: { cidrs: ANYWHERE, reason: "kubelets listen on their nodes' addresses, which come and go" },
      ports: [{ port: 10_250, protocol: "TCP" }],
      why: "kubelets tell of themselves and of the containers they run",
    },
    ...(remoteWrite
      ? [
          {
            from: PROMETHEUS_PODS,
            to: remoteWrite.to,
            ports: remoteWrite.ports,
            why: "samples are kept for longer",
          },
        ]
      : []),
    ...(alertReceiver
      ? [{ from: PROMETHEUS_PODS, to: alertReceiver.to, ports: alertReceiver.ports, why: "alerts are sent" }]
      : []),
  ];
}

/** Metrics of Prometheus, of the program beside it, and of the operator. */
export function prometheusScrapeTargets(args: PrometheusArgs): ScrapeTarget[] {
  const { namespace, pods } = PROMETHEUS_PODS;
  const own = [PROMETHEUS_PORT, RELOADER_PORT].map(
    (port): ScrapeTarget => ({ namespace, pods: pods === "all" ? {} : pods, port, path: "/metrics", scheme: "http" }),
  );
  return [...own, ...[workload(args).scrapeTarget].filter((target) => target !== undefined)];
}

/** Where its pods are less safe than every workload is by default. */
export function prometheusDepartures(args: PrometheusArgs): Departure[] {
  const server = `${PROMETHEUS_NAMESPACE}/prometheus`;
  return [
    ...workload(args).departures,
    {
      workload: server,
      departure: "apiToken",
      reason: "it finds what to scrape at kube-apiserver and shows the token to kubelets",
    },
  ];
}

/** All of it. */
export function prometheusPart(args: PrometheusArgs, watched: readonly Watched[]): Part {
  return {
    name: "prometheus",
    namespaces: [{ name: PROMETHEUS_NAMESPACE }],
    flows: prometheusFlows(args, watched),
    objects: objectsOf(new PrometheusChart(args, watched)),
    scrapeTargets: prometheusScrapeTargets(args),
    alerts: PROMETHEUS_ALERTS,
    departures: prometheusDepartures(args),
  };
}

function objects(args: PrometheusArgs, watched: readonly Watched[]): KubeObject[] {
  const targets = allTargets(args, watched);
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))].sort();
  const groups = watched.map(({ alerts = [], name }) => ({ name, alerts }));
  return [
    ...upstreamObjects("prometheus-operator").map((definition) =>
      withLabels(withoutDescriptions(definition), objectLabels("prometheus-operator")),
    ),
    ...workload(args).objects,
    ...discovery(namespaces),
    ...server({
      replicas: 2,
      retentionDays: 15,
      storageGiB: 50,
      size: SIZE,
      kubeletCertificates: "verified",
      ...args,
      image: args.images.prometheus,
      storageClassName: args.storageClassName,
      remoteWrite: args.remoteWrite,
      alertReceiver: args.alertReceiver,
    }),
    ...podMonitors(targets),
    ...alertRules([...groups, { name: "prometheus", alerts: PROMETHEUS_ALERTS }], args.owner, args.runbookBaseUrl),
  ];
}

const allTargets = (args: PrometheusArgs, watched: readonly Watched[]): ScrapeTarget[] => [
  ...watched.flatMap(({ scrapeTargets = [] }) => scrapeTargets),
  ...prometheusScrapeTargets(args),
];

function workload({ images, operatorSize = OPERATOR_SIZE }: PrometheusArgs): Workload {
  return operator({ image: images.operator, reloaderImage: images.reloader, size: operatorSize });
}

/** @throws Error naming the field, its value and the bound */
function checkArgs(args: PrometheusArgs): void {
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`prometheus: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  for (const field of ["environment", "cluster", "owner"] as const) requireDnsLabel("prometheus", field, args[field]);
  requireDnsLabel("prometheus", "issuer.name", args.issuer.name);
  if (!/^[0-9]+\.[0-9]+\.[0-9]+$/.test(args.version)) {
    throw new Error(`prometheus: version is "${args.version}", must be that of the image, such as 3.13.5`);
  }
  for (const [program, image] of Object.entries(args.images)) {
    if (image.trim() !== "") continue;
    throw new Error(`prometheus: images.${program} is empty, must be registry/repository:tag@sha256:digest`);
  }
  between("replicas", args.replicas, 2, 4, "one must be left when a node is drained, and each scrapes everything");
  between("retentionDays", args.retentionDays, 1, 90, "what must last longer belongs in long-term storage");
  between("storageGiB", args.storageGiB, 5, 4096, "the write-ahead log alone takes some");
  between("size.cpuMillicores", args.size?.cpuMillicores, 50, 64_000, "every 30 s it scrapes and evaluates all");
  between("size.memoryMiB", args.size?.memoryMiB, 512, 1_048_576, "the last two hours are in memory");
}
