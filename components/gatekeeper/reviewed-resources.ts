/**
 * What the admission webhook must be asked about: exactly the kinds that constraints match, as API groups and resources.
 *
 * A webhook that fails closed stops whatever it matches while Gatekeeper is down. So it matches nothing of which no
 * constraint speaks: no Lease, no Node, no Event, never `*`.
 */
import type { KubeObject } from "../kube-object";

/** Resources of one API group, sorted. */
export interface ReviewedResources {
  /** `""` for the core group. */
  readonly group: string;
  /** Plural names, with `/` and the subresource where one carries the same kind. */
  readonly resources: readonly string[];
}

/**
 * Resources by API group and kind: a constraint names kinds, a webhook and a role name resources. A kind that a rule
 * newly speaks of is added here.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_api-resources/ prints the same table
 */
const RESOURCES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "": {
    ConfigMap: ["configmaps"],
    LimitRange: ["limitranges"],
    Namespace: ["namespaces"],
    PersistentVolume: ["persistentvolumes"],
    PersistentVolumeClaim: ["persistentvolumeclaims"],
    // containers that `kubectl debug` adds to a running pod come as this subresource, of kind Pod
    Pod: ["pods", "pods/ephemeralcontainers"],
    PodTemplate: ["podtemplates"],
    ReplicationController: ["replicationcontrollers"],
    ResourceQuota: ["resourcequotas"],
    Service: ["services"],
    ServiceAccount: ["serviceaccounts"],
  },
  "apiextensions.k8s.io": { CustomResourceDefinition: ["customresourcedefinitions"] },
  apps: {
    DaemonSet: ["daemonsets"],
    Deployment: ["deployments"],
    ReplicaSet: ["replicasets"],
    StatefulSet: ["statefulsets"],
  },
  "argoproj.io": {
    AnalysisTemplate: ["analysistemplates"],
    AppProject: ["appprojects"],
    Application: ["applications"],
    ApplicationSet: ["applicationsets"],
    ClusterAnalysisTemplate: ["clusteranalysistemplates"],
    Rollout: ["rollouts"],
  },
  autoscaling: { HorizontalPodAutoscaler: ["horizontalpodautoscalers"] },
  batch: { CronJob: ["cronjobs"], Job: ["jobs"] },
  "chaos-mesh.org": {
    AWSChaos: ["awschaos"],
    AzureChaos: ["azurechaos"],
    BlockChaos: ["blockchaos"],
    DNSChaos: ["dnschaos"],
    GCPChaos: ["gcpchaos"],
    HTTPChaos: ["httpchaos"],
    IOChaos: ["iochaos"],
    JVMChaos: ["jvmchaos"],
    KernelChaos: ["kernelchaos"],
    NetworkChaos: ["networkchaos"],
    PhysicalMachineChaos: ["physicalmachinechaos"],
    PodChaos: ["podchaos"],
    Schedule: ["schedules"],
    StressChaos: ["stresschaos"],
    TimeChaos: ["timechaos"],
    Workflow: ["workflows"],
    WorkflowNode: ["workflownodes"],
  },
  "gateway.networking.k8s.io": { HTTPRoute: ["httproutes"] },
  "monitoring.coreos.com": {
    Alertmanager: ["alertmanagers"],
    PodMonitor: ["podmonitors"],
    Probe: ["probes"],
    Prometheus: ["prometheuses"],
    PrometheusAgent: ["prometheusagents"],
    PrometheusRule: ["prometheusrules"],
    ScrapeConfig: ["scrapeconfigs"],
    ServiceMonitor: ["servicemonitors"],
    ThanosRuler: ["thanosrulers"],
  },
  "networking.istio.io": {
    DestinationRule: ["destinationrules"],
    Gateway: ["gateways"],
    VirtualService: ["virtualservices"],
  },
  "networking.k8s.io": { Ingress: ["ingresses"], IngressClass: ["ingressclasses"], NetworkPolicy: ["networkpolicies"] },
  "opentelemetry.io": { OpenTelemetryCollector: ["opentelemetrycollectors"] },
  policy: { PodDisruptionBudget: ["poddisruptionbudgets"] },
  "rbac.authorization.k8s.io": {
    ClusterRole: ["clusterroles"],
    ClusterRoleBinding: ["clusterrolebindings"],
    Role: ["roles"],
    RoleBinding: ["rolebindings"],
  },
  "scheduling.k8s.io": { PriorityClass: ["priorityclasses"] },
  "security.istio.io": { PeerAuthentication: ["peerauthentications"] },
  "snapshot.storage.k8s.io": { VolumeSnapshot: ["volumesnapshots"], VolumeSnapshotClass: ["volumesnapshotclasses"] },
  "storage.k8s.io": { CSIDriver: ["csidrivers"], StorageClass: ["storageclasses"] },
};

/** One entry of a constraint's `spec.match.kinds`. */
interface KindMatch {
  readonly apiGroups?: readonly string[];
  readonly kinds?: readonly string[];
}

/**
 * The resources that at least one of the constraints matches, sorted by group.
 *
 * @throws Error naming a constraint that matches every kind or group, or a kind whose resource is not known
 */
export function reviewedResources(constraints: readonly KubeObject[]): ReviewedResources[] {
  const byGroup = new Map<string, Set<string>>();
  for (const constraint of constraints) {
    for (const { group, resources } of matchedBy(constraint)) {
      byGroup.set(group, new Set([...(byGroup.get(group) ?? []), ...resources]));
    }
  }
  return [...byGroup]
    .map(([group, resources]) => ({ group, resources: [...resources].sort() }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

function matchedBy(constraint: KubeObject): ReviewedResources[] {
  const whose = `gatekeeper: constraint ${constraint.kind}/${constraint.metadata.name}`;
  const { match } = (constraint.spec ?? {}) as { readonly match?: { readonly kinds?: readonly KindMatch[] } };
  const matches = match?.kinds ?? [];
  const isOpen = (values: readonly string[] = []) => values.length === 0 || values.includes("*");
  if (matches.length === 0 || matches.some(({ apiGroups, kinds }) => isOpen(apiGroups) || isOpen(kinds))) {
    throw new Error(
      `${whose} matches every kind or API group, must name them in spec.match.kinds: ` +
        "the webhook fails closed and would stop the whole cluster with Gatekeeper",
    );
  }
  return matches.flatMap(({ apiGroups = [], kinds = [] }) => {
    const unknown = kinds.find((kind) => !apiGroups.some((group) => RESOURCES[group]?.[kind]));
    if (unknown !== undefined) {
      const groups = apiGroups.map((group) => `"${group}"`).join(", ");
      throw new Error(
        `${whose} matches kind ${unknown} of API group ${groups}, whose resource is not known: ` +
          "correct the kind, or add it to components/gatekeeper/reviewed-resources.ts",
      );
    }
    return apiGroups.map((group) => ({ group, resources: kinds.flatMap((kind) => RESOURCES[group]?.[kind] ?? []) }));
  });
}
