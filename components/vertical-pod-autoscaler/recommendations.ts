/**
 * For whom a recommendation is worth having: controllers, whose memory grows with what the cluster holds. They are known
 * by the token that their pods mount. Not for pods that an autoscaler adds and takes away by their use of CPU, for
 * a changed request would change what it measures; nor for one pod per node, whose sizes differ from node to node.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** One VerticalPodAutoscaler for each controller among the objects. */
export function recommendations(objects: readonly KubeObject[]): KubeObject[] {
  const autoscaled = new Set(objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler").map(target));
  return objects
    .filter((object) => (object.kind === "Deployment" || object.kind === "StatefulSet") && mountsToken(object))
    .filter((object) => !autoscaled.has(`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`))
    .map(recommendation);
}

function recommendation({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObject {
  return {
    apiVersion: "autoscaling.k8s.io/v1",
    kind: "VerticalPodAutoscaler",
    metadata: { name, namespace, labels: objectLabels("vertical-pod-autoscaler") },
    spec: {
      targetRef: { apiVersion, kind, name },
      // said, not done
      updatePolicy: { updateMode: "Off" },
    },
  };
}

interface PodSpec {
  readonly template?: { readonly spec?: { readonly automountServiceAccountToken?: boolean } };
}

/** A pod that says nothing mounts one. */
const mountsToken = ({ spec }: KubeObject) =>
  ((spec as PodSpec).template?.spec?.automountServiceAccountToken ?? true) === true;

function target({ metadata, spec }: KubeObject): string {
  const { kind, name } = (spec as { scaleTargetRef: { kind: string; name: string } }).scaleTargetRef;
  return `${kind} ${metadata.namespace}/${name}`;
}
