/**
 * The mark of a cluster: which environment, cluster and stack it belongs to. It is the first object made and the last
 * destroyed; it is read before every change, because the name of a context proves nothing.
 */
import { App, Chart } from "cdk8s";
import { objectLabels } from "./labels";
import { Manifest } from "./manifest";
import { IDENTITY } from "./order";

/** What a cluster says of itself. */
export interface Identity {
  /** Name of the environment. */
  readonly environment: string;
  /** Name of the cluster in that environment. */
  readonly cluster: string;
  /** Pulumi stack that deploys to it. */
  readonly stack: string;
}

/** The ConfigMap that carries the mark; its namespace is one of the platform's own. */
export class IdentityChart extends Chart {
  constructor({ environment, cluster, stack }: Identity) {
    super(new App(), "identity", { disableResourceNameHashes: true });
    new Manifest(this, "identity", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { ...IDENTITY, labels: objectLabels("identity") },
      data: { environment, cluster, stack },
    });
  }
}
