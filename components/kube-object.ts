/**
 * A Kubernetes object as plain data: what charts make, what the engine registers, what rules judge.
 */
import { ApiObject, type Chart } from "cdk8s";

/** Any Kubernetes object; only the fields that every object has are typed. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Every object of a chart, in the order in which the chart creates them. */
export function objectsOf(chart: Chart): KubeObject[] {
  return chart.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((object) => object.toJson() as KubeObject);
}

/** The API group of an object: `""` for the core group. */
export function groupOf(object: Pick<KubeObject, "apiVersion">): string {
  return object.apiVersion.includes("/") ? (object.apiVersion.split("/")[0] ?? "") : "";
}

/** What identifies an object within one cluster, whatever version it is written in: `group/Kind/namespace/name`. */
export function keyOf(object: KubeObject): string {
  return [groupOf(object), object.kind, object.metadata.namespace ?? "", object.metadata.name].join("/");
}
