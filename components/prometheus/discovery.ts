/**
 * What Prometheus may see: pods in the namespaces it scrapes, nodes and their metrics, and where kube-apiserver listens.
 * Not `nodes/proxy`, which would let it run commands in pods.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { clusterRights, READ, rightsIn } from "../rights";
import { PROMETHEUS, PROMETHEUS_NAMESPACE } from "./names";

const holder = {
  serviceAccountName: PROMETHEUS,
  namespace: PROMETHEUS_NAMESPACE,
  labels: objectLabels(PROMETHEUS, "server"),
};

const RBAC = "rbac.authorization.k8s.io";

/** Name of the rights to find pods; bound in each namespace on its own. */
const DISCOVERY = `${PROMETHEUS}-discovery`;

/** @param namespaces that have targets, each once */
export function discovery(namespaces: readonly string[]): KubeObject[] {
  return [
    ...clusterRights(
      PROMETHEUS,
      [
        { apiGroups: [""], resources: ["nodes"], verbs: READ },
        // kubelets ask kube-apiserver whether whoever wants metrics may have them
        { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      ],
      holder,
    ).map(withApiServerMetrics),
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRole",
      metadata: { name: DISCOVERY, labels: holder.labels },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: READ }],
    },
    ...namespaces.map((namespace) => binding(namespace)),
    ...rightsIn(
      PROMETHEUS,
      [
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
        // a list of endpoints is told together with their Services and pods
        { apiGroups: [""], resources: ["services", "pods"], verbs: READ },
      ],
      holder,
      "default",
    ),
  ];
}

/** kube-apiserver's own metrics are a path and no object. */
function withApiServerMetrics(object: KubeObject): KubeObject {
  if (object.kind !== "ClusterRole") return object;
  const rules = object.rules as readonly object[];
  return { ...object, rules: [...rules, { nonResourceURLs: ["/metrics"], verbs: ["get"] }] };
}

function binding(namespace: string): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "RoleBinding",
    metadata: { name: DISCOVERY, namespace, labels: holder.labels },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: DISCOVERY },
    subjects: [{ kind: "ServiceAccount", name: PROMETHEUS, namespace: PROMETHEUS_NAMESPACE }],
  };
}
