/**
 * Alertmanager as a workload: three that know one another, each of which is told every alert; which of them notifies
 * follows from their order, and the others wait whether it did.
 *
 * @see https://prometheus.io/docs/alerting/latest/high_availability/
 */
import { stringify } from "yaml";
import { ANYWHERE, type Peer } from "../flow";
import type { KubeObject } from "../kube-object";
import { objectLabels, selectorLabels } from "../labels";
import { type Issuer, platformCertificate, tlsSecret } from "../platform-certificate";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { RECEIVERS_FOLDER } from "./receivers";

/** Where it runs; the cluster base makes the namespace. */
export const ALERTMANAGER_NAMESPACE = "alertmanager";

/** Name of its objects. */
export const ALERTMANAGER = "alertmanager";

/** Port of its API, in the pod, of its Service and of the load balancer. */
export const ALERTMANAGER_PORT = 9093;

/** Name in its certificate. */
export const ALERTMANAGER_HOST = `${ALERTMANAGER}.${ALERTMANAGER_NAMESPACE}.svc`;

/** Name that has the address of each pod. */
export const ALERTMANAGER_PODS_HOST = `${ALERTMANAGER}-pods.${ALERTMANAGER_NAMESPACE}.svc`;

export interface ProgramArgs {
  /** Image. */
  readonly image: string;
  /** The routing, as YAML. */
  readonly configuration: string;
  /** Pods. */
  readonly replicas: number;
  /** GiB of each pod's volume. */
  readonly storageGiB: number;
  /** What one pod may use. */
  readonly size: Size;
  /** Secret with one key per team. */
  readonly receiversSecretName: string;
  /** Name by which other clusters reach it; undefined where there are none. */
  readonly ingestHost: string | undefined;
  /** Names in the certificates of whoever may ask it. */
  readonly clients: readonly string[];
  /** Who connects to it. */
  readonly senders: readonly { readonly from: Peer; readonly why: string }[];
  /** Who signs its certificate. */
  readonly issuer: Issuer;
}

const WEB = { name: "web", port: ALERTMANAGER_PORT, servicePort: ALERTMANAGER_PORT, appProtocol: "https" };
const GOSSIP = 9094;

const CONFIGURATION_FOLDER = "/etc/alertmanager";
const TLS_FOLDER = "/etc/alertmanager-tls";
const DATA_FOLDER = "/alertmanager";

const labels = objectLabels(ALERTMANAGER, "server");
const itself = { namespace: ALERTMANAGER_NAMESPACE, pods: selectorLabels(ALERTMANAGER, "server") };

/** The workload, with its configuration and certificate in front. */
export function program(args: ProgramArgs): Workload {
  const { image, ingestHost, issuer, receiversSecretName, replicas, senders, size, storageGiB } = args;
  const configMap: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: ALERTMANAGER, namespace: ALERTMANAGER_NAMESPACE, labels },
    data: { "alertmanager.yaml": args.configuration, "web.yaml": webConfiguration(args.clients) },
  };
  // the kubelet has no certificate to show
  const probe = { how: { tcp: WEB.name } };
  const made = workload({
    namespace: ALERTMANAGER_NAMESPACE,
    name: ALERTMANAGER,
    component: "server",
    objectName: ALERTMANAGER,
    kind: "StatefulSet",
    image,
    size,
    replicas,
    // nobody, as the image itself
    userId: 65_534,
    args: [
      `--config.file=${CONFIGURATION_FOLDER}/alertmanager.yaml`,
      `--web.config.file=${CONFIGURATION_FOLDER}/web.yaml`,
      `--web.listen-address=:${WEB.port}`,
      `--web.external-url=https://${ingestHost ?? ALERTMANAGER_HOST}:${WEB.port}`,
      `--storage.path=${DATA_FOLDER}`,
      // silences and what was told: upstream's own
      "--data.retention=120h",
      `--cluster.listen-address=[$(POD_IP)]:${GOSSIP}`,
      `--cluster.advertise-address=[$(POD_IP)]:${GOSSIP}`,
      ...Array.from(
        { length: replicas },
        (_, index) => `--cluster.peer=${ALERTMANAGER}-${index}.${ALERTMANAGER_PODS_HOST}:${GOSSIP}`,
      ),
      // longer than a node takes to come back
      "--cluster.reconnect-timeout=1h",
    ],
    env: [{ name: "POD_IP", fieldPath: "status.podIP" }],
    ports: [WEB, { name: "gossip-tcp", port: GOSSIP }, { name: "gossip-udp", port: GOSSIP, protocol: "UDP" }],
    readiness: probe,
    // a minute: one that is merely busy is kept, with its silences
    liveness: { ...probe, failureThreshold: 6 },
    mounts: [
      { volume: "configuration", path: CONFIGURATION_FOLDER },
      { volume: "tls", path: TLS_FOLDER },
      { volume: "receivers", path: RECEIVERS_FOLDER },
      { volume: "data", path: DATA_FOLDER },
    ],
    volumes: {
      configuration: { configMap: ALERTMANAGER },
      tls: { secret: tlsSecret(ALERTMANAGER) },
      // it starts without: an alert that cannot be delivered is counted and tried again
      receivers: { secret: receiversSecretName, optional: true },
    },
    claims: { data: { sizeGiB: storageGiB } },
    restartsOn: [configMap],
    scrape: { port: WEB.name, scheme: "https", serverName: ALERTMANAGER_HOST },
    receives: [
      {
        from: itself,
        ports: ["gossip-tcp", "gossip-udp"],
        why: "they tell one another of silences and of what was sent",
      },
      ...senders.map(({ from, why }) => ({ from, ports: [WEB.name], why })),
    ],
    reaches: [
      {
        to: { cidrs: ANYWHERE, reason: "services that notify people have no fixed addresses" },
        ports: [{ port: 443, protocol: "TCP" }],
        why: "people are told by webhooks, Slack and PagerDuty",
      },
    ],
  });
  const certificate = platformCertificate({
    namespace: ALERTMANAGER_NAMESPACE,
    name: ALERTMANAGER,
    labels,
    dnsNames: [ALERTMANAGER_HOST, ...(ingestHost === undefined ? [] : [ingestHost])],
    issuer,
  });
  return { ...made, objects: [configMap, certificate, ...made.objects] };
}

/** Only who shows a certificate of the platform's CA, made out to one of these names, is served. */
function webConfiguration(clients: readonly string[]): string {
  return stringify({
    tls_server_config: {
      cert_file: `${TLS_FOLDER}/tls.crt`,
      key_file: `${TLS_FOLDER}/tls.key`,
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: `${TLS_FOLDER}/ca.crt`,
      client_allowed_sans: clients,
      min_version: "TLS13",
    },
  });
}
