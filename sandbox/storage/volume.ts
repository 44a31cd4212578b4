/** The volume that a CSI driver would make for a claim. */
import type { V1Node, V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";

const ZONE = "topology.kubernetes.io/zone";

/** Set by kube-controller-manager on claims which an external provisioner is to serve. */
const PROVISIONER_ANNOTATIONS = [
  "volume.kubernetes.io/storage-provisioner",
  "volume.beta.kubernetes.io/storage-provisioner",
];

/** Set by kube-scheduler on claims of a class that waits for the first consumer. */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** Tells kube-controller-manager that deleting the volume is the provisioner's work. */
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** The volume, what it waits for, or why it cannot be made: a sentence. */
export type Provisioning =
  | { readonly volume: V1PersistentVolume }
  | { readonly waiting: true }
  | { readonly failure: string };

/** What becomes of a claim that has no volume yet, by the rules of the external provisioner for CSI drivers. */
export function provision(
  claim: V1PersistentVolumeClaim,
  classes: readonly V1StorageClass[],
  nodes: readonly V1Node[],
): Provisioning {
  const annotations = claim.metadata?.annotations ?? {};
  const provisioner = PROVISIONER_ANNOTATIONS.map((name) => annotations[name]).find((value) => value !== undefined);
  const storageClass = classes.find(({ metadata }) => metadata?.name === claim.spec?.storageClassName);
  if (!provisioner || !storageClass) return { waiting: true };
  const zone = zoneFor(claim, storageClass, nodes);
  if (typeof zone !== "string") return zone;
  return { volume: volumeFor(claim, storageClass, provisioner, zone) };
}

/** The zone of the selected node; without one, an allowed zone that depends on the claim alone. */
function zoneFor(claim: V1PersistentVolumeClaim, storageClass: V1StorageClass, nodes: readonly V1Node[]) {
  const selected = claim.metadata?.annotations?.[SELECTED_NODE];
  const allowed = storageClass.allowedTopologies
    ?.flatMap(({ matchLabelExpressions }) => matchLabelExpressions ?? [])
    .filter(({ key }) => key.endsWith("/zone")) // drivers have keys of their own, such as topology.ebs.csi.aws.com/zone
    .flatMap(({ values }) => values);
  if (storageClass.volumeBindingMode === "WaitForFirstConsumer" && !selected) return { waiting: true } as const;
  const zones = nodes
    .filter(({ metadata }) => !selected || metadata?.name === selected)
    .flatMap(({ metadata }) => metadata?.labels?.[ZONE] ?? [])
    .filter((zone) => !allowed?.length || allowed.includes(zone))
    .sort();
  const zone = zones[checksum(claim.metadata?.uid ?? "") % Math.max(1, zones.length)];
  if (zone) return zone;
  const name = storageClass.metadata?.name;
  return {
    failure: `StorageClass ${name} allows the zones ${allowed?.join(", ")}, in which no node can take the volume`,
  };
}

function volumeFor(
  { metadata, spec }: V1PersistentVolumeClaim,
  storageClass: V1StorageClass,
  provisioner: string,
  zone: string,
): V1PersistentVolume {
  const name = `pvc-${metadata?.uid}`;
  const fsType = storageClass.parameters?.["csi.storage.k8s.io/fstype"];
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { [PROVISIONED_BY]: provisioner } },
    spec: {
      accessModes: spec?.accessModes,
      capacity: { storage: spec?.resources?.requests?.storage ?? "1Gi" },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: metadata?.name,
        namespace: metadata?.namespace,
        uid: metadata?.uid,
      },
      csi: { driver: provisioner, volumeHandle: name, ...(fsType ? { fsType } : {}) },
      mountOptions: storageClass.mountOptions,
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }] },
      },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata?.name,
      volumeMode: spec?.volumeMode ?? "Filesystem",
    },
  };
}

/** Spreads claims over zones, the same way each time. */
const checksum = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
