/** What a pod finds in its file system: the Secrets and ConfigMaps that its containers mount, laid out as a kubelet does. */
import type { V1ConfigMap, V1PodSpec, V1Secret, V1Volume } from "@kubernetes/client-node";

/** Everything of one namespace that pods may mount. */
export interface Mountable {
  readonly secrets: readonly V1Secret[];
  readonly configMaps: readonly V1ConfigMap[];
}

/** Where every pod finds its own token, if it may have one. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The files of one container by absolute path.
 *
 * @throws Error naming the Secret or ConfigMap that does not exist
 */
export function podFiles(spec: V1PodSpec, container: string, mountable: Mountable): ReadonlyMap<string, Buffer> {
  const mounts = spec.containers.find(({ name }) => name === container)?.volumeMounts ?? [];
  const mounted = mounts.flatMap(({ mountPath, name, subPath }) => {
    const volume = spec.volumes?.find((candidate) => candidate.name === name);
    return entriesOf(volume, mountable).flatMap(([file, content]): [string, Buffer][] =>
      subPath === undefined ? [[`${mountPath}/${file}`, content]] : subPath === file ? [[mountPath, content]] : [],
    );
  });
  // what admission adds to a pod that has not said otherwise
  const authority = entriesOf({ name: "ca", configMap: { name: "kube-root-ca.crt" } }, mountable);
  const account = spec.automountServiceAccountToken === false ? [] : [...authority, ["token", Buffer.from("token")]];
  return new Map([
    ...mounted,
    ...account.map(([file, content]) => [`${ACCOUNT}/${file}`, content] as [string, Buffer]),
  ]);
}

function entriesOf(volume: V1Volume | undefined, { configMaps, secrets }: Mountable): [string, Buffer][] {
  const found = <T extends V1Secret | V1ConfigMap>(kind: string, all: readonly T[], name = "", optional = false) => {
    const object = all.find(({ metadata }) => metadata?.name === name);
    if (object || optional) return Object.entries(object?.data ?? {});
    throw new Error(`the pod mounts ${kind} ${name}, which does not exist`);
  };
  const secret = (name?: string, optional?: boolean) =>
    found("Secret", secrets, name, optional).map(([file, text]): [string, Buffer] => [
      file,
      Buffer.from(text, "base64"),
    ]);
  const configMap = (name?: string, optional?: boolean) =>
    found("ConfigMap", configMaps, name, optional).map(([file, text]): [string, Buffer] => [file, Buffer.from(text)]);

  if (volume?.secret) return secret(volume.secret.secretName, volume.secret.optional);
  if (volume?.configMap) return configMap(volume.configMap.name, volume.configMap.optional);
  return (volume?.projected?.sources ?? []).flatMap((source) => [
    ...(source.secret ? secret(source.secret.name, source.secret.optional) : []),
    ...(source.configMap ? configMap(source.configMap.name, source.configMap.optional) : []),
  ]);
}
