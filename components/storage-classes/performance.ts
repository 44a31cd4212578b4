/**
 * How much performance may be asked for, per driver, parameter and volume type. Bounds are those of the largest volume;
 * what a smaller one can have is for the cloud to say.
 */
import type { StorageKind } from "../storage-drivers";

/** What a volume type takes: the least and the most, or no more than the least where the most depends on the volume's size. */
export type Range = readonly [least: number, most?: number];

/** Parameters that exclude one another, with what each volume type takes. */
export interface PerformanceBound {
  readonly parameters: readonly string[];
  /** By parameter, by type. A type that is not there takes no such parameter. */
  readonly ranges: Readonly<Record<string, Readonly<Record<string, Range>>>>;
  /** Types that need one of the parameters. @default none */
  readonly required?: readonly string[];
}

export const PERFORMANCE_BOUNDS: Readonly<Record<StorageKind, readonly PerformanceBound[]>> = {
  // least, and most per GiB: pkg/cloud/cloud.go of the driver; most: the EC2 API's CreateVolume. The driver refuses both at once.
  aws: [
    {
      parameters: ["iops", "iopsPerGB"],
      ranges: {
        iops: { gp3: [3000, 80_000], io1: [100, 64_000], io2: [100, 256_000] },
        iopsPerGB: { gp3: [1, 500], io1: [1, 50], io2: [1, 1000] },
      },
      required: ["io1", "io2"],
    },
    // MiB/s: the EC2 API's CreateVolume
    { parameters: ["throughput"], ranges: { throughput: { gp3: [125, 2000] } } },
  ],
  // pd-extreme: README.md of the driver; Hyperdisk: by size, https://cloud.google.com/compute/docs/disks/hyperdisk-perf-limits
  gcp: [
    {
      parameters: ["provisioned-iops-on-create"],
      ranges: {
        "provisioned-iops-on-create": {
          "pd-extreme": [10_000, 120_000],
          "hyperdisk-balanced": [1],
          "hyperdisk-balanced-high-availability": [1],
          "hyperdisk-extreme": [1],
        },
      },
    },
  ],
  // https://learn.microsoft.com/azure/virtual-machines/disks-types; throughput in MB/s
  azure: [
    {
      parameters: ["DiskIOPSReadWrite"],
      ranges: { DiskIOPSReadWrite: { UltraSSD_LRS: [100, 400_000], PremiumV2_LRS: [3000, 80_000] } },
    },
    {
      parameters: ["DiskMBpsReadWrite"],
      ranges: { DiskMBpsReadWrite: { UltraSSD_LRS: [1, 10_000], PremiumV2_LRS: [125, 1200] } },
    },
  ],
  // quality of service is set in the pool
  ceph: [],
  local: [],
};
