/**
 * The operator and what it may do. Upstream lets it do everything with every ClusterRole and binding, for it makes one
 * of each, which gathers the rights of remediators. Here both are made, and it may change these two alone.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { clusterRights, clusterRightsOf, type Holder, READ, type Rule, rightsIn, WRITE } from "../rights";
import { type Workload, workload } from "../workload";
import { MANAGER, WEBHOOK_TLS } from "./admission";

export interface ManagerArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** Existing namespace of the leases by which remediators agree on a node. */
  readonly leaseNamespace: string;
  /** Pods; one leads, the others wait. */
  readonly replicas: number;
}

/** Upstream's own. */
const METRICS = { name: "https-metrics", port: 8443 };
const HEALTH = { name: "health", port: 8081 };
const WEBHOOK = { name: "webhook", port: 9443, servicePort: 443 };

/** ClusterRole and binding that gather what remediators may do; the names are in the program. */
const AGGREGATION = "node-healthcheck-operator-aggregation";

/** Label of the ClusterRoles that remediators bring. */
const GATHERED_BY = { "rbac.ext-remediation/aggregate-to-ext-remediation": "true" };

const GROUP = "remediation.medik8s.io";
const RBAC = "rbac.authorization.k8s.io";

const clusterRules = (leaseNamespace: string): Rule[] => [
  { apiGroups: [""], resources: ["nodes", "pods"], verbs: READ },
  { apiGroups: [""], resources: ["namespaces"], resourceNames: [leaseNamespace], verbs: ["get"] },
  { apiGroups: [GROUP], resources: ["nodehealthchecks"], verbs: [...READ, "update", "patch"] },
  { apiGroups: [GROUP], resources: ["nodehealthchecks/status"], verbs: ["get", "patch", "update"] },
  { apiGroups: [GROUP], resources: ["nodehealthchecks/finalizers"], verbs: ["update"] },
  // watched, as all that it reads is
  { apiGroups: [RBAC], resources: ["clusterroles", "clusterrolebindings"], verbs: READ },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: READ },
  // it writes this role anew at each start, and the API takes that of one who may escalate it
  { apiGroups: [RBAC], resources: ["clusterroles"], resourceNames: [AGGREGATION], verbs: ["update", "escalate"] },
  { apiGroups: [RBAC], resources: ["clusterrolebindings"], resourceNames: [AGGREGATION], verbs: ["update"] },
  // whoever reads its metrics shows a token, which it has checked
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

const LEASES: Rule = { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: [...READ, ...WRITE] };

/** The workload and what it may do. */
export function manager(args: ManagerArgs): { readonly workload: Workload; readonly rights: KubeObject[] } {
  const { image, leaseNamespace, namespace, replicas } = args;
  const made = workload({
    namespace,
    name: "node-health-check",
    component: "manager",
    objectName: MANAGER,
    image,
    replicas,
    // upstream asks for 20 MiB and sets no limit: it watches every pod and node
    size: { cpuMillicores: 100, memoryMiB: 64, memoryLimitMiB: 256 },
    // when nodes are lost it must not wait for room
    priorityClassName: "platform-critical",
    command: ["/manager"],
    args: [
      "--leader-elect",
      `--health-probe-bind-address=:${HEALTH.port}`,
      `--metrics-bind-address=:${METRICS.port}`,
      "--enable-http2=false",
      "--zap-devel=false",
    ],
    env: [
      { name: "DEPLOYMENT_NAMESPACE", fieldPath: "metadata.namespace" },
      { name: "POD_NAME", fieldPath: "metadata.name" },
    ],
    ports: [METRICS, HEALTH, WEBHOOK],
    // times as upstream
    startup: { how: { httpGet: "/healthz", port: HEALTH.name }, periodSeconds: 5, failureThreshold: 12 },
    readiness: { how: { httpGet: "/readyz", port: HEALTH.name }, initialDelaySeconds: 5 },
    liveness: { how: { httpGet: "/healthz", port: HEALTH.name }, periodSeconds: 20 },
    terminationGracePeriodSeconds: 15,
    volumes: { tls: { secret: WEBHOOK_TLS } },
    mounts: [{ volume: "tls", path: "/tmp/k8s-webhook-server/serving-certs" }],
    receives: [
      { from: "control-plane", ports: [WEBHOOK.name], why: "kube-apiserver asks before it stores health checks" },
    ],
    scrape: { port: METRICS.name, scheme: "https" },
    podDepartures: { apiToken: "it watches nodes and makes the objects that remediate them" },
  });
  const holder: Holder = {
    serviceAccountName: made.serviceAccountName,
    namespace,
    labels: objectLabels("node-health-check", "manager"),
  };
  return {
    workload: made,
    rights: [
      ...clusterRights(MANAGER, clusterRules(leaseNamespace), holder),
      {
        apiVersion: `${RBAC}/v1`,
        kind: "ClusterRole",
        metadata: { name: AGGREGATION, labels: holder.labels },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: GATHERED_BY }] },
      },
      clusterRightsOf(AGGREGATION, AGGREGATION, holder),
      ...rightsIn("leader-election", [LEASES], holder),
      ...rightsIn("node-leases", [LEASES], holder, leaseNamespace),
    ],
  };
}
