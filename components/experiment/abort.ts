/**
 * When an experiment ends early: once a query is above its threshold.
 *
 * A status check of Chaos Mesh sees nothing of an answer but its HTTP status, and Prometheus answers 200 whatever the
 * numbers say. So the query is wrapped into one that cannot be evaluated while the condition holds: Prometheus refuses
 * a match of one with many, and answers 422. No Prometheus, no answer: the check fails as well.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
 */

/** A PromQL expression, and the number above which the experiment ends. */
export interface AbortCondition {
  readonly query: string;
  readonly threshold: number;
}

/**
 * PromQL that has no result while the experiment may go on, and fails once it must end: the query is above the
 * threshold, is not a number, or knows nothing. Who cannot see must not do harm.
 */
export function abortExpression({ query, threshold }: AbortCondition): string {
  const over = `((${query}) unless (${query}) <= ${threshold}) or absent(${query})`;
  const side = (name: string) => `label_replace(count(${over}), "side", "${name}", "", "")`;
  return `vector(1) + on () (${side("left")} or ${side("right")})`;
}

/** The query's address, for a GET that is answered by 200 while the experiment may go on. */
export function abortUrl(prometheus: string, condition: AbortCondition): string {
  return `${prometheus}/api/v1/query?query=${encodeURIComponent(abortExpression(condition))}`;
}
