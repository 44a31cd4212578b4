import { describe, expect, it } from "@jest/globals";
import type { V1Node, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { provision } from "../../../sandbox/storage/volume";

const nodes: V1Node[] = ["a", "b", "c"].map((zone) => ({
  metadata: { name: `node-${zone}`, labels: { "topology.kubernetes.io/zone": zone } },
}));
const storageClass = (more: Partial<V1StorageClass> = {}): V1StorageClass => ({
  metadata: { name: "standard" },
  provisioner: "ebs.csi.aws.com",
  reclaimPolicy: "Retain",
  volumeBindingMode: "WaitForFirstConsumer",
  ...more,
});
const claim = (annotations: Record<string, string> = {}, uid = "u1"): V1PersistentVolumeClaim => ({
  metadata: {
    name: "data",
    namespace: "shop",
    uid,
    annotations: { "volume.kubernetes.io/storage-provisioner": "ebs.csi.aws.com", ...annotations },
  },
  spec: { storageClassName: "standard", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } },
});
const selected = (node: string) => claim({ "volume.kubernetes.io/selected-node": node });
const zonesOf = (result: ReturnType<typeof provision>) =>
  "volume" in result
    ? result.volume.spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0]?.values
    : result;

describe("the volume of a claim", () => {
  it("is the driver's, for that claim alone, kept or deleted as the class says", () => {
    const result = provision(selected("node-b"), [storageClass()], nodes);
    expect("volume" in result && result.volume).toMatchObject({
      metadata: { name: "pvc-u1", annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "5Gi" },
        claimRef: { name: "data", namespace: "shop", uid: "u1" },
        csi: { driver: "ebs.csi.aws.com", volumeHandle: "pvc-u1" },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "standard",
      },
    });
  });

  it("lies in the zone of the selected node", () => {
    expect(zonesOf(provision(selected("node-b"), [storageClass()], nodes))).toEqual(["b"]);
  });

  it("waits for its first consumer when the class says so, and for the controller manager's word", () => {
    expect(provision(claim(), [storageClass()], nodes)).toEqual({ waiting: true });
    const unannounced = { ...claim(), metadata: { name: "data", namespace: "shop", uid: "u1" } };
    expect(provision(unannounced, [storageClass({ volumeBindingMode: "Immediate" })], nodes)).toEqual({
      waiting: true,
    });
  });

  it("lies in an allowed zone when it is made at once, whatever the driver calls zones", () => {
    const allowedTopologies = [{ matchLabelExpressions: [{ key: "topology.ebs.csi.aws.com/zone", values: ["c"] }] }];
    const result = provision(claim(), [storageClass({ volumeBindingMode: "Immediate", allowedTopologies })], nodes);
    expect(zonesOf(result)).toEqual(["c"]);
  });

  it("is spread over all zones, the same claim always to the same", () => {
    const immediate = [storageClass({ volumeBindingMode: "Immediate" })];
    const zones = Array.from({ length: 30 }, (_, i) => zonesOf(provision(claim({}, `u${i}`), immediate, nodes)));
    expect(new Set(zones.map(String))).toEqual(new Set(["a", "b", "c"]));
    expect(zonesOf(provision(claim({}, "u7"), immediate, nodes))).toEqual(zones[7]);
  });

  it("cannot be made in a zone without nodes, and says so", () => {
    const allowedTopologies = [{ matchLabelExpressions: [{ key: "topology.kubernetes.io/zone", values: ["z"] }] }];
    expect(provision(selected("node-a"), [storageClass({ allowedTopologies })], nodes)).toEqual({
      failure: "StorageClass standard allows the zones z, in which no node can take the volume",
    });
  });
});
