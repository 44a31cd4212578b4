import type { Flow } from "../../components/flow";
import type { KubeObject } from "../../components/kube-object";

const labels = { app: "web" };
const metadata = (name: string, more: object = {}) => ({ name, namespace: "shop", ...more });

/** A small cluster in which every reference leads somewhere. */
export const WIRED_OBJECTS: readonly KubeObject[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata("web"),
    spec: {
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "web",
          priorityClassName: "tenant",
          imagePullSecrets: [{ name: "registry" }],
          containers: [
            {
              name: "web",
              image: "web:1",
              args: ["--store=store.shop.svc:9000", "--collector=ingest.example.com:4317"],
              env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "key", key: "value" } } }],
              ports: [{ name: "http", containerPort: 8080 }],
            },
          ],
          volumes: [
            { name: "configuration", configMap: { name: "web" } },
            { name: "tls", secret: { secretName: "web-tls" } },
            { name: "data", persistentVolumeClaim: { claimName: "data" } },
          ],
        },
      },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadata("store"),
    spec: {
      serviceName: "store",
      template: {
        metadata: { labels: { app: "store" } },
        spec: { containers: [{ name: "store", image: "store:1", ports: [{ name: "api", containerPort: 9001 }] }] },
      },
    },
  },
  service("web", labels, [{ name: "http", port: 80, targetPort: "http" }]),
  service("store", { app: "store" }, [{ name: "api", port: 9000, targetPort: "api" }]),
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata("web"),
    data: { "web.yaml": "store: http://store.shop.svc:9000/" },
  },
  { apiVersion: "v1", kind: "Secret", metadata: metadata("registry") },
  {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: metadata("key"),
    spec: { target: { name: "key" } },
  },
  {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: metadata("web"),
    spec: { secretName: "web-tls", issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "platform" } },
  },
  { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: "platform" }, spec: {} },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata("data"),
    spec: { storageClassName: "standard" },
  },
  { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "standard" } },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "tenant" } },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("web") },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: metadata("web") },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: metadata("web"),
    roleRef: { kind: "Role", name: "web" },
    subjects: [{ kind: "ServiceAccount", name: "web", namespace: "shop" }],
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadata("web"),
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" } },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata("web"),
    spec: { selector: { matchLabels: labels } },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "web" },
    webhooks: [{ name: "web.example.com", clientConfig: { service: { name: "web", namespace: "shop", port: 80 } } }],
  },
  {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.web.example.com" },
    spec: { service: { name: "web", namespace: "shop", port: 80 } },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metadata("web"),
    spec: { rules: [{ http: { paths: [{ backend: { service: { name: "web", port: { number: 80 } } } }] } }] },
  },
  {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: metadata("entrance"),
    spec: { selector: labels, servers: [{ port: { number: 80 } }] },
  },
  {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: metadata("web"),
    spec: {
      gateways: ["entrance"],
      http: [{ route: [{ destination: { host: "store", subset: "stable", port: { number: 9000 } } }] }],
    },
  },
  {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: metadata("store"),
    spec: { host: "store.shop.svc.cluster.local", subsets: [{ name: "stable" }] },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: metadata("metrics"),
    spec: { serviceAccountName: "web" },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: metadata("web"),
    spec: { selector: { matchLabels: labels }, podMetricsEndpoints: [{ port: "http" }] },
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: metadata("web"),
    spec: { selector: { matchLabels: { watched: "yes" } }, endpoints: [{ port: "http" }] },
  },
  { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: metadata("shop") },
  { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: metadata("web"), spec: { project: "shop" } },
  { apiVersion: "argoproj.io/v1alpha1", kind: "ClusterAnalysisTemplate", metadata: { name: "slo-web" } },
  {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: metadata("web"),
    spec: {
      strategy: {
        canary: {
          stableService: "web",
          trafficRouting: { istio: { virtualService: { name: "web" }, destinationRule: { name: "store" } } },
          analysis: { templates: [{ templateName: "slo-web", clusterScope: true }] },
        },
      },
    },
  },
];

const pods = (app: string) => ({ namespace: "shop", pods: { app } });
const metrics = { namespace: "shop", pods: { "app.kubernetes.io/name": "prometheus" } };

/** Who talks to whom in it. */
export const WIRED_FLOWS: readonly Flow[] = [
  { from: pods("web"), to: pods("store"), ports: [{ port: 9001, protocol: "TCP" }], why: "things are stored" },
  { from: "control-plane", to: pods("web"), ports: [{ port: 8080, protocol: "TCP" }], why: "objects are judged" },
  { from: metrics, to: pods("web"), ports: [{ port: 8080, protocol: "TCP" }], why: "metrics are scraped" },
];

/** Where its telemetry goes. */
export const WIRED_HOSTS: ReadonlyMap<string, readonly number[]> = new Map([["ingest.example.com", [4317]]]);

function service(name: string, selector: object, ports: object[]): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(name, { labels: { watched: "yes" } }),
    spec: { selector, ports },
  };
}
