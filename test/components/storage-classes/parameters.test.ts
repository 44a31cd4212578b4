import { describe, expect, it } from "@jest/globals";
import { driverParameters, type ParameterArgs } from "../../../components/storage-classes/parameters";
import { STORAGE_DRIVERS, type StorageKind } from "../../../components/storage-drivers";

const parametersOf = (kind: StorageKind, description: ParameterArgs) => driverParameters("standard", kind, description);
const ceph: ParameterArgs = {
  parameters: Object.fromEntries(STORAGE_DRIVERS.ceph.requiredParameters.map((name) => [name, "x"])),
};

describe("driver parameters", () => {
  it.each<[StorageKind, ParameterArgs]>([
    ["aws", { type: "gp3", parameters: { iops: "3000" } }],
    ["aws", { type: "gp3", parameters: { iops: "80000", throughput: "2000" } }],
    ["aws", { type: "gp3", parameters: { iopsPerGB: "500", allowAutoIOPSPerGBIncrease: "true" } }],
    ["aws", { type: "io1", parameters: { IOPSPERGB: "50" } }],
    ["aws", { type: "io2", parameters: { iops: "256000" } }],
    ["gcp", { type: "pd-extreme", parameters: { "provisioned-iops-on-create": "10000" } }],
    [
      "gcp",
      {
        type: "hyperdisk-balanced",
        parameters: { "provisioned-iops-on-create": "3000", "provisioned-throughput-on-create": "250Mi" },
      },
    ],
    ["azure", { type: "UltraSSD_LRS", parameters: { DiskIOPSReadWrite: "400000", DiskMBpsReadWrite: "10000" } }],
    ["azure", { type: "PremiumV2_LRS", parameters: { diskIopsReadWrite: "3000", cachingMode: "None" } }],
  ])("on %s take %j", (kind, description) =>
    expect(parametersOf(kind, description)).toMatchObject(description.parameters ?? {}),
  );

  it.each<[StorageKind, string, ParameterArgs]>([
    [
      "aws",
      "iops and iopsPerGB, must have one of them only",
      { type: "gp3", parameters: { iops: "3000", iopsPerGB: "5" } },
    ],
    [
      "aws",
      "iops and iopsPerGB, must have one of them only",
      { type: "gp3", parameters: { IOPS: "3000", iopspergb: "5" } },
    ],
    [
      "aws",
      'parameter iops is "2999", must for type gp3 be a whole number of 3000–80000',
      { type: "gp3", parameters: { iops: "2999" } },
    ],
    ["aws", 'parameter iops is "80001", must for type gp3', { type: "gp3", parameters: { iops: "80001" } }],
    ["aws", 'parameter iops is "3e3", must for type gp3', { type: "gp3", parameters: { iops: "3e3" } }],
    [
      "aws",
      'parameter iopsPerGB is "51", must for type io1 be a whole number of 1–50',
      { type: "io1", parameters: { iopsPerGB: "51" } },
    ],
    [
      "aws",
      'parameter throughput is "124", must for type gp3 be a whole number of 125–2000',
      { parameters: { throughput: "124" } },
    ],
    [
      "aws",
      'parameters has throughput "125" for type io2, must for gp3 only',
      { type: "io2", parameters: { iops: "100", throughput: "125" } },
    ],
    [
      "aws",
      'parameters has iops "3000" for type gp2, must for gp3, io1, io2 only',
      { type: "gp2", parameters: { iops: "3000" } },
    ],
    ["aws", "parameters has no iops or iopsPerGB, must for type io2", { type: "io2" }],
    ["aws", 'type is "gp4", must for ebs.csi.aws.com be one of gp3, gp2', { type: "gp4" }],
    [
      "aws",
      'parameters has encrypted "false", must not: volumes are always encrypted',
      { parameters: { Encrypted: "false" } },
    ],
    ["aws", 'parameters has kmsKeyId "k", must not: say it in encryptionKey', { parameters: { kmskeyid: "k" } }],
    ["aws", 'parameters has type "io2", must not: say it in type', { parameters: { type: "io2" } }],
    [
      "aws",
      'parameters has csi.storage.k8s.io/fstype "xfs", must not: say it in fsType',
      { parameters: { "csi.storage.k8s.io/fstype": "xfs" } },
    ],
    [
      "aws",
      'parameters has "BlockSize" twice, must once: ebs.csi.aws.com ignores the case',
      { parameters: { blockSize: "4096", BlockSize: "1024" } },
    ],
    [
      "gcp",
      'parameter provisioned-iops-on-create is "120001", must for type pd-extreme',
      { type: "pd-extreme", parameters: { "provisioned-iops-on-create": "120001" } },
    ],
    [
      "gcp",
      'is "0", must for type hyperdisk-extreme be a whole number of at least 1',
      { type: "hyperdisk-extreme", parameters: { "provisioned-iops-on-create": "0" } },
    ],
    [
      "gcp",
      "for type pd-balanced, must for pd-extreme, hyperdisk-balanced",
      { parameters: { "provisioned-iops-on-create": "3000" } },
    ],
    [
      "azure",
      'DiskIOPSReadWrite is "400001", must for type UltraSSD_LRS',
      { type: "UltraSSD_LRS", parameters: { DiskIOPSReadWrite: "400001" } },
    ],
    [
      "azure",
      'DiskMBpsReadWrite is "1201", must for type PremiumV2_LRS',
      { type: "PremiumV2_LRS", parameters: { DiskMBpsReadWrite: "1201" } },
    ],
    [
      "azure",
      'parameters has skuName "Premium_LRS", must not: say it in type',
      { parameters: { skuname: "Premium_LRS" } },
    ],
    [
      "ceph",
      'parameters has encrypted "false", must not: volumes are always encrypted',
      { parameters: { ...ceph.parameters, encrypted: "false" } },
    ],
    ["ceph", "parameters lacks clusterID, pool, csi.storage.k8s.io/provisioner-secret-name", {}],
    [
      "ceph",
      "parameters lacks clusterID, must have them",
      { parameters: { ...ceph.parameters, clusterID: undefined, clusterid: "x" } as Record<string, string> },
    ],
    ["ceph", 'type is "ssd", must for rbd.csi.ceph.com be absent', { ...ceph, type: "ssd" }],
    ["local", 'encryptionKey is "k", must be absent: local.csi.fleetwright.dev takes no key', { encryptionKey: "k" }],
    [
      "local",
      "parameters are 514 of",
      { parameters: Object.fromEntries(Array.from({ length: 513 }, (_, n) => [`k${n}`, "v"])) },
    ],
    ["local", "must be at most 512 of 262144 bytes", { parameters: { big: "v".repeat(256 * 1024) } }],
  ])("on %s are refused: %s", (kind, sentence, description) =>
    expect(() => parametersOf(kind, description)).toThrow(sentence),
  );
});
