/**
 * Requests that nobody makes: what the proxies of a program's pods would tell of them, told to a real store of metrics every
 * half second, until it is stopped.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { MetricStore } from "./metric-store";

/** What Istio's proxies count of every request, in milliseconds. */
const METRIC = "istio_request_duration_milliseconds";

/** Requests that each pod answers between two reports. */
const REQUESTS = 20;

const PAUSE_MS = 500;

export interface TrafficArgs {
  readonly config: KubeConfig;
  readonly store: MetricStore;
  /** Whose pods are called: namespace, and name of their Service. */
  readonly namespace: string;
  readonly service: string;
  /** Share of failed requests of a pod with this image, 0–1; undefined where it gets none. */
  readonly failing: (image: string) => number | undefined;
}

export class Traffic {
  /** Requests answered so far, by pod and code. */
  private readonly answered = new Map<string, { pod: string; code: string; count: number }>();
  private readonly stopped = new AbortController();
  private readonly done: Promise<void>;

  constructor(private readonly args: TrafficArgs) {
    this.done = this.run();
    this.done.catch(() => {}); // whoever stops it is told
  }

  /** @throws Error that ended it before */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.done;
  }

  private async run(): Promise<void> {
    const { config, failing, namespace, service, store } = this.args;
    const pods = config.makeApiClient(CoreV1Api);
    const labelSelector = `app.kubernetes.io/name=${service}`;
    while (!this.stopped.signal.aborted) {
      const { items } = await pods.listNamespacedPod({ namespace, labelSelector });
      for (const pod of items.filter(isReady)) {
        const share = failing(pod.spec?.containers[0]?.image ?? "");
        if (share === undefined) continue;
        this.count(pod.metadata?.name ?? "", "200", Math.round(REQUESTS * (1 - share)));
        this.count(pod.metadata?.name ?? "", "503", Math.round(REQUESTS * share));
      }
      if (this.answered.size === 0) {
        await sleep(PAUSE_MS); // the store refuses a report of nothing
        continue;
      }
      const destination = { destination_service_name: service, destination_service_namespace: namespace };
      await store.write(
        METRIC,
        [...this.answered.values()].map(({ code, count, pod }) => ({
          labels: { ...destination, reporter: "destination", pod, response_code: code },
          fast: count,
          slow: 0,
        })),
      );
      await sleep(PAUSE_MS);
    }
  }

  private count(pod: string, code: string, more: number): void {
    const key = `${pod} ${code}`;
    this.answered.set(key, { pod, code, count: (this.answered.get(key)?.count ?? 0) + more });
  }
}

const isReady = ({ status }: V1Pod) =>
  status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
