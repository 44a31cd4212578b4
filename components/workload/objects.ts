/**
 * The objects of a workload around its pod template.
 */
import type { KubeObject } from "../kube-object";
import type { Labels } from "../labels";
import type { ContainerPort } from "./container";
import { type Claim, claimTemplates } from "./volumes";

/** The pods that the objects are for. */
export interface Pods {
  readonly namespace: string;
  /** Name of each object. */
  readonly name: string;
  /** Labels of each object. */
  readonly labels: Labels;
  /** Labels that select the pods. */
  readonly selector: Labels;
}

const metadata = ({ name, namespace, labels }: Pods, annotations: Readonly<Record<string, string>> = {}) => ({
  name,
  namespace,
  labels,
  ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
});

/** Its pods mount a token only where they ask for one, whoever else uses the account. */
export function serviceAccount(pods: Pods, annotations?: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadata(pods, annotations),
    automountServiceAccountToken: false,
  };
}

/**
 * The Service of the ports that ask for one. A StatefulSet has one more, headless, `<name>-pods`: it gives each pod a name,
 * ready or not, for pods of a set find one another before they are ready.
 */
export function services(pods: Pods, kind: string, ports: readonly ContainerPort[]): KubeObject[] {
  const served = ports.flatMap((port) => (port.servicePort === undefined ? [] : [servicePort(port, port.servicePort)]));
  const object = (name: string, spec: object): KubeObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...metadata(pods), name },
    spec: { type: "ClusterIP", selector: pods.selector, ...spec },
  });
  const headless = { clusterIP: "None", publishNotReadyAddresses: true };
  const each = ports.map((port) => servicePort(port, port.port));
  return [
    ...(served.length > 0 ? [object(pods.name, { ports: served })] : []),
    ...(kind === "StatefulSet"
      ? [object(governing(pods), { ...headless, ...(each.length > 0 ? { ports: each } : {}) })]
      : []),
  ];
}

/** Name of the Service that gives the pods of a StatefulSet their names. */
const governing = ({ name }: Pods) => `${name}-pods`;

const servicePort = ({ appProtocol, name, protocol = "TCP" }: ContainerPort, port: number) => ({
  name,
  port,
  targetPort: name,
  protocol,
  ...(appProtocol === undefined ? {} : { appProtocol }),
});

/** How many pods there are while they are busy. */
export interface Autoscaling {
  /** Most pods, at least the workload's `replicas`, at most 100. */
  readonly maxReplicas: number;
  /** Share of the CPU request that the pods should use on average, percent, 1–100. */
  readonly cpuPercent: number;
}

/** Adds pods while they are busy, and takes them away again. */
export function autoscaler(pods: Pods, minReplicas: number, { cpuPercent, maxReplicas }: Autoscaling): KubeObject {
  const target = { type: "Utilization", averageUtilization: cpuPercent };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadata(pods),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: pods.name },
      minReplicas,
      maxReplicas,
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
    },
  };
}

/**
 * The controller that keeps the pods running. A Deployment's rollout never has fewer pods than asked for.
 *
 * @param replicas undefined where an autoscaler decides: a number here would undo what it decided at every update
 */
export function controller(
  pods: Pods,
  kind: "Deployment" | "StatefulSet" | "DaemonSet",
  replicas: number | undefined,
  template: object,
  claims: Readonly<Record<string, Claim>>,
): KubeObject {
  const shared = { selector: { matchLabels: pods.selector }, template };
  const object = (spec: object): KubeObject => ({ apiVersion: "apps/v1", kind, metadata: metadata(pods), spec });
  switch (kind) {
    case "Deployment": {
      const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
      // 3: enough to go back to, and etcd keeps each one's whole pod template
      return object({
        ...(replicas === undefined ? {} : { replicas }),
        revisionHistoryLimit: 3,
        strategy: { type: "RollingUpdate", rollingUpdate },
        ...shared,
      });
    }
    case "StatefulSet":
      return object({
        replicas,
        revisionHistoryLimit: 3,
        serviceName: governing(pods),
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        // a smaller or deleted set leaves its data behind for a human to judge
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        ...shared,
        ...(Object.keys(claims).length > 0 ? { volumeClaimTemplates: claimTemplates(claims) } : {}),
      });
    case "DaemonSet":
      return object({
        revisionHistoryLimit: 3,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        ...shared,
      });
  }
}

/**
 * At most one pod is away by choice; pods that are not ready never hold up a drain. None for a single pod, whose budget
 * would only block its node, nor for a DaemonSet, whose pods are not evicted.
 */
export function disruptionBudget(pods: Pods, replicas: number): KubeObject[] {
  if (replicas < 2) return [];
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: metadata(pods),
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: pods.selector },
      },
    },
  ];
}
