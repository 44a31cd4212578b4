import { describe, expect, it } from "@jest/globals";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import {
  type StorageClassDescription,
  type StorageClassesArgs,
  StorageClassesChart,
} from "../../components/storage-classes";
import { STORAGE_DRIVERS, type StorageKind } from "../../components/storage-drivers";
import { judge } from "../../policies/engine/judge";
import { expectGolden } from "../support/golden";

const snapshotCrds: KubeObject[] = [
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "volumesnapshotclasses.snapshot.storage.k8s.io" },
    spec: { versions: [{ name: "v1", schema: { openAPIV3Schema: { type: "object", description: "prose" } } }] },
  },
];
const ceph: StorageClassDescription = {
  parameters: {
    clusterID: "b9127830-b0cc-4e34-aa47-9d1a2e9949a8",
    pool: "kubernetes",
    "csi.storage.k8s.io/provisioner-secret-name": "rbd-provisioner",
    "csi.storage.k8s.io/provisioner-secret-namespace": "ceph-csi",
    "csi.storage.k8s.io/controller-expand-secret-name": "rbd-provisioner",
    "csi.storage.k8s.io/controller-expand-secret-namespace": "ceph-csi",
    "csi.storage.k8s.io/node-stage-secret-name": "rbd-node",
    "csi.storage.k8s.io/node-stage-secret-namespace": "ceph-csi",
  },
};
const keys: Record<StorageKind, string | undefined> = {
  aws: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
  gcp: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
  azure: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/d",
  ceph: "vault",
  local: undefined,
};
const kinds = Object.keys(STORAGE_DRIVERS) as StorageKind[];
const required = (kind: StorageKind): StorageClassDescription => (kind === "ceph" ? ceph : {});

const argsOf = (cloud: StorageKind, description: StorageClassDescription = required(cloud)): StorageClassesArgs => ({
  cloud,
  zones: ["a", "b", "c"],
  purpose: "production",
  classes: { standard: { default: true, ...description } },
  snapshotCrds,
});
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const rendered = (args: StorageClassesArgs, kind: string): Rendered[] =>
  objectsOf(new StorageClassesChart(args)).filter((object) => object.kind === kind);
const classOf = (kind: StorageKind, description?: StorageClassDescription): Rendered =>
  rendered(argsOf(kind, description), "StorageClass")[0];

