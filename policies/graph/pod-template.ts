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
  const isOther = groupOf(object.apiVersion).includes(".") && listOf(at(template, "spec", "containers")).length > 0;
  if (!TEMPLATED.has(kind) && !isOther) return undefined;
  const replicas = at(spec, "replicas");
  return of(template, typeof replicas === "number" ? replicas : undefined);
}

function of(template: unknown, replicas: number | undefined): PodTemplate {
  return {
    labels: stringsOf(at(template, "metadata", "labels")),
    spec: fieldsOf(at(template, "spec")),
    replicas,
  };
}

/** All containers of a pod, those that prepare it first. */
export const containersOf = (spec: Fields): Fields[] =>
  [...listOf(spec.initContainers), ...listOf(spec.containers)].map(fieldsOf);
