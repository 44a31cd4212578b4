/**
 * The collectors as processes of this machine: the configurations that are rendered, but for addresses and folders.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { OpenTelemetryCollectorArgs } from "../../../components/opentelemetry-collector";
import { configurationOf, type Rendered } from "./rendered";

/** One batch as a store gets it. */
export interface Stored {
  readonly signal: string;
  readonly tenant: string;
  readonly body: string;
}

/** Ports of a running collector. */
export interface Running {
  readonly grpc: number;
  readonly http: number;
  readonly metrics: number;
  /** Of the gateway of a hub. */
  readonly clusters: number;
  /** Ends the process and waits for it. */
  readonly stop: () => Promise<void>;
}

/** A CA, and a certificate of it for both ends under the names of gateway and sampler, in a folder as a pod mounts it; and one of the mesh. */
export function makeCertificates(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const openssl = (...words: string[]) => {
    const { status, stderr } = spawnSync("openssl", words, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${words[0]}: ${stderr}`);
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "1", "-subj", "/CN=platform CA");
  openssl("req", ...key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=collector");
  const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1", "-extfile", "ext"];
  const sign = (certificate: string, names: readonly string[]) => {
    writeFileSync(join(folder, "ext"), `subjectAltName=${names.join(",")}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    openssl("x509", "-req", "-in", "tls.csr", "-out", certificate, ...signed);
  };
  sign(
    "tls.crt",
    ["gateway", "sampler"].map((which) => `DNS:opentelemetry-${which}.opentelemetry.svc`),
  );
  // as the mesh gives it to a program of a tenant
  sign("mesh.crt", ["URI:spiffe://dev.mesh.internal/ns/shop/sa/default"]);
}

/** Takes what exporters send, and keeps it. */
export async function startStore(): Promise<{ port: number; stored: Stored[]; stop: () => void }> {
  const stored: Stored[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const signal = request.url?.split("/").at(-1) ?? "";
      stored.push({ signal, tenant: String(request.headers["x-scope-orgid"]), body: Buffer.concat(parts).toString() });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    stored,
    stop: () => server.closeAllConnections() ?? server.close(),
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Where a collector sends to, and what stands in for its surroundings. */
export interface Surroundings {
  readonly program: string;
  /** Has `tls`, `logs`, `positions` and `kubeconfig`, as far as a collector needs them. */
  readonly folder: string;
  readonly storePort: number;
  /** Of the gateway for an agent, of the sampler for the gateway. */
  readonly next?: number;
  /** Where an agent runs. */
  readonly node?: string;
  /** Whether the gateway is the hub's. */
  readonly isHub?: boolean;
}

/** Starts a collector and waits until it says that it is healthy. */
export async function startCollector(which: "agent" | "gateway" | "sampler", around: Surroundings): Promise<Running> {
  const [grpc, http, health, metrics, clusters] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const { folder, node = "none" } = around;
  const ports: Readonly<Record<string, number>> = { 4317: grpc, 4318: http, 13133: health, 14317: clusters };
  const text = stringify(moved(which, around))
    .replaceAll("/etc/otelcol-tls", join(folder, "tls"))
    .replaceAll("/var/log/pods", join(folder, "logs", node))
    .replaceAll("/var/lib/otelcol", join(folder, "positions", node))
    .replace(/(\[\$\{env:POD_IP\}\]):(\d+)/g, (_, host, port) => `${host}:${ports[port]}`)
    .replace("port: 8888", `port: ${metrics}`);
  const path = join(folder, `${which}-${grpc}.yaml`);
  writeFileSync(path, text);
  const env = { POD_IP: "127.0.0.1", GOMEMLIMIT: "256MiB", NODE_NAME: node, KUBECONFIG: join(folder, "kubeconfig") };
  const running = execa(around.program, [`--config=${path}`], { env, extendEnv: false, all: true, reject: false });
  const isHealthy = () =>
    fetch(`http://127.0.0.1:${health}/`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const end = Date.now() + 30_000; !(await isHealthy()); await new Promise((wait) => setTimeout(wait, 200))) {
    if (Date.now() > end || typeof running.exitCode === "number") {
      running.kill("SIGKILL");
      throw new Error(`${which} does not become healthy: ${(await running).all}`);
    }
  }
  const stop = async () => {
    running.kill("SIGTERM");
    await running;
  };
  return { grpc, http, metrics, clusters, stop };
}

/** The rendered configuration, with addresses of this machine where a cluster has names. */
function moved(which: string, { isHub, next, storePort }: Surroundings): Rendered {
  const ingest = { host: "ingest.dev.internal", serviceAnnotations: {}, sourceRanges: [], tenants: ["abroad"] };
  const file = configurationOf(which, { ...argsWithStore(storePort), ...(isHub ? { ingest } : {}) });
  if (which === "agent") {
    file.processors.k8s_attributes.auth_type = "kubeConfig";
    const gateway = file.exporters.otlp_grpc;
    gateway.tls.server_name_override = gateway.endpoint.split(":")[0];
    gateway.endpoint = `127.0.0.1:${next}`;
  }
  if (which === "gateway") file.exporters.loadbalancing.resolver.dns = { hostname: "127.0.0.1", port: String(next) };
  for (const [name, settings] of Object.entries<Rendered>(file.exporters)) {
    if (name.startsWith("otlp_http/")) Object.assign(settings, { encoding: "json", compression: "none" });
  }
  return file;
}

/** Only traces with an error or slow ones are kept, after five seconds; each signal has a store on this machine. */
function argsWithStore(port: number): Partial<OpenTelemetryCollectorArgs> {
  const store = {
    endpoint: `http://127.0.0.1:${port}`,
    protocol: "otlp_http",
    tls: "mesh",
    tenantHeader: "X-Scope-OrgID",
    peer: { cidrs: ["127.0.0.1/32"], reason: "the store is a process of this machine" },
    ports: [{ port, protocol: "TCP" }],
  } as const;
  return {
    backends: { traces: store, metrics: store, logs: store },
    sampling: { percentage: 0, decisionWaitSeconds: 5 },
  };
}
