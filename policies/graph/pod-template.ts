/** What an object says of the pods that come of it. */
import { type AnyObject, groupOf } from "../engine/match";
import { at, type Fields, fieldsOf, listOf, stringsOf } from "./field";

export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Fields;
  /** How many there shall be; undefined where the kind has no such number. */
  readonly replicas: number | undefined;
}

/** Kinds of Kubernetes whose `spec.template` is one for pods. */
const TEMPLATED = new Set(["DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"]);

/** Undefined where no pods come of it. Of other groups whatever looks like one counts: Rollouts, CloneSets. */
export function podTemplate(object: AnyObject): PodTemplate | undefined {
  const { kind, metadata, spec } = object;
  if (kind === "Pod") return of({ metadata, spec }, undefined);
  if (kind === "CronJob") return of(at(spec, "jobTemplate", "spec", "template"), undefined);
  const template = at(spec, "template");
  if (TEMPLATED.has(kind)) return of(template, spec);
  const isOther = groupOf(object.apiVersion).includes(".") && listOf(at(template, "spec", "containers")).length > 0;
  return isOther ? of(template, spec) : undefined;
}

/** Read as it is asked for: of what nobody asks it does not matter whether it is known. */
function of(template: unknown, counted: unknown): PodTemplate {
  return {
    get labels() {
      return stringsOf(at(template, "metadata", "labels"));
    },
    get spec() {
      return fieldsOf(at(template, "spec"));
    },
    get replicas() {
      const replicas = at(counted, "replicas");
      return typeof replicas === "number" ? replicas : undefined;
    },
  };
}

/** All containers of a pod, those that prepare it first. */
export const containersOf = (spec: Fields): Fields[] =>
  [...listOf(spec.initContainers), ...listOf(spec.containers)].map(fieldsOf);
