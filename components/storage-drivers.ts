/**
 * The CSI drivers that storage classes can use, one per kind of cloud: the only place where a driver's own words stand.
 * Policy parameters are computed from the same table.
 */

/** Where a cluster runs. */
export type StorageKind = "aws" | "gcp" | "azure" | "ceph" | "local";

/** What is known of one CSI driver. */
export interface StorageDriver {
  /** Name of the driver: the class's `provisioner`. */
  readonly provisioner: string;
  /** Whether a volume can be mounted in one zone only, so that it must be made where its pod is. */
  readonly zonal: boolean;
  /** Key of `allowedTopologies` by which the driver is told a zone. */
  readonly topologyKey: string;
  /** Further keys that it knows. */
  readonly otherTopologyKeys: readonly string[];
  /** Whether it can make a volume larger. */
  readonly expandable: boolean;
  /** Parameter and value without which volumes are not encrypted. Absent: the cloud encrypts every volume, or none can be. */
  readonly encryption?: { readonly key: string; readonly value: string };
  /** Parameter that names the encryption key. Absent: the driver takes none. */
  readonly encryptionKeyParameter?: string;
  /** Parameter that names the volume type, the types, and the one that a class gets that names none. */
  readonly type?: { readonly parameter: string; readonly names: readonly string[]; readonly fallback: string };
  /** Parameters without which the driver makes no volume. */
  readonly requiredParameters: readonly string[];
  /** Whether the driver compares parameter names without regard to case. */
  readonly ignoresCase: boolean;
  /** Parameters of the snapshot class, by the storage class's parameter whose value they take. */
  readonly snapshotParameters: Readonly<Record<string, string>>;
  /** Where all this is written. */
  readonly sources: readonly string[];
}

/** Prefix of the parameters that the CSI sidecars read, and that never reach the driver. */
const CSI = "csi.storage.k8s.io";

export const FS_TYPE_PARAMETER = `${CSI}/fstype`;

export const STORAGE_DRIVERS: Readonly<Record<StorageKind, StorageDriver>> = {
  aws: {
    provisioner: "ebs.csi.aws.com",
    zonal: true,
    topologyKey: "topology.kubernetes.io/zone",
    otherTopologyKeys: [
      "topology.ebs.csi.aws.com/zone",
      "topology.k8s.aws/zone-id",
      "topology.ebs.csi.aws.com/outpost-id",
    ],
    expandable: true,
    encryption: { key: "encrypted", value: "true" },
    encryptionKeyParameter: "kmsKeyId",
    type: { parameter: "type", names: ["gp3", "gp2", "io1", "io2", "sc1", "st1", "standard"], fallback: "gp3" },
    requiredParameters: [],
    ignoresCase: true,
    snapshotParameters: {},
    sources: ["https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md"],
  },
  gcp: {
    provisioner: "pd.csi.storage.gke.io",
    zonal: true,
    topologyKey: "topology.gke.io/zone",
    otherTopologyKeys: [],
    expandable: true,
    encryptionKeyParameter: "disk-encryption-kms-key",
    type: {
      parameter: "type",
      names: [
        "pd-balanced",
        "pd-ssd",
        "pd-standard",
        "pd-extreme",
        "hyperdisk-balanced",
        "hyperdisk-balanced-high-availability",
        "hyperdisk-extreme",
        "hyperdisk-ml",
        "hyperdisk-throughput",
      ],
      fallback: "pd-balanced",
    },
    requiredParameters: [],
    ignoresCase: true,
    snapshotParameters: {},
    sources: [
      "https://github.com/kubernetes-sigs/gcp-compute-persistent-disk-csi-driver/blob/master/README.md",
      "https://cloud.google.com/kubernetes-engine/docs/concepts/hyperdisk",
      "https://cloud.google.com/docs/security/encryption/default-encryption",
    ],
  },
  azure: {
    provisioner: "disk.csi.azure.com",
    zonal: true,
    topologyKey: "topology.disk.csi.azure.com/zone",
    otherTopologyKeys: ["topology.kubernetes.io/zone"],
    expandable: true,
    encryptionKeyParameter: "diskEncryptionSetID",
    type: {
      parameter: "skuName",
      names: [
        "StandardSSD_LRS",
        "Standard_LRS",
        "Premium_LRS",
        "PremiumV2_LRS",
        "UltraSSD_LRS",
        "Premium_ZRS",
        "StandardSSD_ZRS",
      ],
      fallback: "StandardSSD_LRS",
    },
    requiredParameters: [],
    ignoresCase: true,
    snapshotParameters: {},
    sources: [
      "https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/master/docs/driver-parameters.md",
      "https://learn.microsoft.com/azure/virtual-machines/disk-encryption",
    ],
  },
  ceph: {
    provisioner: "rbd.csi.ceph.com",
    zonal: false,
    topologyKey: "topology.rbd.csi.ceph.com/zone",
    otherTopologyKeys: [],
    expandable: true,
    encryption: { key: "encrypted", value: "true" },
    encryptionKeyParameter: "encryptionKMSID",
    requiredParameters: [
      "clusterID",
      "pool",
      ...["provisioner", "controller-expand", "node-stage"].flatMap((use) => [
        `${CSI}/${use}-secret-name`,
        `${CSI}/${use}-secret-namespace`,
      ]),
    ],
    ignoresCase: false,
    snapshotParameters: {
      clusterID: "clusterID",
      [`${CSI}/snapshotter-secret-name`]: `${CSI}/provisioner-secret-name`,
      [`${CSI}/snapshotter-secret-namespace`]: `${CSI}/provisioner-secret-namespace`,
    },
    sources: [
      "https://github.com/ceph/ceph-csi/blob/devel/examples/rbd/storageclass.yaml",
      "https://github.com/ceph/ceph-csi/blob/devel/examples/rbd/snapshotclass.yaml",
    ],
  },
  // the sandbox's: its volumes are objects without data, so there is nothing to encrypt and no type to choose
  local: {
    provisioner: "local.csi.fleetwright.dev",
    zonal: true,
    topologyKey: "topology.kubernetes.io/zone",
    otherTopologyKeys: [],
    expandable: true,
    requiredParameters: [],
    ignoresCase: false,
    snapshotParameters: {},
    sources: ["docs/components/storage-classes.md"],
  },
};
