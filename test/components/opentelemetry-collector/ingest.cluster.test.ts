/** The way into the hub: its gateway as a process, with real certificates, and spokes that call it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { eventually } from "../../support/eventually";
import { makeCertificates, type Running, startCollector, startStore } from "./running";

const program = installedTools().find(({ tool }) => tool === "otelcol")?.path ?? "";
const canRun = program !== "" && spawnSync("openssl", ["version"]).status === 0;

/** A field of a protocol buffer that has a length: a text, or fields one after the other. */
function field(number: number, ...content: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)));
  if (bytes.length > 127) throw new Error(`field ${number} has ${bytes.length} bytes, must be at most 127`);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

const attribute = (key: string, value: string) => field(1, field(1, key), field(2, field(1, value)));

/** One log record of a tenant of a cluster, as OTLP's `ExportLogsServiceRequest`; traces and logs begin alike. */
const logOf = (tenant: string, text: string) =>
  field(
    1,
    field(1, attribute("tenant_id", tenant), attribute("k8s.cluster.name", "east")),
    field(2, field(2, field(5, field(1, text)))),
  );

/** One span without an error, as `ExportTraceServiceRequest`. */
const spanOf = (tenant: string, name: string) =>
  field(
    1,
    field(1, attribute("tenant_id", tenant), attribute("k8s.cluster.name", "east")),
    field(2, field(2, field(1, Buffer.alloc(16, 7)), field(2, Buffer.alloc(8, 7)), field(5, name))),
  );

(canRun ? describe : describe.skip)("the hub's gateway (skipped without otelcol or openssl)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-ingest-"));
  let store: Awaited<ReturnType<typeof startStore>>;
  let gateway: Running;

  beforeAll(async () => {
    makeCertificates(join(folder, "tls"));
    store = await startStore();
    // nobody listens at the samplers' port: what spokes send does not come by there
    gateway = await startCollector("gateway", { program, folder, storePort: store.port, next: 9, isHub: true });
  });

  afterAll(async () => {
    await gateway?.stop();
    store?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Calls the gateway as a spoke does; undefined where it took what was sent. */
  async function call(service: "logs" | "trace", body: Buffer, certificate = "tls.crt"): Promise<ServiceError | null> {
    const file = (name: string) => readFileSync(join(folder, "tls", name));
    const client = new Client(
      `127.0.0.1:${gateway.clusters}`,
      credentials.createSsl(file("ca.crt"), file("tls.key"), file(certificate)),
      { "grpc.ssl_target_name_override": "opentelemetry-gateway.opentelemetry.svc" },
    );
    const name = service === "logs" ? "Logs" : "Trace";
    const method = `/opentelemetry.proto.collector.${service}.v1.${name}Service/Export`;
    const raw = (bytes: Buffer) => bytes;
    try {
      return await new Promise((answer) => client.makeUnaryRequest(method, raw, raw, body, (error) => answer(error)));
    } finally {
      client.close();
    }
  }

  const stored = (text: string) => store.stored.filter(({ body }) => body.includes(text));
  const tenantsOf = async (text: string) => stored(text).map(({ tenant }) => tenant);

  it("keeps what a spoke's collectors said: whose it is, and where it is from", async () => {
    expect(await call("logs", logOf("shop", "from shop"))).toBeNull();
    expect(await call("logs", logOf("abroad", "from abroad"))).toBeNull();
    await eventually(() => tenantsOf("from shop"), ["shop"]);
    await eventually(() => tenantsOf("from abroad"), ["abroad"]);
    expect(stored("from shop")[0]?.body).toContain('"east"');
  });

  it("calls the platform's what says that it is a tenant's that nobody knows", async () => {
    expect(await call("logs", logOf("mars", "from mars"))).toBeNull();
    await eventually(() => tenantsOf("from mars"), ["platform"]);
  });

  it("stores a trace that a spoke chose, without choosing again", async () => {
    expect(await call("trace", spanOf("shop", "a-quick-one"))).toBeNull();
    await eventually(() => tenantsOf("a-quick-one"), ["shop"]);
  });

  it("lets in no program of the mesh, though the platform's CA knows it", async () => {
    const refused = await call("logs", logOf("shop", "from a stranger"), "mesh.crt");
    expect(refused?.code).toBe(status.UNAUTHENTICATED);
    expect(refused?.details).toContain("must be for one of [opentelemetry-gateway.opentelemetry.svc");
    expect(stored("from a stranger")).toEqual([]);
  });
});