describe("storage classes", () => {
  it.each(kinds)(
    "render the reviewed manifests on %s, from required arguments only and with everything said",
    (kind) => {
      const encryptionKey = keys[kind];
      const everything: StorageClassDescription = {
        ...required(kind),
        zones: ["a", "b"],
        reclaimPolicy: "Delete",
        allowVolumeExpansion: false,
        fsType: "xfs",
        snapshots: false,
        ...(encryptionKey ? { encryptionKey } : {}),
      };
      const args = argsOf(kind);
      const classes = { ...args.classes, restricted: everything };
      expectGolden(`storage-classes-${kind}`, objectsOf(new StorageClassesChart({ ...args, classes })));
    },
  );

  it.each<[StorageKind, string, string | undefined]>([
    ["aws", "ebs.csi.aws.com", "gp3"],
    ["gcp", "pd.csi.storage.gke.io", "pd-balanced"],
    ["azure", "disk.csi.azure.com", "StandardSSD_LRS"],
    ["ceph", "rbd.csi.ceph.com", undefined],
    ["local", "local.csi.fleetwright.dev", undefined],
  ])("on %s are made by %s, of type %s unless another is said", (kind, provisioner, type) => {
    const { parameters, ...object } = classOf(kind);
    expect(object.provisioner).toBe(provisioner);
    expect(parameters[STORAGE_DRIVERS[kind].type?.parameter ?? ""]).toBe(type);
  });

  it.each<[StorageKind, Record<string, string>]>([
    ["aws", { encrypted: "true" }],
    ["gcp", {}],
    ["azure", {}],
    ["ceph", { encrypted: "true" }],
    ["local", {}],
  ])("on %s encrypt by %j where nothing is said", (kind, expected) => {
    const { encryption } = STORAGE_DRIVERS[kind];
    expect(encryption ? { [encryption.key]: encryption.value } : {}).toEqual(expected);
    expect(classOf(kind).parameters).toMatchObject(expected);
  });

  it.each<[StorageKind, string]>([
    ["aws", "kmsKeyId"],
    ["gcp", "disk-encryption-kms-key"],
    ["azure", "diskEncryptionSetID"],
    ["ceph", "encryptionKMSID"],
  ])("on %s hand the encryption key over as %s", (kind, parameter) =>
    expect(classOf(kind, { ...required(kind), encryptionKey: "k" }).parameters[parameter]).toBe("k"),
  );

  it.each(kinds)("on %s wait for the first consumer, so that a volume lies in the zone of its pod", (kind) =>
    expect(classOf(kind).volumeBindingMode).toBe("WaitForFirstConsumer"),
  );

  it.each(kinds.filter((kind) => STORAGE_DRIVERS[kind].zonal))(
    "on %s never bind at once, for volumes live in one zone",
    (kind) =>
      expect(() => classOf(kind, { volumeBindingMode: "Immediate" })).toThrow(
        `storage-classes: class "standard": volumeBindingMode is "Immediate", must be WaitForFirstConsumer: volumes of ${STORAGE_DRIVERS[kind].provisioner} live in one zone`,
      ),
  );

  it("may bind at once where volumes live in every zone", () =>
    expect(classOf("ceph", { ...ceph, volumeBindingMode: "Immediate" }).volumeBindingMode).toBe("Immediate"));

  it.each(kinds)("on %s pass the rules that judge them, whose parameters come from the driver table", (kind) => {
    const { encryption, expandable, otherTopologyKeys, provisioner, topologyKey, zonal } = STORAGE_DRIVERS[kind];
    const zonalProvisioners = zonal ? [provisioner] : [];
    const parameters: Readonly<Record<string, Record<string, unknown>>> = {
      "DP-01": { minor: "1.35" },
      "SC-01": { provisioners: [provisioner] },
      "SC-02": {},
      "SC-03": { zonalProvisioners },
      "SC-04": {
        mode: "sound",
        zonalProvisioners,
        topologyKeys: { [provisioner]: [topologyKey, ...otherTopologyKeys] },
        zones: ["a", "b", "c"],
      },
      "SC-05": { expandable: expandable ? [provisioner] : [] },
      "SC-07": { defaultClass: "standard" },
      "SC-08": { encrypted: encryption ? { [provisioner]: encryption } : {} },
    };
    const verdicts = (object: Rendered) =>
      judge({ object }, ({ id }) => ({ level: "deny", parameters: parameters[id] ?? {} })).map(
        ({ id, verdict }) => `${id} ${verdict}`,
      );
    const storage = ["01", "02", "03", "04", "05", "06", "07", "08", "09"].map((number) => `SC-${number}`);
    const all = ["DP-01", ...storage].map((id) => `${id} allow`);
    const object = classOf(kind, { ...required(kind), zones: ["a", "b"] });
    expect(verdicts(object).sort()).toEqual(all);
    // and the rules do look: each finds what it is for
    expect(verdicts({ ...object, provisioner: "example.com/other" })).toContain("SC-01 deny");
    expect(verdicts({ ...object, reclaimPolicy: "Recycle" })).toContain("SC-02 deny");
    expect(verdicts({ ...object, volumeBindingMode: "Immediate" })).toContain(zonal ? "SC-03 deny" : "SC-03 allow");
    expect(verdicts({ ...object, allowedTopologies: [{}] })).toContain("SC-04 deny");
    expect(verdicts({ ...object, provisioner: "example.com/other" })).toContain("SC-05 deny");
    expect(verdicts({ ...object, parameters: { ...object.parameters, a: 1 } })).toContain("SC-09 deny");
    expect(verdicts({ ...object, parameters: {} })).toContain(encryption ? "SC-08 deny" : "SC-08 allow");
  });

  it.each<[StorageKind, string]>([
    ["aws", "topology.kubernetes.io/zone"],
    ["gcp", "topology.gke.io/zone"],
    ["azure", "topology.disk.csi.azure.com/zone"],
    ["ceph", "topology.rbd.csi.ceph.com/zone"],
    ["local", "topology.kubernetes.io/zone"],
  ])("on %s restrict zones by the driver's key %s, and not at all unless asked", (kind, key) => {
    expect(classOf(kind).allowedTopologies).toBeUndefined();
    expect(classOf(kind, { ...required(kind), zones: ["b"] }).allowedTopologies).toEqual([
      { matchLabelExpressions: [{ key, values: ["b"] }] },
    ]);
  });

  it("keep data in production and clean up in development, unless a class says otherwise", () => {
    const policies = (purpose: "development" | "production") =>
      rendered(
        {
          ...argsOf("aws"),
          purpose,
          classes: { a: { default: true }, d: { reclaimPolicy: "Delete" }, r: { reclaimPolicy: "Retain" } },
        },
        "StorageClass",
      ).map(({ reclaimPolicy }) => reclaimPolicy);
    expect(policies("production")).toEqual(["Retain", "Delete", "Retain"]);
    expect(policies("development")).toEqual(["Delete", "Delete", "Retain"]);
  });

  it("keep snapshots exactly where they keep volumes", () => {
    const args = { ...argsOf("aws"), classes: { keep: { default: true }, drop: { reclaimPolicy: "Delete" } } } as const;
    expect(
      rendered(args, "VolumeSnapshotClass").map(({ deletionPolicy, metadata }) => [metadata.name, deletionPolicy]),
    ).toEqual([
      ["keep", "Retain"],
      ["drop", "Delete"],
    ]);
  });

  it("mark one default class, and one default snapshot class per driver", () => {
    const args: StorageClassesArgs = {
      ...argsOf("aws"),
      classes: {
        a: {},
        b: { default: true },
        c: { driver: "gcp" },
        d: { driver: "gcp" },
        e: { default: false, snapshots: false },
      },
    };
    const marked = (kind: string, annotation: string) =>
      rendered(args, kind).flatMap(({ metadata }) =>
        metadata.annotations[annotation] === "true" ? [metadata.name] : [],
      );
    expect(marked("StorageClass", "storageclass.kubernetes.io/is-default-class")).toEqual(["b"]);
    expect(marked("VolumeSnapshotClass", "snapshot.storage.kubernetes.io/is-default-class")).toEqual(["b", "c"]);
  });

  it("give ceph snapshots the cluster and the credentials of its volumes", () =>
    expect(rendered(argsOf("ceph"), "VolumeSnapshotClass")[0].parameters).toEqual({
      clusterID: "b9127830-b0cc-4e34-aa47-9d1a2e9949a8",
      "csi.storage.k8s.io/snapshotter-secret-name": "rbd-provisioner",
      "csi.storage.k8s.io/snapshotter-secret-namespace": "ceph-csi",
    }));

  it("bring the snapshot API's definitions only where a class has snapshots", () => {
    expect(rendered(argsOf("aws"), "CustomResourceDefinition")).toHaveLength(1);
    expect(rendered(argsOf("aws", { snapshots: false }), "CustomResourceDefinition")).toHaveLength(0);
    expect(() => new StorageClassesChart({ ...argsOf("aws"), snapshotCrds: [] })).toThrow(
      "storage-classes: snapshotCrds is empty, must hold the snapshot API's definitions",
    );
  });

  it("are refused with a zone that the cluster does not have", () =>
    expect(() => classOf("local", { zones: ["a", "d"] })).toThrow(
      'storage-classes: class "standard": zones has "d", must be of the cluster\'s: a, b, c',
    ));

  it.each<[string, StorageClassesArgs["classes"]]>([
    ["storage-classes: exactly one class must have default: true, none says so", { a: {} }],
    [
      "storage-classes: exactly one class must have default: true, a and b do",
      { a: { default: true }, b: { default: true } },
    ],
    ["storage-classes: exactly one class must have default: true, none says so", {}],
    ['storage-classes: a class is "Fast", must be a DNS label', { Fast: { default: true } }],
  ])("are refused as a set: %s", (sentence, classes) =>
    expect(() => new StorageClassesChart({ ...argsOf("aws"), classes })).toThrow(sentence),
  );
});
