/**
 * How an object is deleted. The provider asks for the foreground, in which the garbage collector first deletes all that
 * the object owns: right for a Deployment, whose pods should be gone before what they use. But the collector then handles
 * objects that own nothing too, about ten a second (kube-controller-manager's `--kube-api-qps`, 20 by default, two
 * requests each), and only once it knows the kind, for which it looks every 30 seconds; and a destroy waits for it.
 */
import { groupOf, type KubeObject } from "./kube-object";

/** Kinds whose objects own no others, by API group, or all kinds of a group; whatever is not listed may own some. */
const OWN_NOTHING: Readonly<Record<string, readonly string[] | "all">> = {
  "": ["ConfigMap", "LimitRange", "ResourceQuota", "Secret", "ServiceAccount"],
  "admissionregistration.k8s.io": [
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "argoproj.io": ["AnalysisTemplate", "AppProject", "ClusterAnalysisTemplate"],
  autoscaling: ["HorizontalPodAutoscaler"],
  "autoscaling.k8s.io": ["VerticalPodAutoscaler"],
  "cert-manager.io": ["ClusterIssuer", "Issuer"],
  "config.gatekeeper.sh": ["Config"],
  // what a constraint came to stands in its status and in objects that Gatekeeper's pods own
  "constraints.gatekeeper.sh": "all",
  "monitoring.coreos.com": ["PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"],
  "networking.istio.io": ["DestinationRule", "Gateway", "ServiceEntry", "VirtualService"],
  "networking.k8s.io": ["NetworkPolicy"],
  policy: ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  "scheduling.k8s.io": ["PriorityClass"],
  "security.istio.io": ["AuthorizationPolicy", "PeerAuthentication"],
  "snapshot.storage.k8s.io": ["VolumeSnapshotClass"],
  "storage.k8s.io": ["CSIDriver", "StorageClass"],
  "telemetry.istio.io": ["Telemetry"],
};

/** Whether the engine waits for an object. */
export const isAwaited = ({ metadata }: KubeObject) => metadata.annotations?.["pulumi.com/skipAwait"] !== "true";

/**
 * The object with the annotation that deletes it at once, where it owns nothing, or where nobody waits for it; an annotation
 * of its own wins. With `pulumi.com/skipAwait` the engine does not wait until an object is gone either: the one that replaces
 * it would come while the garbage collector is still at work, and be taken for a change of an immutable field.
 */
export function deletedAtOnce(object: KubeObject): KubeObject {
  const ownNothing = OWN_NOTHING[groupOf(object)] ?? [];
  if (isAwaited(object) && ownNothing !== "all" && !ownNothing.includes(object.kind)) return object;
  const annotations = { "pulumi.com/deletionPropagationPolicy": "background", ...object.metadata.annotations };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/**
 * How long the engine waits until an object that it deleted is gone, as its `customTimeouts` spell it; its own default is ten
 * silent minutes. When a definition goes, the controllers of its kind are gone: what instances still wait for then will never
 * come, and two minutes are the API server's own work. Anything else may wait for a cloud: a volume that is detached, a load
 * balancer that is taken down.
 */
export const longestDeletion = ({ kind }: KubeObject): string => (kind === "CustomResourceDefinition" ? "2m" : "5m");
