import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { describeFlow } from "../../components/flow";
import { jaegerPart } from "../../components/jaeger";
import { lokiPart } from "../../components/loki";
import { openTelemetryCollectorPart } from "../../components/opentelemetry-collector";
import { checkBackend } from "../../components/opentelemetry-collector/backends";
import { ensureUpstream } from "../../components/upstream";
import { clusterArgs } from "../../stacks/cluster-args";
import { type Environment, parseEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { telemetryBackends } from "../../stacks/telemetry-backends";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

const MANAGED = { jaeger: { management: "managed" }, loki: { management: "managed" } };

/** An environment of clusters `hub`, `east` and `west` whose hub keeps traces and logs, with these changes. */
function environment(components: object = {}, change: object = {}): Environment {
  const file = {
    ...sandboxEnvironment("hub", "east", "west"),
    ...change,
    components: { istio: { management: "off" }, ...MANAGED, ...components },
  };
  return parseEnvironment(stringify(file), "environments/test.yaml");
}

const off = { management: "off" };

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;

const collectorOf = (of: Environment, cluster: string) =>
  openTelemetryCollectorPart(clusterArgs(of, cluster, "test").openTelemetryCollector);

const gatewayOf = (of: Environment, cluster: string): Rendered => {
  const { objects } = collectorOf(of, cluster);
  const map: Rendered = objects.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "opentelemetry-gateway",
  );
  return parse(map.data["config.yaml"]);
};

const named = (of: Environment, cluster: string, wanted: string): Rendered =>
  collectorOf(of, cluster).objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

describe("telemetry of the hub", () => {
  it("goes to the stores of the hub, each on the way that it takes", () => {
    const { logs, metrics, traces } = telemetryBackends(environment(), "hub");
    expect([traces?.endpoint, traces?.protocol, traces?.tls]).toEqual([
      "jaeger-collector.jaeger.svc:4317",
      "otlp_grpc",
      "platform",
    ]);
    expect([logs?.endpoint, logs?.protocol, logs?.tls, logs?.tenantHeader]).toEqual([
      "https://loki.loki.svc:3100/otlp",
      "otlp_http",
      "platform",
      "X-Scope-OrgID",
    ]);
    expect([metrics?.endpoint, metrics?.protocol, metrics?.tls, metrics?.tenantHeader]).toEqual([
      "https://thanos-receive.thanos.svc:19291/api/v1/receive",
      "prometheus_remote_write",
      "platform",
      "THANOS-TENANT",
    ]);
  });

  it("comes to pods and ports that are there", () => {
    const { jaeger, loki } = clusterArgs(environment(), "hub", "test");
    const parts = [...(jaeger ? [jaegerPart(jaeger)] : []), ...(loki ? [lokiPart(loki)] : [])];
    const templates: Rendered[] = parts
      .flatMap(({ objects }) => objects)
      .flatMap(({ metadata, spec }) => {
        const template = (spec as Rendered)?.template;
        return template ? [{ namespace: metadata.namespace, ...template }] : [];
      });
    const { logs, traces } = telemetryBackends(environment(), "hub");
    for (const backend of [logs, traces]) {
      const peer = backend?.peer as Rendered;
      const [{ spec }, ...more] = templates.filter(
        ({ metadata, namespace }) =>
          namespace === peer.namespace &&
          Object.entries(peer.pods).every(([key, value]) => metadata.labels[key] === value),
      );
      expect(more).toEqual([]);
      const ports = spec.containers[0].ports.map(({ containerPort }: Rendered) => containerPort);
      expect(ports).toEqual(expect.arrayContaining(backend?.ports.map(({ port }) => port) ?? [0]));
    }
  });

  it("is dropped where it arises once nobody keeps it, on every cluster", () => {
    const without = environment({ jaeger: off, loki: off, thanos: off });
    for (const cluster of ["hub", "east"]) expect(telemetryBackends(without, cluster)).toEqual({});
    const logsOnly = environment({ jaeger: off, thanos: off });
    for (const cluster of ["hub", "east"]) expect(Object.keys(telemetryBackends(logsOnly, cluster))).toEqual(["logs"]);
    const metricsOnly = environment({ jaeger: off, loki: off });
    for (const cluster of ["hub", "east"])
      expect(Object.keys(telemetryBackends(metricsOnly, cluster))).toEqual(["metrics"]);
    const objects = renderedObjects(without).filter(({ component }) =>
      ["jaeger", "loki", "thanos"].includes(component),
    );
    expect(objects).toEqual([]);
  });

  it("goes to stores of others, where the environment names them", () => {
    const theirs = environment({
      jaeger: { management: "external", external: { endpoint: "traces.example:4317" } },
      loki: {
        management: "external",
        external: { endpoint: "https://logs.example/otlp", tenantHeader: "X-Scope-OrgID", cidrs: ["192.0.2.0/24"] },
      },
    });
    const { logs, traces } = telemetryBackends(theirs, "hub");
    expect(traces).toMatchObject({ endpoint: "traces.example:4317", tls: "system", ports: [{ port: 4317 }] });
    expect(logs).toMatchObject({
      endpoint: "https://logs.example/otlp",
      tenantHeader: "X-Scope-OrgID",
      peer: { cidrs: ["192.0.2.0/24"] },
      ports: [{ port: 443 }],
    });
    // whom nobody knows the address of, is sent nothing
    expect(telemetryBackends(environment({ jaeger: { management: "external" } }), "hub").traces).toBeUndefined();
  });

  it("has nowhere to go in production until the environment names a place", () => {
    const { sandbox: _, ...production } = sandboxEnvironment("hub", "east", "west");
    const file = { ...production, components: { istio: off, thanos: off, ...MANAGED } };
    const read = (objectStore: object, jaeger: object = {}) =>
      parseEnvironment(
        stringify({ ...file, ...objectStore, components: { ...file.components, loki: {}, jaeger } }),
        "environments/test.yaml",
      );
    expect(Object.keys(telemetryBackends(read({}), "hub"))).toEqual([]);
    const buckets = { objectStore: { kind: "s3", region: "eu-central-1", buckets: { loki: "acme-logs" } } };
    const storage = { kind: "opensearch", urls: ["https://traces.example"], secretName: "traces" };
    expect(Object.keys(telemetryBackends(read(buckets, { storage }), "hub"))).toEqual(["traces", "logs"]);
  });
});

