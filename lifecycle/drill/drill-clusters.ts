/** The clusters of a drill, before and after: what they hold, and what became of it. */
import type { KubeObject } from "../../components/kube-object";
import type { Environment } from "../../stacks/environment";
import { LiveCluster } from "../../stacks/live-cluster";
import { clusterAccess } from "../cluster-access";
import { type ClusterPicture, differences, pictureOf } from "./fingerprints";
import { leftovers } from "./leftovers";
import type { Finding } from "./report";

/** How many differences are told of one cluster; the others say the same. */
const TOLD = 5;

export class DrillClusters {
  constructor(
    private readonly environment: Environment,
    private readonly root: string,
    /** What the environment puts on each cluster. */
    readonly objects: ReadonlyMap<string, readonly KubeObject[]>,
  ) {}

  /** Opens a cluster for some work. @throws ClusterUnreachable */
  async on<T>(cluster: string, work: (live: LiveCluster) => Promise<T>): Promise<T> {
    const live = await LiveCluster.open(clusterAccess(this.environment, this.root, cluster));
    try {
      return await work(live);
    } finally {
      live.close();
    }
  }

  async pictures(clusters: readonly string[]): Promise<ReadonlyMap<string, ClusterPicture>> {
    const taken = await Promise.all(
      clusters.map((cluster) => this.on(cluster, (live) => pictureOf(live, this.objects.get(cluster) ?? []))),
    );
    return new Map(clusters.map((cluster, index) => [cluster, taken[index] as ClusterPicture]));
  }

  /** Whether clusters are as they were: nothing made anew, changed, added or restarted. */
  async untouched(before: ReadonlyMap<string, ClusterPicture>): Promise<Finding[]> {
    const after = await this.pictures([...before.keys()]);
    return [...before].map(([cluster, was]) => {
      const is = after.get(cluster) as ClusterPicture;
      const different = differences(was, is);
      const name = `${cluster} untouched`;
      const looked = `${was.objects.size} objects and ${was.pods.size} pods are those that were there, none changed and none restarted`;
      return different.length === 0
        ? { name, ok: true, message: looked }
        : { name, ok: false, message: told(different) };
    });
  }

  /** Whether clusters hold nothing but what the environment puts there. */
  async clean(clusters: readonly string[]): Promise<Finding[]> {
    return Promise.all(
      clusters.map(async (cluster) => {
        const found = await this.on(cluster, (live) => leftovers(live, this.objects.get(cluster) ?? []));
        const name = `leftovers on ${cluster}`;
        return found.length === 0
          ? { name, ok: true, message: "none: all that is there is the environment's" }
          : { name, ok: false, message: told(found) };
      }),
    );
  }
}

const told = (sentences: readonly string[]) =>
  sentences.length > TOLD
    ? `${sentences.slice(0, TOLD).join("; ")}; and ${sentences.length - TOLD} more`
    : sentences.join("; ");
