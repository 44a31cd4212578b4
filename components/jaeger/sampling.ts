/**
 * What programs are told when they ask how many of their traces they are to begin: the strategies of remote sampling.
 *
 * @see https://www.jaegertracing.io/docs/2.20/architecture/sampling/
 */

export interface SamplingArgs {
  /** Traces that each process of a service of which nothing is said begins, per second, 1–1000. */
  readonly defaultTracesPerSecond: number;
  /** Share of its traces that a service begins, 0–1, by the name of the service. */
  readonly services: Readonly<Record<string, number>>;
}

export const STRATEGIES_FOLDER = "/etc/jaeger-strategies";
export const STRATEGIES_FILE = "strategies.json";

/** The file of strategies, in the order of the services' names. */
export function strategiesFile({ defaultTracesPerSecond, services }: SamplingArgs): string {
  const strategies = {
    default_strategy: { type: "ratelimiting", param: defaultTracesPerSecond },
    service_strategies: Object.entries(services)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([service, param]) => ({ service, type: "probabilistic", param })),
  };
  return `${JSON.stringify(strategies, null, 2)}\n`;
}

/** @throws Error naming the field, its value and the bound */
export function checkSampling({ defaultTracesPerSecond, services }: SamplingArgs): void {
  if (!Number.isInteger(defaultTracesPerSecond) || defaultTracesPerSecond < 1 || defaultTracesPerSecond > 1000) {
    throw new Error(
      `jaeger: sampling.defaultTracesPerSecond is ${defaultTracesPerSecond}, must be a whole number of 1–1000: it is for each process`,
    );
  }
  for (const [service, share] of Object.entries(services)) {
    if (share >= 0 && share <= 1) continue;
    throw new Error(`jaeger: sampling.services.${service} is ${share}, must be 0–1: it is a share of the traces`);
  }
}
