/** What a host program's pod mounts, as folders of this machine: Secrets and ConfigMaps kept up to date, empty folders otherwise. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { V1ConfigMap, V1Container, V1Pod, V1Secret, V1Volume } from "@kubernetes/client-node";

/** What a cluster holds that pods may mount, all of the pod's namespace. */
export interface Mountable {
  readonly secrets: readonly V1Secret[];
  readonly configMaps: readonly V1ConfigMap[];
}

/** The files of one volume, by name; or what is missing, as a sentence. */
export type VolumeFiles = { readonly files: ReadonlyMap<string, Buffer> } | { readonly missing: string };

/** The files of a volume: those of its Secret or ConfigMap, none for any other kind. */
export function volumeFiles({ secret, configMap }: V1Volume, { secrets, configMaps }: Mountable): VolumeFiles {
  if (secret) {
    const found = secrets.find(({ metadata }) => metadata?.name === secret.secretName);
    if (!found && !secret.optional) return { missing: `Secret ${secret.secretName} does not exist` };
    const data = Object.entries(found?.data ?? {});
    return { files: new Map(data.map(([name, value]) => [name, Buffer.from(value, "base64")])) };
  }
  if (configMap) {
    const found = configMaps.find(({ metadata }) => metadata?.name === configMap.name);
    if (!found && !configMap.optional) return { missing: `ConfigMap ${configMap.name} does not exist` };
    return { files: new Map(Object.entries(found?.data ?? {}).map(([name, text]) => [name, Buffer.from(text)])) };
  }
  return { files: new Map() };
}

/** Where the volume that a container mounts at this path lies below `folder`; a folder of its own when it mounts none there. */
export function mountFolder(folder: string, container: V1Container, mountPath: string): string {
  const mount = container.volumeMounts?.find((candidate) => candidate.mountPath === mountPath);
  return join(folder, mount?.name ?? `unmounted${mountPath.replaceAll("/", "-")}`);
}

/**
 * Brings the folders of all volumes of a pod up to date.
 *
 * @returns what keeps the pod from starting, as a sentence; undefined when nothing does
 */
export async function syncVolumes(folder: string, pod: V1Pod, mountable: Mountable): Promise<string | undefined> {
  for (const volume of pod.spec?.volumes ?? []) {
    const wanted = volumeFiles(volume, mountable);
    if ("missing" in wanted) return wanted.missing;
    if (volume.secret || volume.configMap) await syncFolder(join(folder, volume.name), wanted.files);
    else await mkdir(join(folder, volume.name), { recursive: true });
  }
  return undefined;
}

/** Each file by one rename: who watches it reads the old bytes or the new, never half of them. */
async function syncFolder(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    if (!files.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
  for (const [name, bytes] of files) {
    const file = join(folder, name);
    if ((await readFile(file).catch(() => undefined))?.equals(bytes)) continue;
    await writeFile(`${file}.new`, bytes, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}
