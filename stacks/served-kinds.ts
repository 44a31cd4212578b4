/** What an API server offers: it lists a kind some time after it has taken in its definition and called it established. */
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@pulumi/pulumi";
import type { KubeObject } from "../components/kube-object";
import { type ClusterAccess, ClusterUnreachable, LiveCluster } from "./live-cluster";

/** Between two questions, in milliseconds: an answer is some 200 KiB. */
const PAUSE_MS = 500;

/**
 * Longest wait, in milliseconds: the API server looks at all definitions again after 5 min at the latest
 * (`NewSharedInformerFactory` in k8s.io/apiextensions-apiserver), whatever it missed; then some time to do it.
 */
const LONGEST_WAIT_MS = 330_000;

/** `APIGroupDiscoveryList` of apidiscovery.k8s.io/v2, as far as it is read here. */
interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly { readonly responseKind?: { readonly kind: string } }[];
    }[];
  }[];
}

/**
 * Resolves when an API server lists the kinds of definitions that it has, as every client asks before it makes an object.
 * The provider asks for a kind six times within a minute and then gives up; a busy API server can take longer.
 *
 * @param definitions CustomResourceDefinitions
 * @returns the kinds, as `<group>/<version>/<kind>`, that it does not list after the longest wait
 */
export async function unservedKinds(
  access: ClusterAccess,
  definitions: readonly KubeObject[],
  longestWaitMs: number = LONGEST_WAIT_MS,
): Promise<string[]> {
  const cluster = await LiveCluster.open(access);
  const end = Date.now() + longestWaitMs;
  let missing = definitions.flatMap(kindsOf);
  try {
    for (;;) {
      const served = await servedBy(cluster);
      missing = missing.filter((kind) => !served.has(kind));
      if (missing.length === 0 || Date.now() >= end) return missing;
      await sleep(PAUSE_MS);
    }
  } finally {
    cluster.close();
  }
}

/**
 * Resolves when a cluster's API server offers the kinds of definitions that were made just now. What is made of a kind that
 * is not offered fails, and a second run makes it: so the wait ends with a warning.
 */
export async function awaitKinds(
  cluster: string,
  access: ClusterAccess,
  definitions: readonly KubeObject[],
): Promise<void> {
  const unserved = await unservedKinds(access, definitions);
  if (unserved.length === 0) return;
  await log.warn(
    `cluster ${cluster}: its API server took in the definitions of ${unserved.join(", ")} and does not offer them yet. ` +
      "If objects of these kinds fail, run the command again.",
  );
}

function kindsOf({ spec }: KubeObject): string[] {
  const { group, names, versions } = spec as {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
  return versions.flatMap(({ name, served }) => (served ? [`${group}/${name}/${names.kind}`] : []));
}

/** Kinds that are listed; none while the API server is too busy to answer. */
async function servedBy(cluster: LiveCluster): Promise<ReadonlySet<string>> {
  try {
    const discovery = await cluster.get<Discovery>("/apis", "discovery");
    return new Set(
      discovery?.items.flatMap(({ metadata, versions }) =>
        versions.flatMap(({ version, resources = [] }) =>
          resources.map(({ responseKind }) => `${metadata.name}/${version}/${responseKind?.kind}`),
        ),
      ),
    );
  } catch (error) {
    if (error instanceof ClusterUnreachable) return new Set();
    throw error;
  }
}
