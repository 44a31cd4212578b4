/**
 * What a cluster is made of: the table of contents. Each line is a component; order.ts reads from their objects which
 * comes before which.
 */
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Chart } from "cdk8s";
import { type IdentityArgs, IdentityChart } from "./identity";
import { objectsOf } from "./kube-object";
import { registerObjects } from "./objects";
import type { Placed } from "./order";

export interface ClusterPlatformArgs {
  readonly identity: IdentityArgs;
}

/** Every object of a cluster, with the component it belongs to. Pure: tests and `fleetwright render` read it without an engine. */
export function clusterObjects({ identity }: ClusterPlatformArgs): Placed[] {
  return [...placed("identity", new IdentityChart(identity))];
}

/** Type tokens are identity: never renamed for looks. */
const TYPES: Readonly<Record<string, string>> = {
  identity: "Identity",
};

export interface ClusterArgs {
  /** Path of the kubeconfig; relative ones start at the project. */
  readonly kubeconfig: string;
  readonly context: string;
  /** `<environment>/<cluster>`: what the cluster is, wherever it is reached; only another one replaces anything. */
  readonly clusterIdentifier: string;
  readonly objects: readonly Placed[];
  /** Keys of the objects that a preview announces as replaced. */
  readonly replaced: ReadonlySet<string>;
}

/** One cluster of the fleet: its provider, its components and their objects. */
export class ClusterPlatform extends pulumi.ComponentResource {
  constructor(name: string, { objects, replaced, ...access }: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleetwright:components:ClusterPlatform", name, {}, opts);
    const provider = new Provider(
      name,
      // without these two a changed ConfigMap or Secret would be replaced, and whoever mounts it would lose it meanwhile
      { ...access, enableConfigMapMutable: true, enableSecretMutable: true },
      { parent: this },
    );
    registerObjects(name, objects, (component) => `fleetwright:components:${TYPES[component]}`, {
      parent: this,
      provider,
      replaced,
    });
    this.registerOutputs({});
  }
}

/** Marks every object as managed by Fleetwright: by this label the program tells its own objects from others'. */
function placed(component: string, chart: Chart): Placed[] {
  return objectsOf(chart).map((object) => ({
    component,
    object: {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, "app.kubernetes.io/managed-by": "fleetwright" },
      },
    },
  }));
}
