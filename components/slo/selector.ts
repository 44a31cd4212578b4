/**
 * A series selector of PromQL, read far enough to know which series it finds: `http_requests_total{code=~"5.."}`.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#instant-vector-selectors
 */

/** One condition on a label. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** A metric and what its series must look like. */
export interface SeriesSelector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

const METRIC = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(.*)\})?$/s;
const MATCHER = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/s;

/** The selector that a text is; undefined when it is another expression, or none. */
export function parseSelector(text: string): SeriesSelector | undefined {
  const [, metric, conditions = ""] = METRIC.exec(text.trim()) ?? [];
  if (metric === undefined) return undefined;
  const matchers: Matcher[] = [];
  let rest = conditions;
  while (rest.trim() !== "") {
    const found = MATCHER.exec(rest);
    if (!found) return undefined;
    const [all, label = "", operator = "=", value = ""] = found;
    matchers.push({ label, operator: operator as Matcher["operator"], value: value.replaceAll(/\\(.)/g, "$1") });
    rest = rest.slice(all.length);
  }
  return { metric, matchers };
}

/** A selector as PromQL. */
export function selectorText({ matchers, metric }: SeriesSelector): string {
  const quoted = (value: string) => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const conditions = matchers.map(({ label, operator, value }) => `${label}${operator}"${quoted(value)}"`);
  return conditions.length > 0 ? `${metric}{${conditions.join(",")}}` : metric;
}

/** A selector that asks for more. */
export function narrowed(selector: SeriesSelector, ...matchers: readonly Matcher[]): SeriesSelector {
  return { ...selector, matchers: [...selector.matchers, ...matchers] };
}

/** Whether a selector finds a series; a label that is absent is the empty string. */
export function finds({ matchers }: SeriesSelector, labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? "";
    if (operator === "=") return actual === value;
    if (operator === "!=") return actual !== value;
    return new RegExp(`^(?:${value})$`, "s").test(actual) === (operator === "=~");
  });
}
