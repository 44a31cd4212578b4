/**
 * What an SLO measures: how many of its events there are a second, and how many of them are bad.
 *
 * Both are one series without labels. An absence is never a failure: with no events there are no values at all, and where
 * bad events have never been counted their number is zero. A latency bucket that does not exist counts nothing as fast,
 * so that a mistyped bound is loud and not an objective that is always met.
 */
import { type Matcher, narrowed, parseSelector, type SeriesSelector, selectorText } from "./selector";

/** How good and bad events are told apart. */
export type Sli =
  | {
      readonly kind: "availability";
      /** Series selector of the counter of bad events. */
      readonly errors: string;
      /** Series selector of the counter of all events. */
      readonly total: string;
    }
  | {
      readonly kind: "latency";
      /** Series selector of a classic histogram, its name without `_bucket`. */
      readonly histogram: string;
      /** An event is good up to this many seconds: the bound of one of the histogram's buckets. */
      readonly thresholdSeconds: number;
    }
  | {
      readonly kind: "istio";
      /** Name of the Service that is called, a DNS label. */
      readonly service: string;
      /** Its namespace, a DNS label. */
      readonly namespace: string;
      /** A slower answer is bad too: one of {@link ISTIO_BUCKETS_MILLISECONDS}. @default none: only failures are bad */
      readonly latencyMilliseconds?: number | undefined;
    }
  | {
      readonly kind: "raw";
      /** PromQL: bad events a second over `$window`. */
      readonly errors: string;
      /** PromQL: all events a second over `$window`. */
      readonly total: string;
    };

/** Two expressions of PromQL, each of which gives one series without labels, or none. */
export interface EventRates {
  readonly bad: string;
  readonly all: string;
}

/** The buckets of Envoy's histograms up to a minute, whole milliseconds. @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/metrics/v3/stats.proto */
export const ISTIO_BUCKETS_MILLISECONDS = [
  1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000,
] as const;

/** Place of the range in a raw expression. */
export const WINDOW = "$window";

/** What a server is to blame for. HTTP: 5xx. */
const FAILED_HTTP = "5..";
/** gRPC: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. @see https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
const FAILED_GRPC = "2|4|12|13|14|15";

/**
 * Events a second over a window.
 *
 * @param window a Prometheus duration, four scrapes at least: `5m`
 * @param pods regular expression of names: only what these pods say of themselves; without meaning for `raw`
 */
export function eventRates(sli: Sli, window: string, pods?: string): EventRates {
  const own = (selector: SeriesSelector) => (pods === undefined ? selector : narrowed(selector, ofPods(pods)));
  const sum = (...selectors: readonly string[]) =>
    `sum(${selectors.map((selector) => `rate(${selector}[${window}])`).join(" or ")})`;
  const orNone = (some: string, all: string) => `(${some} or 0 * ${all})`;
  const slowOf = (all: string, good: string) => `clamp_min(${all} - ${orNone(good, all)}, 0)`;
  switch (sli.kind) {
    case "availability": {
      const counter = (field: "errors" | "total") => selectorText(own(selectorOf(field, sli[field])));
      const all = sum(counter("total"));
      return { bad: orNone(sum(counter("errors")), all), all };
    }
    case "latency": {
      const { matchers, metric } = own(selectorOf("histogram", sli.histogram));
      const all = sum(selectorText({ metric: `${metric}_count`, matchers }));
      const buckets = { metric: `${metric}_bucket`, matchers };
      const fast = sum(selectorText(narrowed(buckets, bucket(sli.thresholdSeconds))));
      return { bad: slowOf(all, fast), all };
    }
    case "istio": {
      const { latencyMilliseconds } = sli;
      const calls = (metric: string) =>
        own({ metric, matchers: istioMatchers(sli, pods === undefined ? "source" : "destination") });
      const http = (operator: "=~" | "!~"): Matcher => ({ label: "response_code", operator, value: FAILED_HTTP });
      const grpc = (operator: "=~" | "!~"): Matcher => ({
        label: "grpc_response_status",
        operator,
        value: FAILED_GRPC,
      });
      if (latencyMilliseconds === undefined) {
        const requests = calls("istio_requests_total");
        const all = sum(selectorText(requests));
        const failed = sum(selectorText(narrowed(requests, http("=~"))), selectorText(narrowed(requests, grpc("=~"))));
        return { bad: orNone(failed, all), all };
      }
      const all = sum(selectorText(calls("istio_request_duration_milliseconds_count")));
      const buckets = calls("istio_request_duration_milliseconds_bucket");
      const good = sum(selectorText(narrowed(buckets, http("!~"), grpc("!~"), bucket(latencyMilliseconds))));
      return { bad: slowOf(all, good), all };
    }
    case "raw": {
      const all = `sum(${sli.total.replaceAll(WINDOW, window)})`;
      return { bad: orNone(`sum(${sli.errors.replaceAll(WINDOW, window)})`, all), all };
    }
  }
}

/** Share of events that are bad, 0–1, one series without labels; none without events. */
export function errorRatio(sli: Sli, window: string, pods?: string): string {
  const { all, bad } = eventRates(sli, window, pods);
  return `${bad} / (${all} > 0)`;
}

/** What never arrived is told by callers only, `source`; which pod answered, by that pod only, `destination`. */
function istioMatchers(sli: Extract<Sli, { kind: "istio" }>, reporter: "source" | "destination"): Matcher[] {
  const is = (label: string, value: string): Matcher => ({ label, operator: "=", value });
  return [
    is("reporter", reporter),
    is("destination_service_name", sli.service),
    is("destination_service_namespace", sli.namespace),
  ];
}

/** Prometheus 3 writes whole bounds as `1.0`, whoever is scraped writes `1`. */
function bucket(bound: number): Matcher {
  return Number.isInteger(bound)
    ? { label: "le", operator: "=~", value: `${bound}(\\.0)?` }
    : { label: "le", operator: "=", value: String(bound) };
}

const ofPods = (pods: string): Matcher => ({ label: "pod", operator: "=~", value: pods });

/** @throws Error when it is no series selector */
function selectorOf(field: string, text: string): SeriesSelector {
  const selector = parseSelector(text);
  if (!selector)
    throw new Error(`slo: sli.${field} is "${text}", must be a series selector such as requests_total{job="shop"}`);
  return selector;
}
