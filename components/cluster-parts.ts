/**
 * What a cluster is made of: the table of contents. Each line is a component; order.ts reads from their objects which
 * comes before which.
 */
import { type AlertmanagerArgs, alertmanagerPart } from "./alertmanager";
import { type ArgoCdArgs, argoCdPart } from "./argo-cd";
import { type ArgoRolloutsArgs, argoRolloutsPart } from "./argo-rollouts";
import { type CertManagerArgs, certManagerPart } from "./cert-manager";
import { INJECT_ANNOTATION } from "./chaos-api";
import { type ChaosMeshArgs, chaosMeshPart } from "./chaos-mesh";
import { type ClusterBaseArgs, ClusterBaseChart } from "./cluster-base";
import { type ExternalSecretsArgs, externalSecretsPart } from "./external-secrets";
import { type GatekeeperArgs, gatekeeperPart } from "./gatekeeper";
import { type GrafanaArgs, grafanaPart } from "./grafana";
import { type Identity, IdentityChart } from "./identity";
import { istioPart, meshLabels } from "./istio";
import type { IstioArgs } from "./istio/settings";
import { type JaegerArgs, jaegerPart } from "./jaeger";
import { keyOf, objectsOf } from "./kube-object";
import { type KubeStateMetricsArgs, kubeStateMetricsPart } from "./kube-state-metrics";
import { type LokiArgs, lokiPart } from "./loki";
import { type MetricsServerArgs, metricsServerPart } from "./metrics-server";
import { type NodeExporterArgs, nodeExporterPart } from "./node-exporter";
import { type NodeHealthCheckArgs, nodeHealthCheckPart } from "./node-health-check";
import { type OpenTelemetryCollectorArgs, openTelemetryCollectorPart } from "./opentelemetry-collector";
import { IDENTITY, type Placed } from "./order";
import { OwnComponentError } from "./own-component";
import type { Part } from "./part";
import { placedObjects } from "./placed-objects";
import { type PrometheusArgs, prometheusPart } from "./prometheus";
import { type SloArgs, sloPart } from "./slo";
import { type StorageClassesArgs, StorageClassesChart } from "./storage-classes";
import { type ThanosArgs, thanosPart } from "./thanos";
import { type TierZeroArgs, tierZeroObjects } from "./tier-zero";
import { upstreamObjects } from "./upstream";
import { type VeleroArgs, veleroPart } from "./velero";
import { type VerticalPodAutoscalerArgs, verticalPodAutoscalerPart } from "./vertical-pod-autoscaler";

/** The type tokens of the components, `fleetwright:components:<Type>`: identity, never renamed for looks. */
const TYPES = {
  identity: "Identity",
  "cluster-base": "ClusterBase",
  "storage-classes": "StorageClasses",
  "cert-manager": "CertManager",
  "chaos-mesh": "ChaosMesh",
  gatekeeper: "Gatekeeper",
  istio: "Istio",
  "opentelemetry-collector": "OpenTelemetryCollector",
  thanos: "Thanos",
  slo: "Slo",
  velero: "Velero",
  "node-health-check": "NodeHealthCheck",
  "vertical-pod-autoscaler": "VerticalPodAutoscaler",
  "external-secrets": "ExternalSecrets",
  "kube-state-metrics": "KubeStateMetrics",
  "node-exporter": "NodeExporter",
  "metrics-server": "MetricsServer",
  prometheus: "Prometheus",
  jaeger: "Jaeger",
  loki: "Loki",
  "argo-cd": "ArgoCd",
  "argo-rollouts": "ArgoRollouts",
  alertmanager: "Alertmanager",
  grafana: "Grafana",
} as const;

/** A component of every cluster. */
export type ComponentName = keyof typeof TYPES;

