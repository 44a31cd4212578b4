/**
 * What a cluster is made of: the table of contents. Each line is a component; order.ts reads from their objects which
 * comes before which.
 */
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { type AlertmanagerArgs, alertmanagerPart } from "./alertmanager";
import { type ArgoCdArgs, argoCdPart } from "./argo-cd";
import { type ArgoRolloutsArgs, argoRolloutsPart } from "./argo-rollouts";
import { type CertManagerArgs, certManagerPart } from "./cert-manager";
import { INJECT_ANNOTATION } from "./chaos-api";
import { type ChaosMeshArgs, chaosMeshPart } from "./chaos-mesh";
import { type ClusterBaseArgs, ClusterBaseChart } from "./cluster-base";
import { deletedAtOnce } from "./deletion";
import { type ExternalSecretsArgs, externalSecretsPart } from "./external-secrets";
import { type GatekeeperArgs, gatekeeperPart } from "./gatekeeper";
import { type Identity, IdentityChart } from "./identity";
import { istioPart, meshLabels } from "./istio";
import type { IstioArgs } from "./istio/settings";
import { type JaegerArgs, jaegerPart } from "./jaeger";
import { type KubeObject, keyOf, objectsOf } from "./kube-object";
import { type KubeStateMetricsArgs, kubeStateMetricsPart } from "./kube-state-metrics";
import { type LokiArgs, lokiPart } from "./loki";
import { type MetricsServerArgs, metricsServerPart } from "./metrics-server";
import { type NodeExporterArgs, nodeExporterPart } from "./node-exporter";
import { type NodeHealthCheckArgs, nodeHealthCheckPart } from "./node-health-check";
import { registerObjects } from "./objects";
import { type OpenTelemetryCollectorArgs, openTelemetryCollectorPart } from "./opentelemetry-collector";
import { IDENTITY, type Placed } from "./order";
import { OwnComponentError } from "./own-component";
import type { Part } from "./part";
import { type PrometheusArgs, prometheusPart } from "./prometheus";
import { type SloArgs, sloPart } from "./slo";
import { type StorageClassesArgs, StorageClassesChart } from "./storage-classes";
import { type ThanosArgs, thanosPart } from "./thanos";
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
  alertmanager: "Alertmanager",
  jaeger: "Jaeger",
  loki: "Loki",
  "argo-cd": "ArgoCd",
  "argo-rollouts": "ArgoRollouts",
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
  /** Brings alerts of all clusters to people; undefined on spokes, and where it is somebody else's. */
  readonly alertmanager: AlertmanagerArgs | undefined;
  /** Traces; undefined where they are somebody else's, or off. */
  readonly jaeger: JaegerArgs | undefined;
  /** Logs; undefined on spokes, and where they are not kept here. */
  readonly loki: LokiArgs | undefined;
  /** Delivery of what tenants keep in Git; undefined where there is none. */
  readonly argoCd: ArgoCdArgs | undefined;
  /** Canaries; undefined where there are none. */
  readonly argoRollouts: ArgoRolloutsArgs | undefined;
  /** What the team adds of its own. */
  readonly own: readonly Part[];
}

/** What each component comes to, in the order of this table; the first three make room for the others. */
export function clusterParts(args: ClusterPlatformArgs): Part[] {
  const programs = [
    certManagerPart(args.certManager),
    gatekeeperPart(args.gatekeeper),
    ...(args.istio ? [istioPart(args.istio)] : []),
    openTelemetryCollectorPart(args.openTelemetryCollector),
    ...(args.kubeStateMetrics ? [kubeStateMetricsPart(args.kubeStateMetrics)] : []),
    ...(args.nodeExporter ? [nodeExporterPart(args.nodeExporter)] : []),
    ...(args.alertmanager ? [alertmanagerPart(args.alertmanager)] : []),
    ...(args.metricsServer ? [metricsServerPart(args.metricsServer)] : []),
    ...(args.thanos ? [thanosPart(args.thanos)] : []),
    ...(args.jaeger ? [jaegerPart(args.jaeger)] : []),
    ...(args.loki ? [lokiPart(args.loki)] : []),
    ...(args.argoCd ? [argoCdPart(args.argoCd)] : []),
    ...(args.argoRollouts ? [argoRolloutsPart(args.argoRollouts)] : []),
    sloPart(args.slo),
    ...(args.velero ? [veleroPart(args.velero)] : []),
    ...(args.nodeHealthCheck ? [nodeHealthCheckPart(args.nodeHealthCheck)] : []),
    ...(args.chaosMesh ? [chaosMeshPart(args.chaosMesh)] : []),
    ...args.own.map((part) => ({ ...part, name: ownName(part) })),
  ];
  // these look after all of the others
  const watched = [...programs, ...(args.prometheus ? [prometheusPart(args.prometheus, programs)] : [])];
  const sized = [...watched, ...(args.verticalPodAutoscaler ? [recommended(args.verticalPodAutoscaler, watched)] : [])];
  const references = sized.flatMap(({ secrets }) => secrets ?? []);
  const parts = [...sized, externalSecretsPart({ ...args.externalSecrets, references })];
  return [
    { ...NOTHING, name: "identity", objects: objectsOf(new IdentityChart(args.identity)) },
    { ...NOTHING, name: "cluster-base", objects: objectsOf(new ClusterBaseChart(baseFor(args, parts))) },
    {
      ...NOTHING,
      name: "storage-classes",
      objects: objectsOf(new StorageClassesChart({ ...args.storage, snapshotCrds: upstreamObjects("csi-snapshot") })),
    },
    ...parts,
  ];
}

