/** F3: the pod of a case in every kind of object that makes pods out of a template. */

import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { AnyObject } from "../../policies/engine/match";
import { matches } from "../../policies/engine/match";
import { valueAt } from "../../policies/engine/path";
import { policiesPath } from "../../policies/folder";
import { kindSetsSchema, type Rule } from "../../policies/rule";
import type { Question } from "./question";

/** A kind of workload. */
interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  /** Where its pods' metadata and spec stand; `[]` in a pod itself. */
  readonly place: readonly string[];
  /** What an API server wants besides the template. */
  readonly spec: object;
}

/** The pod of an object. */
export interface PodTemplate {
  readonly metadata?: unknown;
  readonly spec: unknown;
}

const LABELS = { app: "case" };
const selector = { matchLabels: LABELS };
const inSpec = ["spec", "template"];

const WORKLOADS: readonly Workload[] = [
  { apiVersion: "v1", kind: "Pod", place: [], spec: {} },
  { apiVersion: "v1", kind: "PodTemplate", place: ["template"], spec: {} },
  { apiVersion: "v1", kind: "ReplicationController", place: inSpec, spec: { selector: LABELS } },
  { apiVersion: "apps/v1", kind: "DaemonSet", place: inSpec, spec: { selector } },
  { apiVersion: "apps/v1", kind: "Deployment", place: inSpec, spec: { selector } },
  { apiVersion: "apps/v1", kind: "ReplicaSet", place: inSpec, spec: { selector } },
  { apiVersion: "apps/v1", kind: "StatefulSet", place: inSpec, spec: { selector, serviceName: "case" } },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    place: ["spec", "jobTemplate", ...inSpec],
    spec: { schedule: "0 0 * * *" },
  },
  { apiVersion: "batch/v1", kind: "Job", place: inSpec, spec: {} },
  { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", place: inSpec, spec: { selector, strategy: { canary: {} } } },
];

/** Kinds whose pods end: a rule that is about pods that go on has nothing to say of them. */
const ENDING = ["CronJob", "Job"];
const ABOUT_PODS_THAT_GO_ON = ["PS-05"];

/** Every kind that `lib/kinds.yaml` calls a workload: a test holds the table above to it. */
export function workloadKinds(): string[] {
  const sets = kindSetsSchema.parse(parse(readFileSync(policiesPath("lib", "kinds.yaml"), "utf8")));
  return (sets.workloads ?? []).map(({ group, kind }) => `${group}/${kind}`).sort();
}

/** The same of the table. */
export const writtenKinds = () =>
  WORKLOADS.map(({ apiVersion, kind }) => `${apiVersion.includes("/") ? apiVersion.split("/")[0] : ""}/${kind}`).sort();

/** A question about a workload, and what it must come to because of what its pod comes to. */
export interface WorkloadQuestion {
  readonly question: Question;
  /** Undefined where the rule treats the kinds differently, on purpose. */
  readonly expected?: { readonly verdict: "allow" | "deny"; readonly paths: readonly string[] };
}

/**
 * The pod of a question's object in every other kind that the rule looks at. Nothing for an object without a pod.
 *
 * @param paths of the violations by the authored object
 */
export function workloadForms(question: Question, paths: readonly string[]): WorkloadQuestion[] {
  const { object, setting } = question;
  const from = WORKLOADS.find(({ kind }) => kind === object.kind);
  const pod = from && valueAt(object, from.place);
  if (!from || !isTemplate(pod)) return [];
  const bare = paths.map((path) => withoutPrefix(path, from.place));
  return WORKLOADS.filter((to) => to !== from && matches(setting.rule, to.apiVersion, to.kind)).map((to) => ({
    question: {
      ...question,
      id: `${question.origin}, as ${to.kind}`,
      form: "workload",
      object: wrapped(pod, to, from),
    },
    expected:
      isAlike(setting.rule, from, to) && bare.every((path) => path !== undefined)
        ? {
            verdict: paths.length > 0 ? "deny" : "allow",
            paths: bare.map((path) => [...to.place, path].join(".")),
          }
        : undefined,
  }));
}

/** A pod in every kind of workload, for the fixtures. */
export function workloadsOf(pod: PodTemplate): { readonly object: AnyObject; readonly place: readonly string[] }[] {
  return WORKLOADS.map((to) => ({ object: wrapped(pod, to), place: to.place }));
}

function wrapped(pod: PodTemplate, to: Workload, from?: Workload): AnyObject {
  const { apiVersion, kind, place } = to;
  const own = (pod.metadata ?? {}) as { readonly labels?: object };
  const metadata = { name: "case", namespace: "default" };
  if (place.length === 0) return { apiVersion, kind, metadata: { ...own, ...metadata }, spec: pod.spec };
  const isEnding = ENDING.includes(kind) && !(from && ENDING.includes(from.kind));
  const spec = isEnding ? { ...(pod.spec as object), restartPolicy: "Never" } : pod.spec;
  const template = { metadata: { ...own, labels: { ...own.labels, ...LABELS } }, spec };
  const [first = "", ...rest] = place;
  const inner = rest.reduceRight<object>((held, field) => ({ [field]: held }), template);
  return { apiVersion, kind, metadata, [first]: first === "spec" ? { ...to.spec, ...inner } : inner };
}

/** A workload's pod goes through its controller's eyes: only where the rule says that kinds are alike must they be. */
function isAlike({ id }: Rule, from: Workload, to: Workload): boolean {
  return !(ABOUT_PODS_THAT_GO_ON.includes(id) && [from.kind, to.kind].some((kind) => ENDING.includes(kind)));
}

/** `spec.template.spec.hostNetwork` → `spec.hostNetwork`; undefined where the path does not lead into the template. */
function withoutPrefix(path: string, place: readonly string[]): string | undefined {
  const prefix = place.map((step) => `${step}.`).join("");
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

function isTemplate(value: unknown): value is PodTemplate {
  const { metadata, spec } = (value ?? {}) as { metadata?: unknown; spec?: unknown };
  const isMap = (part: unknown) => typeof part === "object" && part !== null && !Array.isArray(part);
  const { labels } = (metadata ?? {}) as { labels?: unknown };
  return isMap(spec) && (metadata === undefined || isMap(metadata)) && (labels === undefined || isMap(labels));
}
