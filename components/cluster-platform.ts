/** One cluster of the fleet as a resource: its provider, its components and their objects. */
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { componentType } from "./cluster-parts";
import type { KubeObject } from "./kube-object";
import { registerObjects } from "./objects";
import type { Placed } from "./order";
import { takenOver } from "./placed-objects";

/** How one cluster is reached, and what it gets. */
export interface ClusterArgs {
  /** Path of the kubeconfig; relative ones start at the project. */
  readonly kubeconfig: string;
  /** Context of the cluster in it. */
  readonly context: string;
  /** `<environment>/<cluster>`: what the cluster is, wherever it is reached; only another one replaces anything. */
  readonly clusterIdentifier: string;
  /** All that it gets, in any order. */
  readonly objects: readonly Placed[];
  /** Keys of the objects that a preview announces as replaced. */
  readonly replaced: ReadonlySet<string>;
  /** Whether fields that other managers own are taken over, as when a cluster is adopted. */
  readonly takeOver: boolean;
  /** The cluster's share of the engine's slots: at least 1. */
  readonly slots: number;
  /** Resolves when the API server offers the kinds of definitions that were made just now. */
  readonly served: (definitions: readonly KubeObject[]) => Promise<void>;
}

/** Type token of a cluster. */
export const PLATFORM_TYPE = "fleetwright:components:ClusterPlatform";

/** What a cluster's provider is told. Without the last two a changed ConfigMap or Secret would be replaced, and its readers would miss it meanwhile. */
export function providerArgs({
  clusterIdentifier,
  context,
  kubeconfig,
}: Pick<ClusterArgs, "clusterIdentifier" | "context" | "kubeconfig">) {
  return { kubeconfig, context, clusterIdentifier, enableConfigMapMutable: true, enableSecretMutable: true };
}

/** One cluster of the fleet: its provider, its components and their objects. */
export class ClusterPlatform extends pulumi.ComponentResource {
  /** Resolves when all objects are registered; a program that ended before would leave some out. */
  readonly registered: Promise<void>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(PLATFORM_TYPE, name, {}, opts);
    const { objects, replaced, served, slots, takeOver } = args;
    const provider = new Provider(name, providerArgs(args), { parent: this });
    const placedHere = takeOver ? objects.map(takenOver) : objects;
    const options = { parent: this, provider, replaced, served, slots };
    this.registered = registerObjects(name, placedHere, componentType, options);
    this.registerOutputs({});
  }
}
