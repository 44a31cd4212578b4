/**
 * The storage that claims can ask for: classes of the cluster's CSI driver, exactly one of them the default, and the
 * snapshot classes that go with them.
 *
 *   class's typed fields ─┐
 *   storage-drivers.ts ───┼─→ StorageClass ─→ VolumeSnapshotClass (needs the CRDs)
 *   purpose ──────────────┘
 *
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/
 */
import { App, Chart } from "cdk8s";
import { type KubeObject, keyOf } from "./kube-object";
import { objectLabels, requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import { withLabels, withoutDescriptions } from "./overlay";
import { driverParameters, type ParameterArgs } from "./storage-classes/parameters";
import { snapshotClass } from "./storage-classes/snapshot-classes";
import { STORAGE_DRIVERS, type StorageKind } from "./storage-drivers";

/** One class, in the words of an environment file. */
export interface StorageClassDescription extends ParameterArgs {
  /** Which driver makes its volumes. @default the cluster's own kind of cloud */
  readonly driver?: StorageKind;
  /** Whether claims that name no class get this one; exactly one class says so. @default false */
  readonly default?: boolean;
  /** Volume type as the driver spells it. @default the driver's `type.fallback` in storage-drivers.ts, its general-purpose one */
  readonly type?: string;
  /** What becomes of a volume whose claim is deleted. @default Retain in production, where a mistake must not delete data; Delete in development */
  readonly reclaimPolicy?: "Delete" | "Retain";
  /** When a volume is made. @default WaitForFirstConsumer, so that it is made in the zone of its pod */
  readonly volumeBindingMode?: "WaitForFirstConsumer" | "Immediate";
  /** Zones in which volumes may be made, some of the cluster's. @default no restriction: the scheduler decides */
  readonly zones?: readonly string[];
  /** Whether claims may grow; all drivers here can. @default true */
  readonly allowVolumeExpansion?: boolean;
  /** Encryption key as the driver names it. @default the cloud's own key */
  readonly encryptionKey?: string;
  /** File system of the volume. @default ext4, the drivers' own default */
  readonly fsType?: "ext4" | "xfs";
  /** Further driver parameters, as its own documentation names them; none that a field here stands for. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether volumes can be snapshotted: adds a snapshot class. @default true */
  readonly snapshots?: boolean;
}

export interface StorageClassesArgs {
  /** Where the cluster runs. */
  readonly cloud: StorageKind;
  /** The cluster's zones. */
  readonly zones: readonly string[];
  /** Decides the default reclaim policy. */
  readonly purpose: "development" | "production";
  /** The cluster's classes by name, DNS labels, at least one. */
  readonly classes: Readonly<Record<string, StorageClassDescription>>;
  /** CustomResourceDefinitions of the snapshot API, upstream's; needed where a class has snapshots. */
  readonly snapshotCrds: readonly KubeObject[];
}

/**
 * The storage classes of one cluster.
 *
 * @throws Error naming class, field, value and bound, before any object is made
 */
export class StorageClassesChart extends Chart {
  constructor(args: StorageClassesArgs) {
    super(new App(), "storage-classes", { disableResourceNameHashes: true });
    for (const object of objects(args)) new Manifest(this, keyOf(object), object);
  }
}

function objects(args: StorageClassesArgs): KubeObject[] {
  const classes = checked(args);
  const snapshotted = classes.filter(({ snapshots }) => snapshots);
  return [
    ...(snapshotted.length > 0 ? args.snapshotCrds.map(definition) : []),
    ...classes.map(storageClass),
    ...snapshotted.map((one) => {
      // per driver one default: the default class's own, else the first
      const rivals = snapshotted.filter(({ kind }) => kind === one.kind);
      const isDefault = (rivals.find(({ isDefault }) => isDefault) ?? rivals[0]) === one;
      return snapshotClass({ ...one, isDefault });
    }),
  ];
}

const definition = (crd: KubeObject) => withLabels(withoutDescriptions(crd), objectLabels("storage-classes"));

/** A class with every default filled in. */
interface CheckedClass {
  readonly name: string;
  readonly kind: StorageKind;
  readonly isDefault: boolean;
  readonly reclaimPolicy: "Delete" | "Retain";
  readonly volumeBindingMode: "WaitForFirstConsumer" | "Immediate";
  readonly zones: readonly string[];
  readonly allowVolumeExpansion: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly snapshots: boolean;
}

function storageClass(one: CheckedClass): KubeObject {
  const driver = STORAGE_DRIVERS[one.kind];
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: one.name,
      labels: objectLabels("storage-classes"),
      annotations: { "storageclass.kubernetes.io/is-default-class": String(one.isDefault) },
    },
    provisioner: driver.provisioner,
    parameters: one.parameters,
    reclaimPolicy: one.reclaimPolicy,
    volumeBindingMode: one.volumeBindingMode,
    allowVolumeExpansion: one.allowVolumeExpansion,
    ...(one.zones.length > 0
      ? { allowedTopologies: [{ matchLabelExpressions: [{ key: driver.topologyKey, values: one.zones }] }] }
      : {}),
  };
}

/** @throws Error naming class, field, value and bound */
function checked(args: StorageClassesArgs): CheckedClass[] {
  const classes = Object.entries(args.classes).map(([name, description]): CheckedClass => {
    const { driver: kind = args.cloud, volumeBindingMode = "WaitForFirstConsumer", zones = [] } = description;
    requireDnsLabel("storage-classes", "a class", name);
    const whose = `storage-classes: class "${name}"`;
    const { provisioner, zonal } = STORAGE_DRIVERS[kind];
    if (zonal && volumeBindingMode === "Immediate") {
      throw new Error(
        `${whose}: volumeBindingMode is "Immediate", must be WaitForFirstConsumer: volumes of ${provisioner} live in one zone, and may be made in another than their pod's`,
      );
    }
    const strange = zones.find((zone) => !args.zones.includes(zone));
    if (strange !== undefined) {
      throw new Error(`${whose}: zones has "${strange}", must be of the cluster's: ${args.zones.join(", ")}`);
    }
    return {
      name,
      kind,
      isDefault: description.default ?? false,
      reclaimPolicy: description.reclaimPolicy ?? (args.purpose === "production" ? "Retain" : "Delete"),
      volumeBindingMode,
      zones,
      allowVolumeExpansion: description.allowVolumeExpansion ?? true,
      parameters: driverParameters(name, kind, description),
      snapshots: description.snapshots ?? true,
    };
  });
  const defaults = classes.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  if (defaults.length !== 1) {
    const found = defaults.length === 0 ? "none says so" : `${defaults.join(" and ")} do`;
    throw new Error(`storage-classes: exactly one class must have default: true, ${found}`);
  }
  if (args.snapshotCrds.length === 0 && classes.some(({ snapshots }) => snapshots)) {
    throw new Error(
      "storage-classes: snapshotCrds is empty, must hold the snapshot API's definitions where a class has snapshots",
    );
  }
  return classes;
}
