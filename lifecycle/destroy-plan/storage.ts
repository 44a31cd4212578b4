/** Volumes and load balancers of what goes: data that is lost or stays, and addresses that end. */

import type { Environment } from "../../stacks/environment";
import { about, type ClusterScene, liveOf } from "./cluster-scene";
import type { Finding } from "./finding";
import type { StackObject } from "./stack-state";

/** One finding per volume that a claim in a namespace that goes is bound to. */
export function volumes(scene: ClusterScene): Finding[] {
  const { commands, going, snapshot } = scene;
  return snapshot.volumes.flatMap(({ metadata, spec }) => {
    const object = liveOf(scene, metadata.uid);
    const claim = spec?.claimRef;
    if (!object || !claim?.namespace || going.namespaceWave(claim.namespace) === undefined) return [];
    const of = `PersistentVolumeClaim ${claim.namespace}/${claim.name} goes`;
    if (spec?.persistentVolumeReclaimPolicy !== "Retain") {
      return [about(scene, object, { verdict: "lost", why: `${of}, and with it this volume and its data` })];
    }
    const why = `${of}, and this volume stays with its data, and costs what it costs (reclaimPolicy Retain)`;
    return [about(scene, object, { verdict: "left", why, cure: commands.delete([object]) })];
  });
}

/** One finding per Service that has a load balancer and goes. */
export function loadBalancers(scene: ClusterScene): Finding[] {
  return scene.snapshot.services.flatMap(({ metadata, spec, status }) => {
    const object = liveOf(scene, metadata.uid);
    if (spec?.type !== "LoadBalancer" || !object || !scene.going.of(object)) return [];
    const addresses = (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => hostname ?? ip ?? []);
    const at = addresses.length > 0 ? `its address ${addresses.join(", ")}` : "its address";
    return [about(scene, object, { verdict: "lost", why: `its load balancer ends, and ${at} is given away` })];
  });
}

/** Buckets that hold what the stack's programs kept: no stack of a platform deletes them. */
export function keptBuckets({ objectStore }: Environment, objects: readonly StackObject[]): Finding[] {
  const kept = Object.entries(objectStore?.kind === "s3" ? objectStore.buckets : {});
  return kept.flatMap(([component, bucket]) => {
    if (!bucket || !objects.some((one) => one.component === component)) return [];
    const why = `it keeps what ${component} wrote, and costs what it costs: no destroy of a platform deletes a bucket`;
    return [{ cluster: "", verdict: "left", object: { group: "", kind: "Bucket", name: bucket }, count: 1, why }];
  });
}
