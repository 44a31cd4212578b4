/** Telemetry on its way through real collectors: two agents, a gateway and a sampler as processes, with real certificates. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { installedTools } from "../../sandbox/toolchain/tools";
import { eventually } from "../support/eventually";
import { makeCertificates, type Running, startCollector, startStore } from "./opentelemetry-collector/running";

jest.setTimeout(120_000);

const program = installedTools().find(({ tool }) => tool === "otelcol")?.path ?? "";
const canRun = program !== "" && spawnSync("openssl", ["version"]).status === 0;

const ERROR = 2; // as OTLP numbers it
const KEPT = "5b8efff798038103d269b633813fc60c";
const DROPPED = "0af7651916cd43dd8448eb211c80319c";

(canRun ? describe : describe.skip)("running collectors (skipped without otelcol or openssl)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-otelcol-"));
  const running: Running[] = [];
  let store: Awaited<ReturnType<typeof startStore>>;
  let gateway: Running;
  /** The agent of a node where pods of tenant `shop` run, and one where none of any tenant does. */
  let shop: Running;
  let other: Running;

  beforeAll(async () => {
    makeCertificates(join(folder, "tls"));
    store = await startStore();
    const around = { program, folder, storePort: store.port };
    const start = async (...[which, more]: [Parameters<typeof startCollector>[0], object]) => {
      const collector = await startCollector(which, { ...around, ...more });
      running.push(collector);
      return collector;
    };
    const sampler = await start("sampler", {});
    gateway = await start("gateway", { next: sampler.grpc });
    shop = await start("agent", { next: gateway.grpc, tenant: "shop" });
    other = await start("agent", { next: gateway.grpc });
  });

  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    store?.stop();
    rmSync(folder, { recursive: true });
  });

  /** What a pod sends; it says that it is tenant `catalogue`'s, and in another cluster. */
  async function send(agent: Running, signal: string, inside: (resource: object) => object): Promise<void> {
    const claimed = [
      "tenant_id=catalogue",
      "k8s.namespace.name=catalogue",
      "k8s.cluster.name=mars",
      "service.name=cart",
    ];
    const attributes = claimed.map((claim) => {
      const [key, stringValue] = claim.split("=");
      return { key, value: { stringValue } };
    });
    const response = await fetch(`http://127.0.0.1:${agent.http}/v1/${signal}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(inside({ attributes })),
    });
    expect(response.status).toBe(200);
  }

  const span = (agent: Running, traceId: string, name: string, code: number) =>
    send(agent, "traces", (resource) => {
      const at = String(BigInt(Date.now()) * 1_000_000n);
      const spanId = Buffer.from(name.padEnd(8).slice(0, 8)).toString("hex");
      const one = { traceId, spanId, name, kind: 1, startTimeUnixNano: at, endTimeUnixNano: at, status: { code } };
      return { resourceSpans: [{ resource, scopeSpans: [{ spans: [one] }] }] };
    });

  const log = (agent: Running, stringValue: string) =>
    send(agent, "logs", (resource) => ({
      resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ body: { stringValue } }] }] }],
    }));

  /** Tenants whose store got something that holds the text. */
  const tenantsWith = (signal: string, text: string) => async () => [
    ...new Set(
      store.stored.filter((one) => one.signal === signal && one.body.includes(text)).map(({ tenant }) => tenant),
    ),
  ];

  it("bring a log to its tenant's store, whatever its pod said of itself", async () => {
    await log(shop, "a log of the shop");
    await log(other, "a log of no tenant");
    await eventually(tenantsWith("logs", "a log of the shop"), ["shop"]);
    await eventually(tenantsWith("logs", "a log of no tenant"), ["platform"]);
    const { body } = store.stored.find(({ tenant }) => tenant === "shop") ?? { body: "" };
    expect(body).toContain('"hub"');
    for (const claim of ["catalogue", "mars"]) expect(body).not.toContain(claim);
  });

  it("bring a metric to its tenant's store", async () => {
    await send(shop, "metrics", (resource) => {
      const dataPoints = [{ asDouble: 1, timeUnixNano: String(BigInt(Date.now()) * 1_000_000n) }];
      const metrics = [{ name: "cart.items", gauge: { dataPoints } }];
      return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
    });
    await eventually(tenantsWith("metrics", "cart.items"), ["shop"]);
  });

  it("keep a trace with an error as a whole, each tenant its part, and drop one without", async () => {
    await span(shop, DROPPED, "browse", 0); // first, so that it is decided when the other one is
    await span(shop, KEPT, "checkout", 0);
    await span(other, KEPT, "gateway", ERROR);
    await eventually(tenantsWith("traces", "checkout"), ["shop"]);
    await eventually(tenantsWith("traces", "gateway"), ["platform"]);
    expect((await tenantsWith("traces", KEPT)()).sort()).toEqual(["platform", "shop"]);
    expect(await tenantsWith("traces", DROPPED)()).toEqual([]);
  });

  it("let nobody in without a certificate of the CA", async () => {
    const ca = readFileSync(join(folder, "tls", "ca.crt"));
    const servername = "opentelemetry-gateway.opentelemetry.svc";
    const said = await new Promise<string>((end) => {
      const socket = connect({ host: "127.0.0.1", port: gateway.grpc, ca, servername, ALPNProtocols: ["h2"] });
      socket.on("error", ({ message }) => end(message));
      socket.on("data", () => end("was served"));
      socket.on("secureConnect", () => socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    });
    expect(said).toContain("certificate required");
  });
});
