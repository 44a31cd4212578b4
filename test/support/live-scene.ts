/** A cluster as a destroy plan reads it, put together from a few words, for what healthy clusters do not show at will. */
import { type ClusterScene, clusterScene } from "../../lifecycle/destroy-plan/cluster-scene";
import type { LiveObject, Metadata, ServedKind } from "../../lifecycle/destroy-plan/live-object";
import type { Snapshot } from "../../lifecycle/destroy-plan/snapshot";
import type { StackObject } from "../../lifecycle/destroy-plan/stack-state";
import type { Environment } from "../../stacks/environment";

const KINDS: Readonly<Record<string, readonly [group: string, plural: string, namespaced: boolean]>> = {
  APIService: ["apiregistration.k8s.io", "apiservices", false],
  Application: ["argoproj.io", "applications", true],
  ApplicationSet: ["argoproj.io", "applicationsets", true],
  ConfigMap: ["", "configmaps", true],
  CustomResourceDefinition: ["apiextensions.k8s.io", "customresourcedefinitions", false],
  Namespace: ["", "namespaces", false],
  PersistentVolume: ["", "persistentvolumes", false],
  Pod: ["", "pods", true],
  Service: ["", "services", true],
  StatefulSet: ["apps", "statefulsets", true],
  ValidatingWebhookConfiguration: ["admissionregistration.k8s.io", "validatingwebhookconfigurations", false],
  Widget: ["acme.example", "widgets", true],
};

export function served(kind: string): ServedKind {
  const [group, plural, namespaced] = KINDS[kind] ?? ["acme.example", `${kind.toLowerCase()}s`, true];
  return { group, version: "v1", kind, plural, namespaced };
}

/** `Kind/name` or `Kind/namespace/name`; its uid is the same text. */
export function live(spelt: string, metadata: Partial<Metadata> = {}): LiveObject {
  const { kind, name, namespace } = parts(spelt);
  return {
    group: served(kind).group,
    kind,
    name,
    ...(namespace && { namespace }),
    served: served(kind),
    metadata: { name, ...(namespace && { namespace }), uid: spelt, ...metadata },
  };
}

/** The same as an object of the stack. */
export function resource(spelt: string, wave: number, component = "", rest: Partial<StackObject> = {}): StackObject {
  const { kind, name, namespace } = parts(spelt);
  return {
    cluster: "hub",
    component,
    group: served(kind).group,
    kind,
    name,
    ...(namespace && { namespace }),
    urn: `urn:${spelt}`,
    wave,
    protected: false,
    retained: false,
    ...rest,
  };
}

function parts(spelt: string) {
  const [kind = "", ...rest] = spelt.split("/");
  return { kind, name: rest.at(-1) ?? "", namespace: rest.length > 1 ? rest[0] : undefined };
}

interface SceneArgs extends Partial<Snapshot> {
  readonly stack?: readonly StackObject[];
  readonly sandbox?: boolean;
}

/** A cluster `hub` that holds some objects, and what the stack made of them. */
export function scene({ sandbox = false, stack = [], ...snapshot }: SceneArgs): ClusterScene {
  const whole: Snapshot = {
    kinds: [],
    objects: [],
    unlisted: [],
    namespaces: [],
    webhookConfigurations: [],
    apiServices: [],
    nodes: [],
    pods: [],
    services: [],
    volumes: [],
    workloads: [],
    endpointSlices: [],
    clusterRoles: [],
    clusterRoleBindings: [],
    ...snapshot,
  };
  const environment = { clusters: { hub: {} }, ...(sandbox && { sandbox: {} }) } as unknown as Environment;
  return clusterScene(environment, "hub", whole, stack);
}
