/**
 * What Velero may do. Upstream binds both programs to `cluster-admin`. A backup needs less: to read everything, and to
 * write snapshots. A restore needs to write everything, roles included, and that is nothing less than `cluster-admin`;
 * it is granted only while the environment says so.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { clusterRights, clusterRightsOf, type Holder, READ, type Rule, rightsIn, WRITE } from "../rights";

const VELERO = "velero.io";
const SNAPSHOTS = "snapshot.storage.k8s.io";

const writesSnapshots: Rule = {
  apiGroups: [SNAPSHOTS],
  resources: ["volumesnapshots", "volumesnapshotcontents"],
  verbs: [...READ, ...WRITE],
};

/** Its own objects, and what it makes for the pods that work for it, in its own namespace. */
const OWN: readonly Rule[] = [
  { apiGroups: [VELERO], resources: ["*"], verbs: [...READ, ...WRITE] },
  {
    apiGroups: [""],
    resources: ["pods", "persistentvolumeclaims", "secrets", "configmaps"],
    verbs: [...READ, ...WRITE],
  },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["apps"], resources: ["daemonsets", "deployments"], verbs: READ },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: [...READ, ...WRITE] },
];

/** The server's. */
export function serverRights(namespace: string, serviceAccountName: string, restores: boolean): KubeObject[] {
  const holder: Holder = { serviceAccountName, namespace, labels: objectLabels("velero", "server") };
  return [
    ...clusterRights(
      "velero-backup",
      [
        // a backup of a namespace is all that is in it, whatever its kind; Secrets are encrypted in the bucket by the cloud
        { apiGroups: ["*"], resources: ["*"], verbs: READ },
        writesSnapshots,
      ],
      holder,
    ),
    ...rightsIn("velero", OWN, holder),
    ...(restores ? [clusterRightsOf("velero-restore", "cluster-admin", holder)] : []),
  ];
}

/** The node agent's, and its movers'. */
export function nodeAgentRights(namespace: string, serviceAccountName: string, restores: boolean): KubeObject[] {
  const holder: Holder = { serviceAccountName, namespace, labels: objectLabels("velero", "node-agent") };
  const volumes = ["persistentvolumes", "persistentvolumeclaims"];
  return [
    ...clusterRights(
      "velero-node-agent",
      [
        { apiGroups: [""], resources: ["pods", "nodes", ...volumes], verbs: READ },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "volumeattachments", "csinodes"], verbs: READ },
        { apiGroups: [SNAPSHOTS], resources: ["volumesnapshotclasses"], verbs: READ },
        writesSnapshots,
        // the copy of a snapshot that was read goes with its claim, whatever its class says of volumes that lose theirs
        { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["patch"] },
        // a restored volume is made here and then given to the claim that waits for it
        ...(restores ? [{ apiGroups: [""], resources: volumes, verbs: WRITE }] : []),
      ],
      holder,
    ),
    ...rightsIn("velero-node-agent", OWN, holder),
  ];
}
