/** What somebody must be told of: an alerting rule as a component states it, before it is one of Prometheus' objects. */

/** How soon somebody must act: `critical` now, `warning` within working hours; `none` calls nobody. */
export type Severity = "critical" | "warning" | "none";

/** One alerting rule. */
export interface Alert {
  /** Name in CamelCase, unique in the platform: `CertManagerAbsent`. */
  readonly name: string;
  /** PromQL; each series that it returns is an alert. */
  readonly expr: string;
  /** How long it must hold, a Prometheus duration such as `10m`. */
  readonly for: string;
  readonly severity: Severity;
  /** What is wrong, one sentence; may name labels as `{{ $labels.namespace }}`. */
  readonly summary: string;
  /** What to do about it, one or two sentences. */
  readonly action: string;
  /** Section of the page of runbooks that alerts of its kind share: the beginning of their names. @default its name */
  readonly runbookSection?: string;
}