describe("telemetry of a spoke", () => {
  it("goes to the hub's load balancer with certificates of the platform's CA, and keeps its tenant as it is", () => {
    const backends = telemetryBackends(environment({}, { hub: { ingestDomain: "ingest.acme.example" } }), "east");
    expect(Object.keys(backends)).toEqual(["traces", "metrics", "logs"]);
    for (const signal of ["traces", "metrics", "logs"] as const) {
      const backend = backends[signal];
      expect(backend && checkBackend(signal, backend)).toBeUndefined();
      expect(backend).toMatchObject({
        endpoint: "otlp.ingest.acme.example:4317",
        protocol: "otlp_grpc",
        tls: "platform",
      });
      expect(backend?.tenantHeader).toBeUndefined();
    }
  });

  it("comes in at the hub by the name in the gateway's certificate, on a port of its own", () => {
    const hub = environment();
    const [, port] = (telemetryBackends(hub, "east").logs?.endpoint ?? "").split(":");
    const service = named(hub, "hub", "Service/opentelemetry-ingest");
    expect(service.spec).toMatchObject({
      type: "LoadBalancer",
      ports: [{ port: Number(port), targetPort: "otlp-clusters" }],
    });
    expect(named(hub, "hub", "Certificate/opentelemetry-gateway").spec.dnsNames).toEqual([
      "opentelemetry-gateway.opentelemetry.svc",
      "otlp.ingest.test.internal",
    ]);
    const { containers } = named(hub, "hub", "Deployment/opentelemetry-gateway").spec.template.spec;
    expect(containers[0].ports).toContainEqual({ name: "otlp-clusters", containerPort: 14_317, protocol: "TCP" });
    const { grpc } = gatewayOf(hub, "hub").receivers["otlp/clusters"].protocols;
    expect(grpc.endpoint).toBe(`[\${env:POD_IP}]:14317`);
    expect(grpc.tls).toMatchObject({ client_ca_file: "/etc/otelcol-tls/ca.crt", min_version: "1.3" });
  });

  it("is let in only from collectors, whomever else the platform's CA knows", () => {
    const { extensions, receivers, service } = gatewayOf(environment(), "hub");
    expect(receivers["otlp/clusters"].protocols.grpc.auth).toEqual({ authenticator: "peer_certificate" });
    expect(service.extensions).toContain("peer_certificate");
    const senders = ["gateway", "sampler"].map(
      (which) => named(environment(), "east", `Certificate/opentelemetry-${which}`).spec.dnsNames[0],
    );
    expect(extensions.peer_certificate.dns_names).toEqual(senders);
    expect(gatewayOf(environment(), "east").extensions.peer_certificate).toBeUndefined();
  });

  it("is neither sampled again nor given another place or tenant on the hub", () => {
    const { exporters, service } = gatewayOf(environment(), "hub");
    const theirs = Object.entries<Rendered>(service.pipelines).filter(([, { receivers }]) =>
      receivers.includes("otlp/clusters"),
    );
    expect(theirs.map(([name, { exporters: to, processors }]) => [name, processors, to])).toEqual([
      ["traces/other.clusters", ["memory_limiter"], ["routing/traces"]],
      ["metrics/other.clusters", ["memory_limiter"], ["routing/metrics"]],
      ["logs/other.clusters", ["memory_limiter"], ["routing/logs"]],
    ]);
    // the hub's own traces still go to its samplers, and its own telemetry is still told its place
    expect(service.pipelines.traces).toMatchObject({
      receivers: ["otlp"],
      processors: ["memory_limiter", "resource"],
      exporters: ["loadbalancing"],
    });
    expect(exporters["otlp_grpc/traces-shop"].endpoint).toBe("jaeger-collector.jaeger.svc:4317");
    expect(service.pipelines["traces/shop"].exporters).toEqual(["otlp_grpc/traces-shop"]);
  });

  it("keeps its tenant on the hub although that tenant has no pod there", () => {
    const abroad = environment(
      {},
      {
        tenants: {
          abroad: { team: "payments", clusters: ["east"], namespaces: { abroad: { cpu: "1", memory: "1Gi" } } },
        },
      },
    );
    expect(gatewayOf(abroad, "hub").exporters["otlp_http/logs-abroad"].headers).toEqual({ "X-Scope-OrgID": "abroad" });
    expect(gatewayOf(abroad, "west").exporters["otlp_grpc/logs-platform"].endpoint).toBe(
      "otlp.ingest.test.internal:4317",
    );
  });

  it("comes from where the environment says and goes where it says", () => {
    const ingest = { sourceRanges: ["198.51.100.0/24"], cidrs: ["203.0.113.0/24"], serviceAnnotations: { a: "b" } };
    const of = environment({ openTelemetryCollector: { ingest } });
    const flows = (cluster: string) => collectorOf(of, cluster).flows.map(describeFlow);
    expect(flows("hub")).toContain("198.51.100.0/24 → opentelemetry/opentelemetry-collector-gateway TCP 14317");
    expect(flows("east")).toContain("opentelemetry/opentelemetry-collector-gateway → 203.0.113.0/24 TCP 4317");
    expect(flows("east")).toContain("opentelemetry/opentelemetry-collector-sampler → 203.0.113.0/24 TCP 4317");
    expect(flows("east").filter((flow) => flow.includes("14317"))).toEqual([]);
    const { metadata, spec } = named(of, "hub", "Service/opentelemetry-ingest");
    expect(metadata.annotations).toEqual({ a: "b" });
    expect(spec.loadBalancerSourceRanges).toEqual(["198.51.100.0/24"]);
  });

  it("has no way in where there is no spoke, nor on a spoke", () => {
    const alone = parseEnvironment(
      stringify({ ...sandboxEnvironment("hub"), components: { istio: off, ...MANAGED } }),
      "environments/test.yaml",
    );
    expect(named(alone, "hub", "Service/opentelemetry-ingest")).toBeUndefined();
    expect(gatewayOf(alone, "hub").receivers["otlp/clusters"]).toBeUndefined();
    expect(named(environment(), "east", "Service/opentelemetry-ingest")).toBeUndefined();
    expect(named(environment(), "east", "Certificate/opentelemetry-gateway").spec.dnsNames).toHaveLength(1);
  });
});

describe("what is said of a tenant's logs", () => {
  it("differs from the others' only where the environment says so", () => {
    const { tenants, ...rest } = sandboxEnvironment("hub");
    const file = {
      ...rest,
      tenants: { ...tenants, audit: { team: "payments", namespaces: {}, logs: { retentionDays: 365 } } },
      components: { istio: off, loki: { retentionDays: 14 } },
    };
    const { loki } = clusterArgs(parseEnvironment(stringify(file), "environments/test.yaml"), "hub", "test");
    expect(loki?.limits).toEqual({ retentionDays: 14, ingestionMegabytesPerSecond: 4 });
    expect(loki?.tenants).toEqual({ audit: { retentionDays: 365 } });
  });

  it.each([0, 3651])("is refused outside of its bounds: %s", (retentionDays) => {
    const { tenants, ...rest } = sandboxEnvironment("hub");
    const file = { ...rest, tenants: { shop: { ...tenants.shop, logs: { retentionDays } } } };
    expect(() => parseEnvironment(stringify(file), "environments/test.yaml")).toThrow(
      "tenants.shop.logs.retentionDays",
    );
  });
});
