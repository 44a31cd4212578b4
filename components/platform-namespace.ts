/** A namespace of the platform, as the component that lives in it asks for it. */
import type { Labels } from "./labels";

/** A Pod Security Standard, from the one that forbids most. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/** A namespace of the platform. */
export interface PlatformNamespace {
  /** DNS label; none of Kubernetes' own. */
  readonly name: string;
  /** What its pods may ask for, and, unless it is `restricted`, why. @default restricted */
  readonly podSecurity?: "restricted" | { readonly level: "baseline" | "privileged"; readonly reason: string };
  /** Further labels, such as those that webhooks select by. @default none */
  readonly labels?: Labels;
}
