/** An SLO as the end of an experiment: when its budget burns so fast that somebody would be called, the fault goes. */
import { pagedShare } from "./burn-rates";
import { errorRatio } from "./indicator";
import type { Slo } from "./objective";

/** A question to Prometheus, and the answer that ends an experiment. */
export interface AbortCondition {
  /** SLO that it protects. */
  readonly slo: string;
  /** PromQL: the share of bad events within two minutes, 0–1, one series; none without events, which ends nothing. */
  readonly query: string;
  /** A greater share ends the experiment, 0–1. */
  readonly above: number;
}

/** Reads the counters and no recorded series, so that it holds where rules are not loaded. Two minutes: four scrapes. */
export function abortQuery(slo: Pick<Slo, "name" | "objective" | "sli">): AbortCondition {
  return { slo: slo.name, query: errorRatio(slo.sli, "2m"), above: pagedShare(slo.objective) };
}
