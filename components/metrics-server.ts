/**
 * metrics-server: the CPU and memory that pods and nodes use right now, as the API `metrics.k8s.io`, by which autoscalers
 * decide and `kubectl top` tells.
 *
 *     HorizontalPodAutoscaler ─▶ kube-apiserver ── APIService ──▶ metrics-server ──▶ kubelets
 *
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/README.md
 */
import { App, Chart } from "cdk8s";
import { ANYWHERE } from "./flow";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels } from "./labels";
import { Manifest } from "./manifest";
import type { Part } from "./part";
import { type Issuer, platformCertificate, tlsSecret } from "./platform-certificate";
import { clusterRights, clusterRightsOf, READ } from "./rights";
import { type Workload, workload } from "./workload";
import type { Size } from "./workload/container";

/** Where it runs; the cluster base makes the namespace. */
export const METRICS_SERVER_NAMESPACE = "metrics-server";

export interface MetricsServerArgs {
  /** Image, `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that certificates can be waited for. */
  readonly issuer: Issuer;
  /** Pods, 2–5; all answer. @default 2, upstream's own where it must not be interrupted */
  readonly replicas?: number;
  /** What one pod may use, memory at least 64 MiB. @default 100 millicores, 200 MiB: upstream's own, enough for 100 nodes */
  readonly size?: Size;
  /** How kubelets' certificates are judged: against the cluster's CA, or not at all. @default verified */
  readonly kubeletCertificates?: "verified" | "unverified";
  /**
   * Whether nobody will answer, as on simulated nodes: then the APIService is left out, which would else keep every
   * namespace from being deleted. @default false
   */
  readonly withoutController?: boolean;
}

const NAME = "metrics-server";
const HTTPS = { name: "https", port: 10_250, servicePort: 443 };
const TLS_FOLDER = "/etc/metrics-server-tls";

/**
 * The manifests of metrics-server.
 *
 * @throws Error naming the field, its value and the bound
 */
export class MetricsServerChart extends Chart {
  constructor(args: MetricsServerArgs) {
    super(new App(), NAME, { disableResourceNameHashes: true });
    for (const object of objects(args)) new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
  }
}

/** All of it. */
export function metricsServerPart(args: MetricsServerArgs): Part {
  const { departures, flows } = program(args);
  return {
    name: NAME,
    namespaces: [{ name: METRICS_SERVER_NAMESPACE }],
    flows,
    objects: objectsOf(new MetricsServerChart(args)),
    // its own metrics want a token that no monitor can name; kube-apiserver tells when it does not answer
    scrapeTargets: [],
    departures,
  };
}

function objects(args: MetricsServerArgs): KubeObject[] {
  const made = program(args);
  return [
    platformCertificate({
      namespace: METRICS_SERVER_NAMESPACE,
      name: NAME,
      labels: objectLabels(NAME, "server"),
      dnsNames: [`${NAME}.${METRICS_SERVER_NAMESPACE}.svc`],
      issuer: args.issuer,
    }),
    ...rights(made.serviceAccountName),
    ...made.objects,
    ...(args.withoutController ? [] : [apiService()]),
  ];
}

function program(args: MetricsServerArgs): Workload {
  const { image, kubeletCertificates = "verified", replicas = 2, size = { cpuMillicores: 100, memoryMiB: 200 } } = args;
  if (image.trim() === "") throw new Error(`${NAME}: image is empty, must be registry/repository:tag@sha256:digest`);
  if (!Number.isInteger(replicas) || replicas < 2 || replicas > 5) {
    throw new Error(
      `${NAME}: replicas is ${replicas}, must be a whole number of 2–5: one must be left when a node is drained`,
    );
  }
  if (size.memoryMiB < 64) throw new Error(`${NAME}: size.memoryMiB is ${size.memoryMiB}, must be at least 64`);
  return workload({
    namespace: METRICS_SERVER_NAMESPACE,
    name: NAME,
    component: "server",
    objectName: NAME,
    image,
    size,
    replicas,
    args: [
      `--secure-port=${HTTPS.port}`,
      `--tls-cert-file=${TLS_FOLDER}/tls.crt`,
      `--tls-private-key-file=${TLS_FOLDER}/tls.key`,
      "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
      "--kubelet-use-node-status-port",
      kubeletCertificates === "verified"
        ? "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
        : "--kubelet-insecure-tls",
      // upstream's own: autoscalers ask every 15 s
      "--metric-resolution=15s",
    ],
    ports: [HTTPS],
    // times as upstream: it is ready once it has asked kubelets twice
    readiness: {
      how: { httpGet: "/readyz", port: HTTPS.name, scheme: "HTTPS" },
      initialDelaySeconds: 20,
      periodSeconds: 10,
    },
    liveness: { how: { httpGet: "/livez", port: HTTPS.name, scheme: "HTTPS" }, periodSeconds: 10 },
    mounts: [{ volume: "tls", path: TLS_FOLDER }],
    volumes: { tls: { secret: tlsSecret(NAME) } },
    receives: [
      { from: "control-plane", ports: [HTTPS.name], why: "kube-apiserver passes requests for metrics.k8s.io on" },
    ],
    reaches: [
      {
        to: { cidrs: ANYWHERE, reason: "kubelets listen on their nodes' addresses, which come and go" },
        ports: [{ port: 10_250, protocol: "TCP" }],
        why: "kubelets tell what their pods use",
      },
    ],
    podDepartures: { apiToken: "it lists nodes and pods, asks who may read, and shows the token to kubelets" },
  });
}

function rights(serviceAccountName: string): KubeObject[] {
  const holder = { serviceAccountName, namespace: METRICS_SERVER_NAMESPACE, labels: objectLabels(NAME, "server") };
  return [
    ...clusterRights(
      NAME,
      [
        { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
        { apiGroups: [""], resources: ["nodes", "pods"], verbs: READ },
      ],
      holder,
    ),
    clusterRightsOf(`${NAME}-auth-delegator`, "system:auth-delegator", holder),
    // whose requests kube-apiserver passes on is written in a ConfigMap there
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: NAME, namespace: "kube-system", labels: holder.labels },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Role",
        name: "extension-apiserver-authentication-reader",
      },
      subjects: [{ kind: "ServiceAccount", name: serviceAccountName, namespace: METRICS_SERVER_NAMESPACE }],
    },
    // whoever may view a namespace may see what its pods use
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: {
        name: `${NAME}-aggregated-reader`,
        labels: {
          ...holder.labels,
          ...Object.fromEntries(
            ["view", "edit", "admin"].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, "true"]),
          ),
        },
      },
      rules: [{ apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: READ }],
    },
  ];
}

/** kube-apiserver verifies whom it passes requests on to: cainjector writes the CA of the certificate here. */
function apiService(): KubeObject {
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: {
      name: "v1beta1.metrics.k8s.io",
      labels: objectLabels(NAME, "server"),
      annotations: { "cert-manager.io/inject-ca-from": `${METRICS_SERVER_NAMESPACE}/${NAME}` },
    },
    spec: {
      service: { name: NAME, namespace: METRICS_SERVER_NAMESPACE, port: HTTPS.servicePort },
      group: "metrics.k8s.io",
      version: "v1beta1",
      // upstream's own
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  };
}
