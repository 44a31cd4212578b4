/**
 * The mark of a cluster: which environment, cluster and stack it belongs to. It is the first object made and the last
 * destroyed; it is read before every change, because the name of a context proves nothing.
 */
import { ApiObject, App, Chart } from "cdk8s";
import { objectLabels } from "./labels";
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

export interface IdentityArgs extends Identity {
  /** Kubernetes minor that Pod Security labels are pinned to, `1.N`. */
  readonly kubernetes: string;
  /** Team that owns the platform, the value of `fleetwright.dev/owner`. */
  readonly owner: string;
}

/** Namespace and ConfigMap that carry the mark. */
export class IdentityChart extends Chart {
  constructor({ environment, cluster, stack, kubernetes, owner }: IdentityArgs) {
    super(new App(), "identity", { disableResourceNameHashes: true });
    const labels = objectLabels("identity");
    const security = Object.fromEntries(
      ["enforce", "audit", "warn"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetes}`],
      ]),
    );
    new ApiObject(this, "namespace", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: IDENTITY.namespace, labels: { ...labels, ...security, "fleetwright.dev/owner": owner } },
    });
    new ApiObject(this, "identity", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: IDENTITY.name, namespace: IDENTITY.namespace, labels },
      data: { environment, cluster, stack },
    });
  }
}
