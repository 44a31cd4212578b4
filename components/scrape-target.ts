/**
 * Where metrics are to be had: what a workload declares and a collector reads.
 */
import type { Flow, PodsPeer } from "./flow";
import type { Labels } from "./labels";

export interface ScrapeTarget {
  /** DNS label. */
  readonly namespace: string;
  /** Labels of the pods, never of their Service: each pod is asked. */
  readonly pods: Labels;
  /** Port of the pod, 1–65535. */
  readonly port: number;
  /** URL path, absolute. */
  readonly path: string;
  readonly scheme: "http" | "https";
  /**
   * Name in the certificate of its pods, which the platform's CA signed; the scraper then shows a certificate of that CA,
   * too. Only with `https`. @default none: its certificate is its own and proves nothing
   */
  readonly serverName?: string;
  /** Whether its series tell of other objects, whose namespace and pod they name themselves. @default false: they tell of the pod that is asked */
  readonly tellsOfOthers?: boolean;
}

/** The flows that one scraper needs for its targets. */
export function scrapeFlows(scraper: PodsPeer, targets: readonly ScrapeTarget[]): Flow[] {
  return targets.map(({ namespace, pods, port }) => ({
    from: scraper,
    to: { namespace, pods },
    ports: [{ port, protocol: "TCP" }],
    why: "metrics are scraped from each pod",
  }));
}