const recommended = (args: Omit<VerticalPodAutoscalerArgs, "objects">, parts: readonly Part[]) =>
  verticalPodAutoscalerPart({ ...args, objects: parts.flatMap(({ objects }) => objects) });

const NOTHING = { namespaces: [], flows: [] };

/** The cluster base with what the other components add to it: their namespaces and their flows. */
export const clusterBase = (args: ClusterPlatformArgs) => baseFor(args, clusterParts(args));

function baseFor({ base, chaosMesh, istio }: ClusterPlatformArgs, parts: readonly Part[]): ClusterBaseArgs {
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
export function clusterObjects(args: ClusterPlatformArgs): Placed[] {
  const all = clusterParts(args).flatMap(({ name, objects }) => placedObjects(name, objects));
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

/** How one cluster is reached, and what it gets. */
export interface ClusterArgs {
  /** Path of the kubeconfig; relative ones start at the project. */
  readonly kubeconfig: string;
  /** Context of the cluster in it. */
  readonly context: string;
  /** `<environment>/<cluster>`: what the cluster is, wherever it is reached; only another one replaces anything. */
  readonly clusterIdentifier: string;
  /** All that it gets, in any order. */
  readonly objects: readonly Placed[];
  /** Keys of the objects that a preview announces as replaced. */
  readonly replaced: ReadonlySet<string>;
  /** Whether fields that other managers own are taken over, as when a cluster is adopted. */
  readonly takeOver: boolean;
}

/** Type token of a cluster. */
export const PLATFORM_TYPE = "fleetwright:components:ClusterPlatform";

/** Type token of a component. */
export const componentType = (component: string) =>
  `fleetwright:components:${TYPES[component as ComponentName] ?? "OwnComponent"}`;

/** What a cluster's provider is told. Without the last two a changed ConfigMap or Secret would be replaced, and its readers would miss it meanwhile. */
export function providerArgs({
  clusterIdentifier,
  context,
  kubeconfig,
}: Pick<ClusterArgs, "clusterIdentifier" | "context" | "kubeconfig">) {
  return { kubeconfig, context, clusterIdentifier, enableConfigMapMutable: true, enableSecretMutable: true };
}

/** One cluster of the fleet: its provider, its components and their objects. */
export class ClusterPlatform extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(PLATFORM_TYPE, name, {}, opts);
    const { objects, replaced, takeOver } = args;
    const provider = new Provider(name, providerArgs(args), { parent: this });
    const placedHere = takeOver ? objects.map(takenOver) : objects;
    registerObjects(name, placedHere, componentType, { parent: this, provider, replaced });
    this.registerOutputs({});
  }
}

/**
 * The label tells our objects from others'. The annotation names one field manager for all time: the provider's own is
 * random and kept in the state, so that an object whose state was lost would conflict with itself.
 */
function placedObjects(component: string, objects: readonly KubeObject[]): Placed[] {
  return objects.map((object) => ({
    component,
    object: marked(
      deletedAtOnce(object),
      { "app.kubernetes.io/managed-by": "fleetwright" },
      { "pulumi.com/patchFieldManager": "fleetwright" },
    ),
  }));
}

const takenOver = ({ component, object }: Placed): Placed => ({
  component,
  object: marked(object, {}, { "pulumi.com/patchForce": "true" }),
});

function marked(object: KubeObject, labels: Record<string, string>, annotations: Record<string, string>): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: { ...metadata.annotations, ...annotations },
    },
  };
}