/** What the components of one cluster need to know, beyond what they tell one another. */
export interface ClusterPlatformArgs {
  /** The mark of the cluster. */
  readonly identity: Identity;
  /** Namespaces, network, teams and tenants; what the other components add to them is not said again. */
  readonly base: Omit<ClusterBaseArgs, "platformNamespaces" | "flows" | "tenantLabels">;
  /** Storage classes; their CustomResourceDefinitions come by the upstream lock. */
  readonly storage: Omit<StorageClassesArgs, "snapshotCrds">;
  /** Certificates and the platform's CA. */
  readonly certManager: CertManagerArgs;
  /** Harm done on purpose, and the experiments that do it; undefined where it is off. */
  readonly chaosMesh: ChaosMeshArgs | undefined;
  /** Admission and audit by the rules. */
  readonly gatekeeper: GatekeeperArgs;
  /** What holds while Gatekeeper is down. */
  readonly tierZero: TierZeroArgs;
  /** The mesh; undefined where there is none, or someone else's. */
  readonly istio: IstioArgs | undefined;
  /** Telemetry, from pods to where it is stored. */
  readonly openTelemetryCollector: OpenTelemetryCollectorArgs;
  /** Metrics of all clusters; undefined on spokes, and where they are someone else's. */
  readonly thanos: ThanosArgs | undefined;
  /** What is promised of services. */
  readonly slo: SloArgs;
  /** Backups; undefined where there are none, or someone else's. */
  readonly velero: VeleroArgs | undefined;
  /** What becomes of lost nodes; undefined where nobody looks. */
  readonly nodeHealthCheck: NodeHealthCheckArgs | undefined;
  /** Recommended sizes, of what all the others run; undefined where nobody asks. */
  readonly verticalPodAutoscaler: Omit<VerticalPodAutoscalerArgs, "objects"> | undefined;
  /** Where what the components must not say is to be had; what they refer to is not said again. */
  readonly externalSecrets: Omit<ExternalSecretsArgs, "references">;
  /** Objects as metrics; undefined where someone else tells of them, or nobody. */
  readonly kubeStateMetrics: KubeStateMetricsArgs | undefined;
  /** Nodes as metrics; undefined where someone else tells of them, or nobody. */
  readonly nodeExporter: NodeExporterArgs | undefined;
  /** What pods use right now, for autoscalers; undefined where the cluster brings it along. */
  readonly metricsServer: MetricsServerArgs | undefined;
  /** Metrics and alerts of every component; undefined where someone else looks after them, or nobody. */
  readonly prometheus: PrometheusArgs | undefined;
  /** Traces; undefined where they are somebody else's, or off. */
  readonly jaeger: JaegerArgs | undefined;
  /** Logs; undefined on spokes, and where they are not kept here. */
  readonly loki: LokiArgs | undefined;
  /** Delivery of what tenants keep in Git; undefined where there is none. */
  readonly argoCd: ArgoCdArgs | undefined;
  /** Canaries; undefined where there are none. */
  readonly argoRollouts: ArgoRolloutsArgs | undefined;
  /** Brings alerts of all clusters to people; undefined on spokes, and where it is somebody else's. */
  readonly alertmanager: AlertmanagerArgs | undefined;
  /** What is looked at; undefined on spokes, and where it is someone else's. */
  readonly grafana: GrafanaArgs | undefined;
  /** What the team adds of its own. */
  readonly own: readonly Part[];
}

/** Makes one part from what it depends on, and from nothing else. Whoever asks for many variants of a cluster keeps what stays the same. */
export type MakePart = <Given extends readonly unknown[]>(part: (...given: Given) => Part, ...given: Given) => Part;

const madeAnew: MakePart = (part, ...given) => part(...given);

/** What each component comes to, in the order of this table; the first three make room for the others. */
export function clusterParts(args: ClusterPlatformArgs, made: MakePart = madeAnew): Part[] {
  const programs = [
    made(certManagerPart, args.certManager),
    made(gatekeeperPart, args.gatekeeper),
    ...(args.istio ? [made(istioPart, args.istio)] : []),
    made(openTelemetryCollectorPart, args.openTelemetryCollector),
    ...(args.kubeStateMetrics ? [made(kubeStateMetricsPart, args.kubeStateMetrics)] : []),
    ...(args.nodeExporter ? [made(nodeExporterPart, args.nodeExporter)] : []),
    ...(args.metricsServer ? [made(metricsServerPart, args.metricsServer)] : []),
    ...(args.thanos ? [made(thanosPart, args.thanos)] : []),
    ...(args.jaeger ? [made(jaegerPart, args.jaeger)] : []),
    ...(args.loki ? [made(lokiPart, args.loki)] : []),
    ...(args.argoCd ? [made(argoCdPart, args.argoCd)] : []),
    ...(args.argoRollouts ? [made(argoRolloutsPart, args.argoRollouts)] : []),
    made(sloPart, args.slo),
    ...(args.velero ? [made(veleroPart, args.velero)] : []),
    ...(args.nodeHealthCheck ? [made(nodeHealthCheckPart, args.nodeHealthCheck)] : []),
    ...(args.chaosMesh ? [made(chaosMeshPart, args.chaosMesh)] : []),
    ...(args.alertmanager ? [made(alertmanagerPart, args.alertmanager)] : []),
    ...(args.grafana ? [made(grafanaPart, args.grafana)] : []),
    ...args.own.map((part) => ({ ...part, name: ownName(part) })),
  ];
  // these look after all of the others
  const sizes = (parts: readonly Part[]) =>
    args.verticalPodAutoscaler ? [made(recommended, args.verticalPodAutoscaler, parts)] : [];
  // one recommends for the other, which watches the one
  const watched = [
    ...programs,
    ...(args.prometheus ? [made(prometheusPart, args.prometheus, [...programs, ...sizes([])])] : []),
  ];
  const sized = [...watched, ...sizes(watched)];
  const references = sized.flatMap(({ secrets }) => secrets ?? []);
  const parts = guarded([...sized, made(externalSecretsPart, { ...args.externalSecrets, references })], args.tierZero);
  return [
    made(identityPart, args.identity),
    made(clusterBasePart, clusterBase(args, parts)),
    made(storageClassesPart, args.storage),
    ...parts,
  ];
}

