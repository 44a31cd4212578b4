/**
 * Prometheus itself: the custom resource from which the operator makes a StatefulSet of two, and what stands around it.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Prometheus
 */
import type { FlowPort, Peer } from "../flow";
import type { KubeObject } from "../kube-object";
import { type Labels, objectLabels } from "../labels";
import { type Issuer, platformCertificate } from "../platform-certificate";
import { bytesQuantity, cpuQuantity } from "../quantity";
import type { Size } from "../workload/container";
import { disruptionBudget, serviceAccount } from "../workload/objects";
import { type AlertReceiver, alertmanagerConfigs } from "./alertmanagers";
import { clusterScrapes, type KubeletCertificates } from "./cluster-scrapes";
import { PROMETHEUS, PROMETHEUS_HOST, PROMETHEUS_NAMESPACE, PROMETHEUS_PODS, PROMETHEUS_PORT } from "./names";
import { mutualTls, TLS_SECRET } from "./server-tls";

/** Where samples are kept for longer. Both ends show certificates of the platform's CA. */
export interface RemoteWrite {
  /** `https://host:port/path`. */
  readonly url: string;
  /** Name in the receiver's certificate. */
  readonly serverName: string;
  /** Who answers there, for the network policy, with the port as it listens. */
  readonly to: Peer;
  readonly ports: readonly FlowPort[];
}

export interface ServerArgs {
  /** Name of the environment: label of every series that leaves the cluster. */
  readonly environment: string;
  /** Name of the cluster: label of every series that leaves the cluster. */
  readonly cluster: string;
  /** Image of Prometheus. */
  readonly image: string;
  /** Version of that image, `3.13.5`: the operator writes the configuration that this version reads. */
  readonly version: string;
  /** Pods. */
  readonly replicas: number;
  /** Days of samples. */
  readonly retentionDays: number;
  /** GiB of the volume of each pod. */
  readonly storageGiB: number;
  /** StorageClass of the volumes; undefined for the default one. */
  readonly storageClassName: string | undefined;
  /** What one pod may use. */
  readonly size: Size;
  /** Long-term storage, if any. */
  readonly remoteWrite: RemoteWrite | undefined;
  /** Where alerts go, if anywhere. */
  readonly alertReceiver: AlertReceiver | undefined;
  /** How kubelets' certificates are judged. */
  readonly kubeletCertificates: KubeletCertificates;
  /** Who signs the certificate that Prometheus shows. */
  readonly issuer: Issuer;
}

/** Name of the headless Service that gives each pod a name. */
const GOVERNING = `${PROMETHEUS}-pods`;

/** Secret of plain configuration, for the operator takes it from nowhere else. Nothing in it is secret. */
const ADDITIONAL = `${PROMETHEUS}-additional`;
const SCRAPES = "scrape-configs.yaml";
const ALERTMANAGERS = "alertmanagers.yaml";

const labels = objectLabels(PROMETHEUS, "server");
const selector: Labels = PROMETHEUS_PODS.pods === "all" ? {} : PROMETHEUS_PODS.pods;
const pods = { namespace: PROMETHEUS_NAMESPACE, name: PROMETHEUS, labels, selector };

/** Labels that the operator itself gives to the pods: it takes no governing Service that selects by any other. */
const OPERATED: Labels = { "app.kubernetes.io/name": PROMETHEUS, "app.kubernetes.io/instance": PROMETHEUS };

/** ServiceAccount, Services, budget, certificate, additional configuration and the custom resource. */
export function server(args: ServerArgs): KubeObject[] {
  return [
    serviceAccount(pods),
    service(PROMETHEUS, {}),
    service(GOVERNING, { clusterIP: "None", publishNotReadyAddresses: true, selector: OPERATED }),
    ...disruptionBudget(pods, args.replicas),
    platformCertificate({
      namespace: PROMETHEUS_NAMESPACE,
      name: PROMETHEUS,
      labels,
      dnsNames: [PROMETHEUS_HOST],
      issuer: args.issuer,
    }),
    additionalConfiguration(args),
    prometheus(args),
  ];
}

