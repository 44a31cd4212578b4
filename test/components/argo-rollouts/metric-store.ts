/**
 * A store of metrics as Argo Rollouts asks it: Thanos' own programs, which evaluate with Prometheus' own engine and answer
 * by Prometheus' own API.
 *
 *     write() ──OTLP──▶ thanos receive ──gRPC──▶ thanos query ──/api/v1/query──▶ whoever asks
 */
import { join } from "node:path";
import { HostProcess } from "../../../sandbox/host/host-process";
import { claimPorts, releasePorts } from "../../../sandbox/ports";
import { eventually } from "../../support/eventually";

/** What one series of a histogram has come to; it only grows. */
export interface Counted {
  readonly labels: Readonly<Record<string, string>>;
  /** Requests answered within {@link FAST_MILLISECONDS}, and those that took longer. */
  readonly fast: number;
  readonly slow: number;
}

/** The only bound of the histogram. */
const FAST_MILLISECONDS = 500;

export class MetricStore {
  private readonly startedMs = Date.now();

  private constructor(
    private readonly folder: string,
    private readonly processes: readonly HostProcess[],
    private readonly ports: { readonly write: number; readonly query: number },
  ) {}

  /** Starts both programs, on loopback only. */
  static async start(program: string, folder: string): Promise<MetricStore> {
    const ports = await claimPorts(folder, 6);
    const [grpc, http, write, capnproto, queryGrpc, query] = ports as [number, number, number, number, number, number];
    const at = (port: number) => `127.0.0.1:${port}`;
    const start = async (name: string, health: number, args: readonly string[]) => {
      const process = new HostProcess(join(folder, name));
      await process.start({ program, args: [name, ...args], env: {}, healthUrl: `http://${at(health)}/-/ready` });
      return process;
    };
    const receive = await start("receive", http, [
      `--grpc-address=${at(grpc)}`,
      `--http-address=${at(http)}`,
      `--remote-write.address=${at(write)}`,
      `--receive.capnproto-address=${at(capnproto)}`,
      `--tsdb.path=${join(folder, "receive", "data")}`,
      '--label=receive="0"',
    ]);
    const querier = await start("query", query, [
      `--grpc-address=${at(queryGrpc)}`,
      `--http-address=${at(query)}`,
      `--endpoint=${at(grpc)}`,
    ]);
    const store = new MetricStore(folder, [receive, querier], { write, query });
    try {
      await eventually(() => store.ready(), true);
    } catch (error) {
      await store.stop();
      throw error;
    }
    return store;
  }

  /** `http://host:port` of Prometheus' API. */
  get address(): string {
    return `http://127.0.0.1:${this.ports.query}`;
  }

  /** Takes what the series of a histogram have come to by now. */
  async write(name: string, series: readonly Counted[]): Promise<void> {
    const nanoseconds = (milliseconds: number) => String(BigInt(milliseconds) * 1_000_000n);
    const dataPoints = series.map(({ fast, labels, slow }) => ({
      attributes: Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      startTimeUnixNano: nanoseconds(this.startedMs),
      timeUnixNano: nanoseconds(Date.now()),
      count: String(fast + slow),
      sum: fast + slow * FAST_MILLISECONDS * 2,
      bucketCounts: [String(fast), String(slow)],
      explicitBounds: [FAST_MILLISECONDS],
    }));
    const metrics = [{ name, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } }];
    const response = await fetch(`http://127.0.0.1:${this.ports.write}/api/v1/otlp`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ metrics }] }] }),
    });
    if (!response.ok) throw new Error(`the store of metrics refuses: ${response.status} ${await response.text()}`);
  }

  /** First value that a query has now; undefined when it has none. */
  async ask(query: string): Promise<number | undefined> {
    const response = await fetch(`${this.address}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await response.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
    const [first] = data.result;
    return first && Number(first.value[1]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    await releasePorts(this.folder);
  }

  private async ready(): Promise<boolean> {
    await Promise.all(this.processes.map((process) => process.checkHealth()));
    return this.processes.every(({ ready }) => ready);
  }
}

/** As OTLP numbers it. */
const CUMULATIVE = 2;
