/**
 * Telemetry on its way through real collectors: two agents, a gateway and a sampler as processes, with real certificates,
 * beside an API server that knows one pod per node.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { installedTools } from "../../sandbox/toolchain/tools";
import { eventually } from "../support/eventually";
import { textOf } from "../support/sources";
import { type ApiServer, type KnownPod, startApiServer } from "./opentelemetry-collector/api-server";
import { find, render } from "./opentelemetry-collector/rendered";
import { makeCertificates, type Running, startCollector, startStore } from "./opentelemetry-collector/running";

const program = installedTools().find(({ tool }) => tool === "otelcol")?.path ?? "";
const canRun = program !== "" && spawnSync("openssl", ["version"]).status === 0;

const ERROR = 2; // as OTLP numbers it
const KEPT = "5b8efff798038103d269b633813fc60c";
const DROPPED = "0af7651916cd43dd8448eb211c80319c";

/** A pod of tenant `shop`, and one of the platform, each on a node of its own. */
const cart: KnownPod = {
  node: "node-a",
  namespace: "shop-jobs",
  name: "cart-0",
  uid: "11111111-1111-4111-8111-111111111111",
  tenant: "shop",
};
const door: KnownPod = {
  node: "node-b",
  namespace: "doors",
  name: "door-0",
  uid: "22222222-2222-4222-8222-222222222222",
};

(canRun ? describe : describe.skip)("running collectors (skipped without otelcol or openssl)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-otelcol-"));
  const running: Running[] = [];
  let api: ApiServer;
  let store: Awaited<ReturnType<typeof startStore>>;
  let gateway: Running;
  /** The agents of the two nodes. */
  let shop: Running;
  let other: Running;

  const start = async (which: Parameters<typeof startCollector>[0], more: { next?: number; node?: string } = {}) => {
    const collector = await startCollector(which, { program, folder, storePort: store.port, ...more });
    running.push(collector);
    return collector;
  };

  beforeAll(async () => {
    makeCertificates(join(folder, "tls"));
    api = await startApiServer([cart, door]);
    writeFileSync(join(folder, "kubeconfig"), api.kubeconfig);
    store = await startStore();
    const sampler = await start("sampler");
    gateway = await start("gateway", { next: sampler.grpc });
    shop = await start("agent", { next: gateway.grpc, node: cart.node });
    other = await start("agent", { next: gateway.grpc, node: door.node });
  });

  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    store?.stop();
    api?.stop();
    rmSync(folder, { recursive: true });
  });

  /** What a pod sends; it says that it is tenant `catalogue`'s, in another namespace, and in another cluster. */
  async function send(agent: Running, signal: string, inside: (resource: object) => object): Promise<void> {
    const claimed = [
      "tenant_id=catalogue",
      "k8s.namespace.name=catalogue",
      `k8s.pod.uid=${agent === shop ? door.uid : cart.uid}`,
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

  const storedWith = (signal: string, text: string) =>
    store.stored.filter((one) => one.signal === signal && one.body.includes(text));
  /** Tenants whose store got something that holds the text. */
  const tenantsWith = (signal: string, text: string) => async () =>
    [...new Set(storedWith(signal, text).map(({ tenant }) => tenant))].sort();

  it("bring a log to the store of its pod's tenant, whatever the pod said of itself", async () => {
    await log(shop, "a log of the shop");
    await log(other, "a log of no tenant");
    await eventually(tenantsWith("logs", "a log of the shop"), ["shop"]);
    await eventually(tenantsWith("logs", "a log of no tenant"), ["platform"]);
    const [{ body } = { body: "" }] = storedWith("logs", "a log of the shop");
    for (const fact of ["hub", "dev", cart.namespace, cart.name, cart.uid, cart.node])
      expect(body).toContain(`"${fact}"`);
    for (const claim of ["catalogue", "mars", door.uid]) expect(body).not.toContain(claim);
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
    expect(await tenantsWith("traces", KEPT)()).toEqual(["platform", "shop"]);
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

  it("read what pods print, once, also what they printed while no agent ran", async () => {
    const print = (text: string, { name, namespace, uid }: KnownPod = cart) => {
      const place = join(folder, "logs", cart.node, `${namespace}_${name}_${uid}`, "main");
      mkdirSync(place, { recursive: true });
      appendFileSync(join(place, "0.log"), `${new Date().toISOString()} stdout F ${text}\n`);
    };
    print("the first line");
    print("a line of the agent", { ...cart, namespace: "opentelemetry-agent" });
    await eventually(tenantsWith("logs", "the first line"), ["shop"]);
    await shop.stop();
    print("the second line");
    await start("agent", { next: gateway.grpc, node: cart.node });
    await eventually(tenantsWith("logs", "the second line"), ["shop"]);
    await sleep(1000); // what would come twice has come by then
    expect(storedWith("logs", "the first line")).toHaveLength(1);
    expect(storedWith("logs", "a line of the agent")).toEqual([]);
  });

  it("tell of themselves by the names that their page lists", async () => {
    const told = await Promise.all(
      running.map(async ({ metrics }) => {
        const response = await fetch(`http://127.0.0.1:${metrics}/metrics`).catch(() => undefined);
        return (await response?.text()) ?? ""; // the agent that was stopped tells nothing
      }),
    );
    const page = textOf("docs/components/opentelemetry-collector.md");
    const listed = [...page.matchAll(/`(otelcol_\w+)`/g)].map(([, name]) => name);
    expect(listed.length).toBeGreaterThan(5);
    expect(listed.filter((name) => !told.some((text) => new RegExp(`^${name}[{ ]`, "m").test(text)))).toEqual([]);
  });

  it("ask the API server for nothing that agents have no right to", () => {
    const [rule] = find(render(), "ClusterRole/opentelemetry-agent").rules;
    const granted = rule.resources.flatMap((resource: string) =>
      rule.verbs.map((verb: string) => `${verb} ${resource}`),
    );
    expect(api.asked.size).toBeGreaterThan(0);
    expect([...api.asked].filter((asked) => !granted.includes(asked))).toEqual([]);
  });
});
