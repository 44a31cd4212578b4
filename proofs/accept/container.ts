/** Containers as they are rendered, and what their programs would find: arguments, variables, files. */
import type { KubeObject } from "../../components/kube-object";
import { isWorkload } from "../../components/pod-configuration";

/** One container of a workload. */
export interface RenderedContainer {
  /** `namespace/workload/container`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Its variables; what only a running pod knows has a value of the same form. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that ConfigMaps of the same render put there, by absolute path. */
  readonly files: ReadonlyMap<string, string>;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string }; readonly secretKeyRef?: object };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

/** What the API server would fill in, once a pod runs. */
const FIELDS: Readonly<Record<string, string>> = {
  "metadata.name": "pod-0",
  "metadata.namespace": "namespace",
  "spec.nodeName": "node-0",
  "status.hostIP": "127.0.0.1",
  "status.podIP": "127.0.0.1",
};

/** Every container of Deployments, StatefulSets and DaemonSets that runs an image. */
export function containersOf(objects: readonly KubeObject[], image: string): RenderedContainer[] {
  return objects.filter(isWorkload).flatMap((workload) => {
    const template = (workload.spec as { readonly template?: { readonly spec: PodSpec } }).template;
    const { namespace = "", name } = workload.metadata;
    return (template?.spec.containers ?? [])
      .filter((container) => container.image === image)
      .map((container) => ({
        name: `${namespace}/${name}/${container.name}`,
        args: container.args ?? [],
        env: variables(container),
        files: mountedFiles(container, template?.spec.volumes ?? [], objects, namespace),
      }));
  });
}

function variables({ env = [] }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      if (valueFrom?.secretKeyRef) return [name, "known-to-few"];
      return [name, value ?? FIELDS[valueFrom?.fieldRef?.fieldPath ?? ""] ?? "1"];
    }),
  );
}

function mountedFiles(
  { volumeMounts = [] }: Container,
  volumes: NonNullable<PodSpec["volumes"]>,
  objects: readonly KubeObject[],
  namespace: string,
): ReadonlyMap<string, string> {
  const files = volumeMounts.flatMap(({ mountPath, name, subPath }) => {
    const configMap = volumes.find((volume) => volume.name === name)?.configMap?.name;
    const source = objects.find(
      ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === configMap && metadata.namespace === namespace,
    );
    const data = (source?.data ?? {}) as Readonly<Record<string, string>>;
    return Object.entries(data).flatMap(([key, text]): [string, string][] =>
      subPath === undefined ? [[`${mountPath}/${key}`, text]] : subPath === key ? [[mountPath, text]] : [],
    );
  });
  return new Map(files);
}
