/**
 * Series that an indicator would read, made up for a share of bad events: what tests of rules are fed with.
 */
import type { Sli } from "./indicator";
import { finds, type Matcher, parseSelector, type SeriesSelector } from "./selector";

/** A counter as `promtool` writes it, and the share of all events that it counts. */
export interface CountedSeries {
  /** `metric{label="value"}`. */
  readonly series: string;
  /** Which events it counts. */
  readonly counts: "all" | "good" | "bad";
}

/**
 * The counters of an indicator; undefined where it is not known what they look like: raw expressions, and conditions on
 * labels for which no value was found.
 */
export function countersOf(sli: Sli): CountedSeries[] | undefined {
  switch (sli.kind) {
    case "availability": {
      const [errors, total] = [parseSelector(sli.errors), parseSelector(sli.total)];
      return errors && total ? twoCounters(errors, total) : undefined;
    }
    case "latency": {
      const selector = parseSelector(sli.histogram);
      const labels = selector && example(selector.matchers);
      if (!selector || !labels) return undefined;
      const bound = Number.isInteger(sli.thresholdSeconds) ? `${sli.thresholdSeconds}.0` : String(sli.thresholdSeconds);
      return [
        { series: written(`${selector.metric}_count`, labels), counts: "all" },
        { series: written(`${selector.metric}_bucket`, { ...labels, le: "+Inf" }), counts: "all" },
        { series: written(`${selector.metric}_bucket`, { ...labels, le: bound }), counts: "good" },
      ];
    }
    case "istio": {
      const labels = {
        reporter: "source",
        destination_service_name: sli.service,
        destination_service_namespace: sli.namespace,
      };
      const { latencyMilliseconds } = sli;
      if (latencyMilliseconds === undefined) {
        const requests = (code: string) => written("istio_requests_total", { ...labels, response_code: code });
        return [
          { series: requests("200"), counts: "good" },
          { series: requests("503"), counts: "bad" },
        ];
      }
      const ok = { ...labels, response_code: "200" };
      return [
        { series: written("istio_request_duration_milliseconds_count", ok), counts: "all" },
        {
          series: written("istio_request_duration_milliseconds_bucket", { ...ok, le: `${latencyMilliseconds}.0` }),
          counts: "good",
        },
      ];
    }
    case "raw":
      return undefined;
  }
}

/** One metric whose labels tell bad from good, or two metrics. */
function twoCounters(errors: SeriesSelector, total: SeriesSelector): CountedSeries[] | undefined {
  if (errors.metric !== total.metric) {
    const [bad, all] = [example(errors.matchers), example(total.matchers)];
    if (!bad || !all) return undefined;
    return [
      { series: written(errors.metric, bad), counts: "bad" },
      { series: written(total.metric, all), counts: "all" },
    ];
  }
  const bad = example([...total.matchers, ...errors.matchers]);
  // good is what breaks one of the conditions of bad, and none of those of all
  const good = errors.matchers
    .map((matcher) => example([...total.matchers, opposite(matcher)]))
    .find((labels) => labels && finds(total, labels) && !finds(errors, labels));
  if (!bad || !good || !finds(errors, bad) || !finds(total, bad)) return undefined;
  return [
    { series: written(errors.metric, good), counts: "good" },
    { series: written(errors.metric, bad), counts: "bad" },
  ];
}

const OPPOSITE = { "=": "!=", "!=": "=", "=~": "!~", "!~": "=~" } as const;
const opposite = (matcher: Matcher): Matcher => ({ ...matcher, operator: OPPOSITE[matcher.operator] });

/** Labels that meet all conditions; undefined where none were found. */
function example(matchers: readonly Matcher[]): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  for (const { label } of matchers) {
    const own = matchers.filter((matcher) => matcher.label === label);
    const value = own
      .flatMap(candidates)
      .find((candidate) => finds({ metric: "", matchers: own }, { [label]: candidate }));
    if (value === undefined) return undefined;
    labels[label] = value;
  }
  return labels;
}

/** Values worth trying: what a condition says itself, each way out of a regular expression, and common ones. */
function candidates({ operator, value }: Matcher): string[] {
  const common = ["200", "500", "0", "x", ""];
  if (operator === "=" || operator === "!=") return [value, ...common];
  const ways = value.split(/[|()]/).map((way) =>
    way
      .replaceAll(/\.[*+]/g, "x")
      .replaceAll(/\[(.)[^\]]*\]/g, "$1")
      .replaceAll(/\\d|\./g, "0")
      .replaceAll(/[\\+*?^$]/g, ""),
  );
  return [...ways, ...common];
}

function written(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length > 0 ? `${metric}{${pairs.join(",")}}` : metric;
}
