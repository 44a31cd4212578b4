/** What one component comes to on one cluster: its objects, and what the rest of the cluster must know of it. */
import type { Alert } from "./alert";
import type { Flow } from "./flow";
import type { KubeObject } from "./kube-object";
import type { PlatformNamespace } from "./platform-namespace";
import type { ScrapeTarget } from "./scrape-target";
import type { SecretReference } from "./secret-reference";
import type { Departure } from "./workload/departures";

export interface Part {
  /** The component, a DNS label. */
  readonly name: string;
  /** Namespaces that it lives in; the cluster base makes them, owned, restricted and closed. */
  readonly namespaces: readonly PlatformNamespace[];
  /** Who may talk to whom. */
  readonly flows: readonly Flow[];
  /** Its objects, in any order: what must come first follows from what they are. */
  readonly objects: readonly KubeObject[];
  /** Where its metrics are to be had. @default none */
  readonly scrapeTargets?: readonly ScrapeTarget[];
  /** What somebody must be told of. @default none */
  readonly alerts?: readonly Alert[];
  /** Secrets whose contents live in the secret store. @default none */
  readonly secrets?: readonly SecretReference[];
  /** Where its pods are less safe than every workload is by default. @default nowhere */
  readonly departures?: readonly Departure[];
}
