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
    readonly valueFrom?: {
      readonly configMapKeyRef?: { readonly name: string; readonly key: string };
      readonly fieldRef?: { readonly fieldPath: string };
      readonly secretKeyRef?: object;
    };
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
        env: variables(container, (configMap) => dataOf(objects, namespace, configMap)),
        files: mountedFiles(container, template?.spec.volumes ?? [], objects, namespace),
      }));
  });
}

type Data = Readonly<Record<string, string>>;

function variables({ env = [] }: Container, configMap: (name: string) => Data): Data {
  return Object.fromEntries(
    env.flatMap(({ name, value, valueFrom }): [string, string][] => {
      if (valueFrom?.secretKeyRef) return [[name, "known-to-few"]];
      const from = valueFrom?.configMapKeyRef;
      if (from === undefined) return [[name, value ?? FIELDS[valueFrom?.fieldRef?.fieldPath ?? ""] ?? "1"]];
      const found = configMap(from.name)[from.key];
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

/** Nothing where no ConfigMap of that name is rendered. */
function dataOf(objects: readonly KubeObject[], namespace: string, name: string | undefined): Data {
  const found = objects.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name && metadata.namespace === namespace,
  );
  return (found?.data ?? {}) as Data;
}

function mountedFiles(
  { volumeMounts = [] }: Container,
  volumes: NonNullable<PodSpec["volumes"]>,
  objects: readonly KubeObject[],
  namespace: string,
): ReadonlyMap<string, string> {
  const files = volumeMounts.flatMap(({ mountPath, name, subPath }) => {
    const configMap = volumes.find((volume) => volume.name === name)?.configMap?.name;
    return Object.entries(dataOf(objects, namespace, configMap)).flatMap(([key, text]): [string, string][] =>
      subPath === undefined ? [[`${mountPath}/${key}`, text]] : subPath === key ? [[mountPath, text]] : [],
    );
  });
  return new Map(files);
}
