/** A request to the API server, as far as webhooks look at it. */
import type { KnownLabels } from "./label-selector";

/** Who sends a request. */
export interface RequestUser {
  /** @default nobody knows */
  readonly username?: string;
  readonly groups: readonly string[];
}

export interface ApiRequest {
  /** What it is about, for people: `Pods`. */
  readonly what: string;
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  /** @default none */
  readonly subresource?: string;
  /** Absent for objects of the cluster; `""`: in one that nobody says. */
  readonly namespace?: string;
  /** Of the namespace that it is in; of a Namespace its own. */
  readonly namespaceLabels?: KnownLabels;
  /** @default made while it runs: nobody knows */
  readonly name?: string;
  readonly labels: KnownLabels;
  /** What is sent, as far as it is known. @default nothing of it is */
  readonly object?: object;
  /** Whoever may send it: where only some of them are judged, nobody knows. @default anybody */
  readonly users?: readonly RequestUser[];
}