function service(name: string, spec: object): KubeObject {
  const web = { name: "web", port: PROMETHEUS_PORT, protocol: "TCP", targetPort: "web" };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: PROMETHEUS_NAMESPACE, labels },
    spec: { type: "ClusterIP", selector, ...spec, ports: [web] },
  };
}

function additionalConfiguration({ alertReceiver, kubeletCertificates }: ServerArgs): KubeObject {
  const files = {
    [SCRAPES]: clusterScrapes(kubeletCertificates),
    ...(alertReceiver ? { [ALERTMANAGERS]: alertmanagerConfigs(alertReceiver) } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: ADDITIONAL, namespace: PROMETHEUS_NAMESPACE, labels },
    type: "Opaque",
    data: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString("base64")])),
  };
}

function prometheus(args: ServerArgs): KubeObject {
  const { alertReceiver, cluster, environment, image, remoteWrite, replicas, retentionDays, size, version } = args;
  const { cpuMillicores, memoryMiB, memoryLimitMiB = memoryMiB } = size;
  const key = (name: string) => ({ name: ADDITIONAL, key: name });
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: { name: PROMETHEUS, namespace: PROMETHEUS_NAMESPACE, labels },
    spec: {
      image,
      version,
      replicas,
      serviceName: GOVERNING,
      serviceAccountName: PROMETHEUS,
      enableServiceLinks: false,
      priorityClassName: "platform",
      nodeSelector: { "kubernetes.io/os": "linux" },
      podMetadata: { labels: { "app.kubernetes.io/component": "server", "app.kubernetes.io/part-of": "fleetwright" } },
      topologySpreadConstraints: spread(),
      // the user that upstream's image declares
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_534,
        runAsGroup: 65_534,
        fsGroup: 65_534,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      resources: {
        requests: { cpu: cpuQuantity(cpuMillicores), memory: bytesQuantity(memoryMiB) },
        limits: { memory: bytesQuantity(memoryLimitMiB) },
      },
      // one replica's series and the other's differ in `replica` alone, by which long-term storage merges them
      externalLabels: { cluster, environment },
      replicaExternalLabelName: "replica",
      prometheusExternalLabelName: "",
      scrapeInterval: "30s",
      scrapeTimeout: "10s",
      evaluationInterval: "30s",
      // only what stands in this namespace: no tenant can make Prometheus ask or tell anything
      podMonitorSelector: {},
      serviceMonitorSelector: {},
      ruleSelector: {},
      additionalScrapeConfigs: key(SCRAPES),
      ...(alertReceiver ? { additionalAlertManagerConfigs: key(ALERTMANAGERS) } : {}),
      // a target that grows without bound fails alone
      enforcedSampleLimit: 100_000,
      enforcedLabelValueLengthLimit: 2048,
      retention: `${retentionDays}d`,
      // the rest of the volume is for the write-ahead log and for compaction
      retentionSize: `${Math.floor(args.storageGiB * 1024 * 0.8)}MB`,
      tsdb: { outOfOrderTimeWindow: "10m" },
      walCompression: true,
      storage: {
        volumeClaimTemplate: {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: bytesQuantity(args.storageGiB * 1024) } },
            ...(args.storageClassName === undefined ? {} : { storageClassName: args.storageClassName }),
          },
        },
      },
      secrets: [TLS_SECRET],
      ...(remoteWrite ? { remoteWrite: [toLongTermStorage(remoteWrite)] } : {}),
    },
  };
}

function toLongTermStorage({ serverName, url }: RemoteWrite): object {
  return {
    name: "long-term",
    url,
    remoteTimeout: "30s",
    sendExemplars: true,
    tlsConfig: mutualTls(serverName),
    // upstream's own but for the shards: 200 of them would drown a receiver that comes back
    queueConfig: { capacity: 10_000, maxSamplesPerSend: 2000, maxShards: 20, retryOnRateLimit: true },
    metadataConfig: { send: true, sendInterval: "1m" },
  };
}

/** As the pods of every other workload are spread. */
function spread(): object[] {
  const common = { maxSkew: 1, labelSelector: { matchLabels: selector }, nodeTaintsPolicy: "Honor" };
  return [
    { ...common, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
    { ...common, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ];
}
