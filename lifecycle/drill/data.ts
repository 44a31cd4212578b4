/** The data of a drill, on each cluster that is drilled: written, backed up, looked for, restored, taken away. */
import { namespacesOn } from "../../components/tenant";
import type { Environment } from "../../stacks/environment";
import { tenantsOn } from "../../stacks/tenants";
import type { DrillClusters } from "./drill-clusters";
import { BackupInconsistent, BackupStore } from "./object-store";
import type { Finding } from "./report";
import type { RunbookNames } from "./runbook";
import {
  boundVolume,
  livedFinding,
  newSentinel,
  readSentinel,
  removeSentinel,
  restoredFinding,
  type Sentinel,
  type SentinelPlace,
  writeSentinel,
} from "./sentinel";
import { backUp, restore } from "./tenant-backup";
import { Volumes } from "./volumes";

export interface DataArgs {
  readonly environment: Environment;
  readonly root: string;
  /** Of the drill: what its backups are called. */
  readonly id: string;
  readonly clusters: RunbookNames["clusters"];
  /** Whether data is restored, and from which backup. @default nothing is; `true`: from the drill's own */
  readonly restore: string | true | undefined;
}

export class DataOfDrill {
  private readonly sentinels = new Map<string, Sentinel>();

  constructor(
    private readonly args: DataArgs,
    private readonly live: DrillClusters,
  ) {}

  /** Why nothing could be restored, a sentence; undefined where it could, or is not wanted. */
  fault(): string | undefined {
    const { clusters, environment, restore: wanted } = this.args;
    const bare = clusters.filter(({ name }) => namespacesOf(environment, name).length === 0).map(({ name }) => name);
    if (wanted === undefined || bare.length === 0) return undefined;
    return `no tenant has a namespace on ${bare.join(" and ")}, so there is nothing to back up and restore`;
  }

  /** Writes something new on every cluster, and a backup of it where data is to be restored. */
  async write(): Promise<void> {
    const { environment, id, restore: wanted, root } = this.args;
    await this.each(async (name, place) => {
      const sentinel = newSentinel(id);
      this.sentinels.set(name, sentinel);
      await this.live.on(name, async (live) => {
        await writeSentinel(live, place, sentinel);
        if (wanted === undefined) return;
        const store = new BackupStore(root, environment.name, name);
        await backUp(live, namespacesOf(environment, name), { name: id, store, volumes: new Volumes(root, name) });
      });
    });
  }

  /** Whether it is gone, or still there, as it is meant to be. */
  async lived(alive: boolean): Promise<Finding[]> {
    return this.each((name, place) =>
      this.live.on(name, async (live) =>
        livedFinding(name, alive, await readSentinel(live, place, !alive), this.sentinels.get(name) as Sentinel),
      ),
    );
  }

  /** Restores a backup on every cluster, and looks at what came. */
  async restored(startedAt: string): Promise<Finding[]> {
    const { environment, id, restore: wanted, root } = this.args;
    const name = typeof wanted === "string" ? wanted : id;
    const findings = await this.each((cluster, place) =>
      this.live.on(cluster, async (live): Promise<Finding[]> => {
        const store = new BackupStore(root, environment.name, cluster);
        const what = { name, store, volumes: new Volumes(root, cluster) };
        try {
          const { made, refused } = await restore(live, what, (namespace, claim) =>
            boundVolume(live, namespace, claim),
          );
          const sentinel = this.sentinels.get(cluster) as Sentinel;
          const found = await readSentinel(live, place);
          const of = `objects restored on ${cluster}`;
          return [
            refused.length === 0
              ? { name: of, ok: true, message: `${made} of backup ${name}, every part as its digest says` }
              : { name: of, ok: false, message: `refused: ${refused.join("; ")}` },
            restoredFinding(cluster, "object", found.object, sentinel, startedAt),
            ...(place.volumes ? [restoredFinding(cluster, "volume", found.volume, sentinel, startedAt)] : []),
          ];
        } catch (error) {
          if (!(error instanceof BackupInconsistent)) throw error;
          return [{ name: `object store of ${cluster}`, ok: false, message: error.message }];
        }
      }),
    );
    return findings.flat();
  }

  /** Leaves no trace. */
  async remove(): Promise<void> {
    await this.each((name, place) => this.live.on(name, (live) => removeSentinel(live, place)));
  }

  private each<T>(work: (cluster: string, place: SentinelPlace) => Promise<T>): Promise<T[]> {
    const { clusters, environment, restore: wanted, root } = this.args;
    const hasClass = Object.values(environment.storageClasses).some((one) => one.default);
    return Promise.all(
      clusters.map(({ name, pods }) => {
        const { metadata } = JSON.parse(pods.allowed) as { readonly metadata: { readonly namespace: string } };
        const volumes = wanted !== undefined && hasClass ? { volumes: new Volumes(root, name) } : {};
        return work(name, { namespace: metadata.namespace, pod: pods.allowed, ...volumes });
      }),
    );
  }
}

const namespacesOf = (environment: Environment, cluster: string) =>
  tenantsOn(environment, cluster).flatMap((tenant) => namespacesOn(tenant, cluster));
