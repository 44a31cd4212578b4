/** Everything that the finders look at, of one cluster. */
import type { Environment } from "../../stacks/environment";
import { answeringServices } from "./answering";
import { type Commands, commandsFor } from "./commands";
import { Controllers } from "./controllers";
import type { Finding } from "./finding";
import { GoingObjects } from "./going";
import type { LiveObject } from "./live-object";
import type { Snapshot } from "./snapshot";
import type { StackObject } from "./stack-state";

export interface ClusterScene {
  readonly cluster: string;
  readonly isSandbox: boolean;
  readonly snapshot: Snapshot;
  readonly going: GoingObjects;
  readonly controllers: Controllers;
  readonly commands: Commands;
  /** `namespace/name` of every Service that answers now. */
  readonly answering: ReadonlySet<string>;
}

export function clusterScene(
  environment: Environment,
  cluster: string,
  snapshot: Snapshot,
  stackObjects: readonly StackObject[],
): ClusterScene {
  const going = new GoingObjects(snapshot, stackObjects);
  const isSandbox = environment.sandbox !== undefined;
  return {
    cluster,
    isSandbox,
    snapshot,
    going,
    answering: answeringServices(snapshot, isSandbox),
    controllers: new Controllers(going, isSandbox),
    commands: commandsFor(environment, cluster),
  };
}

/** The live object of an id, among those whose metadata were read. */
export const liveOf = ({ snapshot }: Pick<ClusterScene, "snapshot">, uid: string): LiveObject | undefined =>
  snapshot.objects.find(({ metadata }) => metadata.uid === uid);

/** A finding about one live object. */
export function about(
  { cluster }: Pick<ClusterScene, "cluster">,
  { group, kind, name, namespace }: LiveObject,
  rest: Pick<Finding, "verdict" | "why"> & Partial<Pick<Finding, "waitsFor" | "cure">>,
): Finding {
  return { cluster, object: { group, kind, name, ...(namespace && { namespace }) }, count: 1, ...rest };
}
