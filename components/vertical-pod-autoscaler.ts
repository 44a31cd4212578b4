/**
 * Vertical Pod Autoscaler, recommending only: what the platform's controllers really use, beside what they ask for.
 *
 *     metrics API ──▶ recommender ──▶ status of each VerticalPodAutoscaler ──▶ a human, and the next default
 *
 * Nothing here changes a pod: no updater that evicts, no webhook that rewrites requests. Sizes are typed arguments of
 * each component, and stay what the environment says.
 *
 * @see https://github.com/kubernetes/autoscaler/tree/master/vertical-pod-autoscaler
 */
import { App, Chart } from "cdk8s";
import type { Alert } from "./alert";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels } from "./labels";
import { Manifest } from "./manifest";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import { upstreamObjects } from "./upstream";
import { recommendations } from "./vertical-pod-autoscaler/recommendations";
import { recommender } from "./vertical-pod-autoscaler/recommender";
import type { Size } from "./workload/container";

/** Where the recommender runs; the cluster base makes the namespace. */
export const VERTICAL_POD_AUTOSCALER_NAMESPACE = "vertical-pod-autoscaler";

export interface VerticalPodAutoscalerArgs {
  /**
   * Who installs it: `managed` here, with the image to run, `registry/repository:tag@sha256:digest`; or `external`,
   * someone else: then only the objects that ask for recommendations are made.
   */
  readonly management: { readonly kind: "managed"; readonly image: string } | { readonly kind: "external" };
  /** All that runs on the cluster: what is recommended for is read from it. */
  readonly objects: readonly KubeObject[];
  /** Recommender pods, 2–5; one leads, the others take over. @default 2, so that one is left when a node is drained */
  readonly replicas?: number;
  /**
   * What the recommender may use; its memory grows with the pods of the cluster.
   * @default 50 millicores and 512 MiB, at most 1 GiB: upstream's own
   */
  readonly size?: Size;
}

const SIZE: Size = { cpuMillicores: 50, memoryMiB: 512, memoryLimitMiB: 1024 };

const ALERTS: readonly Alert[] = [
  {
    name: "VerticalPodAutoscalerRecommenderAbsent",
    expr: "absent(vpa_recommender_vpa_objects_count)",
    for: "30m",
    severity: "warning",
    summary: "No recommender of the Vertical Pod Autoscaler has reported for half an hour.",
    action: "Look at the Deployment vertical-pod-autoscaler-recommender. Nothing else depends on it.",
  },
  {
    name: "VerticalPodAutoscalerWithoutMetrics",
    expr: 'sum(rate(vpa_recommender_metric_server_responses{is_error="true"}[15m])) > 0',
    for: "30m",
    severity: "warning",
    summary: "The recommender gets errors instead of metrics of pods.",
    action: "Look at the API service v1beta1.metrics.k8s.io and the program behind it, metrics-server.",
  },
];

/**
 * The manifests of the recommender and of what is asked of it.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class VerticalPodAutoscalerChart extends Chart {
  constructor(args: VerticalPodAutoscalerArgs) {
    super(new App(), "vertical-pod-autoscaler", { disableResourceNameHashes: true });
    for (const object of [...managed(args), ...recommendations(args.objects)]) {
      const { namespace = "", name } = object.metadata;
      new Manifest(this, `${object.kind}-${namespace}-${name}`, object);
    }
  }
}

/** All of it. */
export function verticalPodAutoscalerPart(args: VerticalPodAutoscalerArgs): Part {
  const workload = program(args)?.workload;
  return {
    name: "vertical-pod-autoscaler",
    namespaces: workload ? [{ name: VERTICAL_POD_AUTOSCALER_NAMESPACE }] : [],
    flows: workload?.flows ?? [],
    objects: objectsOf(new VerticalPodAutoscalerChart(args)),
    scrapeTargets: workload?.scrapeTarget ? [workload.scrapeTarget] : [],
    alerts: workload ? ALERTS : [],
    departures: workload?.departures ?? [],
  };
}

function managed(args: VerticalPodAutoscalerArgs): KubeObject[] {
  const made = program(args);
  if (!made) return [];
  const labels = objectLabels("vertical-pod-autoscaler");
  const definitions = upstreamObjects("vertical-pod-autoscaler");
  return [
    ...definitions.map((object) => withLabels(withoutDescriptions(object), labels)),
    ...made.rights,
    ...made.workload.objects,
  ];
}

function program({ management, replicas = 2, size = SIZE }: VerticalPodAutoscalerArgs) {
  if (management.kind === "external") return undefined;
  const whose = "vertical-pod-autoscaler";
  if (management.image.trim() === "") {
    throw new Error(`${whose}: management.image is empty, must be registry/repository:tag@sha256:digest`);
  }
  if (!Number.isInteger(replicas) || replicas < 2 || replicas > 5) {
    throw new Error(
      `${whose}: replicas is ${replicas}, must be a whole number of 2–5: one must be left when a node is drained`,
    );
  }
  return recommender({ image: management.image, namespace: VERTICAL_POD_AUTOSCALER_NAMESPACE, replicas, size });
}
