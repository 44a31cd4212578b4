/**
 * What is synchronised: one ApplicationSet for the environment, which makes one Application per tenant and cluster and lets
 * a change reach the clusters step by step. A step waits until every Application of the one before is healthy.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/applicationset/Progressive-Syncs/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels, TENANT_LABEL } from "../labels";
import { ARGO_CD_NAMESPACE } from "./projects";
import type { ArgoCdHub, DeliveredTenant } from "./settings";

/** The cluster that an Application belongs to: what the steps select by. */
export const CLUSTER_LABEL = "fleetwright.dev/cluster";

/** Says that a tenant asked for pruning: an Application that prunes without it is refused (AR-03). */
const PRUNE_LABEL = "fleetwright.dev/prune";

/** None where no tenant has anything synchronised. */
export function applicationSets({
  environment,
  steps,
  tenants,
}: Pick<ArgoCdHub, "environment" | "steps" | "tenants">): KubeObject[] {
  const elements = tenants.flatMap(elementsOf);
  if (elements.length === 0) return [];
  const used = new Set(elements.map(({ cluster }) => cluster));
  const taken = steps.map((step) => step.filter((cluster) => used.has(cluster))).filter((step) => step.length > 0);
  return [
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: {
        name: environment,
        namespace: ARGO_CD_NAMESPACE,
        labels: objectLabels("argo-cd", "application-set"),
      },
      spec: {
        goTemplate: true,
        goTemplateOptions: ["missingkey=error"],
        generators: [{ list: { elements } }],
        strategy: {
          type: "RollingSync",
          rollingSync: {
            steps: taken.map((values) => ({
              matchExpressions: [{ key: CLUSTER_LABEL, operator: "In", values }],
            })),
          },
        },
        // an Application that goes leaves its objects: a tenant's programs end when the tenant does, with its namespaces
        syncPolicy: { preserveResourcesOnDeletion: true },
        template: TEMPLATE,
        templatePatch: PRUNED_WHERE_ASKED,
      },
    },
  ];
}

/** Texts, because templates are texts. */
function elementsOf({ clusters, delivery, name }: DeliveredTenant) {
  if (!delivery) return [];
  return clusters.map((cluster) => ({
    tenant: name,
    cluster,
    namespace: delivery.namespace,
    repository: delivery.repository,
    path: delivery.path.replaceAll("{cluster}", cluster),
    revision: delivery.revision,
    prune: String(delivery.prune),
  }));
}

const PRUNED_WHERE_ASKED = `spec:
  syncPolicy:
    automated:
      prune: {{ .prune }}
`;

const TEMPLATE = {
  metadata: {
    name: "{{ .tenant }}-{{ .cluster }}",
    labels: { [TENANT_LABEL]: "{{ .tenant }}", [CLUSTER_LABEL]: "{{ .cluster }}", [PRUNE_LABEL]: "{{ .prune }}" },
  },
  spec: {
    project: "{{ .tenant }}",
    source: { repoURL: "{{ .repository }}", path: "{{ .path }}", targetRevision: "{{ .revision }}" },
    // by the name in the cluster's Secret: its address is known where credentials are issued
    destination: { name: "{{ .cluster }}", namespace: "{{ .namespace }}" },
    syncPolicy: {
      // empty is never what was meant: a wrong path looks like it
      automated: { allowEmpty: false, selfHeal: true },
      retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
      syncOptions: [
        // namespaces are Fleetwright's
        "CreateNamespace=false",
        // what else is pruned goes once everything new is healthy
        "PruneLast=true",
        // a canary's weights and an autoscaler's replicas are left alone by a synchronisation, too
        "RespectIgnoreDifferences=true",
        "ServerSideApply=true",
        // an object of another Application is a fault, not something to take over
        "FailOnSharedResource=true",
      ],
    },
    ignoreDifferences: [
      // Argo Rollouts moves traffic by them
      {
        group: "networking.istio.io",
        kind: "VirtualService",
        jqPathExpressions: [".spec.http[]?.route[]?.weight"],
      },
      {
        group: "networking.istio.io",
        kind: "DestinationRule",
        jqPathExpressions: ['.spec.subsets[]?.labels."rollouts-pod-template-hash"'],
      },
      // an autoscaler writes replicas through the controller manager, and only where there is one
      ...[
        ["apps", "Deployment"],
        ["apps", "StatefulSet"],
        ["argoproj.io", "Rollout"],
      ].map(([group, kind]) => ({ group, kind, managedFieldsManagers: ["kube-controller-manager"] })),
    ],
  },
};
