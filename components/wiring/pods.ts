/**
 * The pods that an object makes: by itself, by a template, or by an operator that reads it.
 */
import type { KubeObject } from "../kube-object";
import type { Labels } from "../labels";
import { at, entriesOf, type Fields, fieldsOf, listOf } from "./reference";

export interface PodPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
}

export interface Pods {
  /** The object that makes them. */
  readonly of: KubeObject;
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly PodPort[];
  /** Their spec. */
  readonly spec: Fields;
  /** Where the spec stands in the object. */
  readonly path: string;
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  DaemonSet: ["spec", "template"],
  Deployment: ["spec", "template"],
  Job: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Rollout: ["spec", "template"],
  StatefulSet: ["spec", "template"],
};

/** Undefined for an object that makes no pods. */
export function podsOf(object: KubeObject): Pods | undefined {
  const { kind, metadata } = object;
  const path = TEMPLATES[kind];
  if (!path) return operated(object);
  const template = at(object, ...path);
  const spec = fieldsOf(at(template, "spec"));
  // a Rollout may borrow its template from a Deployment
  if (entriesOf(spec.containers).length === 0) return undefined;
  return {
    of: object,
    namespace: metadata.namespace ?? "default",
    labels: fieldsOf(at(template, "metadata", "labels")) as Labels,
    ports: [...entriesOf(spec.containers), ...entriesOf(spec.initContainers)].flatMap(({ ports }) =>
      entriesOf(ports).map(({ containerPort, name, protocol = "TCP" }) => ({
        ...(typeof name === "string" ? { name } : {}),
        port: Number(containerPort),
        protocol: String(protocol),
      })),
    ),
    spec,
    path: [...path, "spec"].join("."),
  };
}

/** Of prometheus-operator's custom resources, as it makes them. @see https://prometheus-operator.dev/docs/api-reference/api/ */
function operated(object: KubeObject): Pods | undefined {
  const { kind, metadata } = object;
  const program = { Prometheus: "prometheus", Alertmanager: "alertmanager" }[kind];
  if (program === undefined || !object.apiVersion.startsWith("monitoring.coreos.com/")) return undefined;
  const spec = fieldsOf(object.spec);
  const web = kind === "Prometheus" ? 9090 : 9093;
  return {
    of: object,
    namespace: metadata.namespace ?? "default",
    labels: {
      "app.kubernetes.io/name": program,
      "app.kubernetes.io/instance": metadata.name,
      "app.kubernetes.io/managed-by": "prometheus-operator",
      ...(fieldsOf(at(spec, "podMetadata", "labels")) as Labels),
    },
    ports: [
      { name: String(spec.portName ?? "web"), port: web, protocol: "TCP" },
      { name: "reloader-web", port: 8080, protocol: "TCP" },
    ],
    spec: {
      ...spec,
      // what it mounts is said by name alone
      volumes: [
        ...entriesOf(spec.volumes),
        ...listOf(spec.secrets).map((secretName) => ({ secret: { secretName } })),
        ...listOf(spec.configMaps).map((name) => ({ configMap: { name } })),
      ],
      volumeClaimTemplates: [at(spec, "storage", "volumeClaimTemplate")].filter((claim) => claim !== undefined),
    },
    path: "spec",
  };
}
