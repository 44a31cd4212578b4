/** Labels of objects that Kubernetes' controllers make: those of the template, and what the controller adds. */
import { exactly, type KnownLabels, partly } from "./label-selector";
import { podTemplate } from "./pod-template";
import type { SetObject } from "./set-object";

const OF_JOBS = ["job-name", "batch.kubernetes.io/job-name", "controller-uid", "batch.kubernetes.io/controller-uid"];
const HASH = "pod-template-hash";

/** By kind, keys that its pods have beside those of the template. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  CronJob: OF_JOBS,
  DaemonSet: ["controller-revision-hash", "pod-template-generation"],
  Deployment: [HASH],
  Job: OF_JOBS,
  Pod: [],
  ReplicaSet: [HASH],
  ReplicationController: [],
  StatefulSet: ["apps.kubernetes.io/pod-index", "controller-revision-hash", "statefulset.kubernetes.io/pod-name"],
};

/** Of pods that a kind of Kubernetes' makes; the values that controllers add are made while they run. */
export const generatedBy = (kind: string, labels: KnownLabels["labels"]): KnownLabels => ({
  ...exactly(labels),
  added: new Set(ADDED[kind]),
});

/** Of pods that come of an object; what controllers of others add nobody knows. */
export function podLabels({ kind, object }: SetObject): KnownLabels {
  const template = podTemplate(object);
  if (!template) return partly();
  return Object.hasOwn(ADDED, kind) ? generatedBy(kind, template.labels) : partly(template.labels);
}

/** Of the ReplicaSets that a Deployment makes. */
export const replicaSetLabels = ({ object }: SetObject): KnownLabels =>
  generatedBy("ReplicaSet", podTemplate(object)?.labels ?? {});

/** Of the EndpointSlices that Kubernetes keeps for a Service: its own labels, and whose they are. */
export function sliceLabels(service: SetObject | undefined): KnownLabels {
  const managed = { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" };
  if (!service) return partly(managed);
  return exactly({ ...service.labels, ...managed, "kubernetes.io/service-name": service.name });
}
