/**
 * What the pods of a workload need to exist when they start: the account they run as and its rights, the ConfigMaps
 * and Secrets they read (or the certificates and references that become such Secrets), the Services that lead to them, the network policies and limits they are bound by.
 */
import type { KubeObject } from "./kube-object";

const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"]);

type Labels = Readonly<Record<string, string>>;

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly priorityClassName?: string;
}

/** Whether an object is, or makes, pods. */
export const isWorkload = ({ kind }: KubeObject) => WORKLOADS.has(kind);

/** Whether a Service leads to the pods of a workload. */
export function selectedBy(service: KubeObject, workload: KubeObject): boolean {
  const selector = (service.spec as { selector?: Labels } | undefined)?.selector ?? {};
  return isWorkload(workload) && Object.keys(selector).length > 0 && includes(podOf(workload).labels, selector);
}

/** Those of `others` (of the workload's namespace, or of none) that its pods need. */
export function configurationOf(workload: KubeObject, others: readonly KubeObject[]): ReadonlySet<KubeObject> {
  const { spec, labels } = podOf(workload);
  const account = spec.serviceAccountName ?? "default";
  const bindings = others.filter((other) => bindsAccount(other, account, workload.metadata.namespace));
  const roles = new Set(bindings.map(({ roleRef }) => `${(roleRef as Reference).kind}/${(roleRef as Reference).name}`));
  const read = new Set(referencesIn(spec));
  const needed = others.filter((other) => {
    const { kind, metadata } = other;
    switch (kind) {
      case "ServiceAccount":
        return metadata.name === account;
      case "Role":
      case "ClusterRole":
        return roles.has(`${kind}/${metadata.name}`);
      case "ConfigMap":
      case "Secret":
        return read.has(`${kind}/${metadata.name}`);
      case "Certificate":
        return read.has(`Secret/${(other.spec as { secretName: string }).secretName}`);
      case "ExternalSecret":
        return read.has(`Secret/${(other.spec as { target: { name: string } }).target.name}`);
      case "PriorityClass":
        return metadata.name === spec.priorityClassName;
      case "Service":
        return selectedBy(other, workload);
      case "NetworkPolicy":
        return includes(
          labels,
          (other.spec as { podSelector?: { matchLabels?: Labels } }).podSelector?.matchLabels ?? {},
        );
      case "LimitRange":
      case "ResourceQuota":
        return true;
      default:
        return false;
    }
  });
  return new Set([...bindings, ...needed]);
}

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function bindsAccount(object: KubeObject, account: string, namespace: string | undefined): boolean {
  if (object.kind !== "RoleBinding" && object.kind !== "ClusterRoleBinding") return false;
  return ((object.subjects ?? []) as readonly Reference[]).some(
    (subject) => subject.kind === "ServiceAccount" && subject.name === account && subject.namespace === namespace,
  );
}

function podOf({ kind, metadata, spec }: KubeObject): { spec: PodSpec; labels: Labels } {
  if (kind === "Pod") return { spec: spec as PodSpec, labels: metadata.labels ?? {} };
  const outer = kind === "CronJob" ? (spec as { jobTemplate: { spec: unknown } }).jobTemplate.spec : spec;
  const { template } = outer as { template: { metadata?: { labels?: Labels }; spec: PodSpec } };
  return { spec: template.spec, labels: template.metadata?.labels ?? {} };
}

/** `ConfigMap/<name>` and `Secret/<name>` for every place of a pod spec that can name one. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const name = (inner as { name?: unknown; secretName?: unknown } | null)?.name;
    if (field === "configMap" || field === "configMapRef" || field === "configMapKeyRef") return [`ConfigMap/${name}`];
    if (field === "secretRef" || field === "secretKeyRef") return [`Secret/${name}`];
    if (field === "secret") {
      const secret = inner as { name?: string; secretName?: string };
      return [`Secret/${secret.secretName ?? secret.name}`];
    }
    return referencesIn(inner);
  });
}

const includes = (labels: Labels, wanted: Labels) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);