const NOTHING = { namespaces: [], flows: [] };

const identityPart = (args: Identity): Part => ({
  ...NOTHING,
  name: "identity",
  objects: objectsOf(new IdentityChart(args)),
});

const clusterBasePart = (args: ClusterBaseArgs): Part => ({
  ...NOTHING,
  name: "cluster-base",
  objects: objectsOf(new ClusterBaseChart(args)),
});

const storageClassesPart = (args: ClusterPlatformArgs["storage"]): Part => ({
  ...NOTHING,
  name: "storage-classes",
  objects: objectsOf(new StorageClassesChart({ ...args, snapshotCrds: upstreamObjects("csi-snapshot") })),
});

const recommended = (args: Omit<VerticalPodAutoscalerArgs, "objects">, parts: readonly Part[]) =>
  verticalPodAutoscalerPart({ ...args, objects: parts.flatMap(({ objects }) => objects) });

/** The parts, Gatekeeper with what guards it; which programs write into webhook configurations, the roles of all parts say. */
function guarded(parts: readonly Part[], args: TierZeroArgs): Part[] {
  const tierZero = tierZeroObjects(
    args,
    parts.flatMap(({ objects }) => objects),
  );
  return parts.map((part) =>
    part.name === "gatekeeper" ? { ...part, objects: [...part.objects, ...tierZero] } : part,
  );
}

/** The cluster base with what the other components add to it: their namespaces and their flows. */
export function clusterBase({ base, chaosMesh, istio }: ClusterPlatformArgs, parts: readonly Part[]): ClusterBaseArgs {
  return {
    ...base,
    platformNamespaces: [{ name: IDENTITY.namespace }, ...parts.flatMap(({ namespaces }) => namespaces)],
    ...(istio ? { tenantLabels: meshLabels(istio) } : {}),
    tenantAnnotations: Object.fromEntries((chaosMesh?.targets ?? []).map((target) => [target, INJECT_ANNOTATION])),
    flows: parts.flatMap(({ flows }) => flows),
  };
}

/**
 * Every object of a cluster, with the component it belongs to. Pure: tests and `fleetwright render` read it without an
 * engine.
 *
 * @throws Error with the sentence of the component whose arguments are wrong
 */
export function clusterObjects(args: ClusterPlatformArgs, parts = clusterParts(args)): Placed[] {
  const all = parts.flatMap(({ name, objects }) => placedObjects(name, objects));
  requireDistinct(all);
  return all;
}

/** @throws Error when a component of the team's own is called as one of the platform's */
function ownName({ name }: Part): string {
  if (!(name in TYPES)) return name;
  throw new OwnComponentError(
    `components/${name}: the platform has a component of that name, must have a name of its own`,
  );
}

/** @throws Error naming both components when two make the same object: an object has one owner */
function requireDistinct(all: readonly Placed[]): void {
  const owners = new Map<string, string>();
  for (const { component, object } of all) {
    const key = keyOf(object);
    const other = owners.get(key);
    if (other !== undefined)
      throw new OwnComponentError(`${key} is made by ${other} and by ${component}: an object has one owner`);
    owners.set(key, component);
  }
}

/** Type token of a component. */
export const componentType = (component: string) =>
  `fleetwright:components:${TYPES[component as ComponentName] ?? "OwnComponent"}`;
