/** The request by which a pod of an object is made. */
import type { ApiRequest } from "./api-request";
import { podLabels } from "./generated-labels";
import { controller } from "./kubernetes-users";
import { partly } from "./label-selector";
import type { ObjectSet } from "./object-set";
import { podTemplate } from "./pod-template";
import type { SetObject } from "./set-object";

const CONTROLLERS: Readonly<Record<string, string>> = {
  DaemonSet: "daemon-set-controller",
  Deployment: "replicaset-controller",
  Job: "job-controller",
  ReplicaSet: "replicaset-controller",
  ReplicationController: "replication-controller",
  StatefulSet: "statefulset-controller",
};

/** @param namespace where it is made; `""`: wherever it is applied to */
export function podRequest(set: ObjectSet, one: SetObject, namespace: string): ApiRequest {
  const name = CONTROLLERS[one.kind];
  return {
    ...unknownPod(set, namespace),
    labels: podLabels(one),
    object: { spec: podTemplate(one.object)?.spec },
    ...(name === undefined ? {} : { users: controller(name) }),
  };
}

/** A pod of which nothing is known but where it is. */
export const unknownPod = (set: ObjectSet, namespace: string): ApiRequest => ({
  what: "Pods",
  operation: "CREATE",
  group: "",
  version: "v1",
  kind: "Pod",
  resource: "pods",
  namespace,
  namespaceLabels: namespace === "" ? partly() : set.namespaceLabels(namespace),
  labels: partly(),
});
