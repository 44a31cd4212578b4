import { describe, expect, it } from "@jest/globals";
import { queueMiB } from "../../../components/opentelemetry-collector/tenant-pipelines";
import { backends, configurationOf, find, podOf, type Rendered, render } from "./rendered";

const gateway = (args = {}) => configurationOf("gateway", { backends, ...args });

describe("the gateway", () => {
  it("sends all spans of a trace to the same sampler, among those that are ready", () => {
    const { exporters, service } = gateway();
    expect(service.pipelines.traces.exporters).toEqual(["loadbalancing"]);
    const { resolver, routing_key } = exporters.loadbalancing;
    expect(routing_key).toBe("traceID");
    expect(resolver.dns).toMatchObject({ hostname: "opentelemetry-sampler.opentelemetry.svc", port: "4317" });
    const { spec } = find(render(), "Service/opentelemetry-sampler");
    expect(spec).toMatchObject({ clusterIP: "None", ports: [{ port: 4317 }] });
    expect(spec.publishNotReadyAddresses).toBeUndefined();
    expect(spec.selector).toEqual(podOf("sampler").selector.matchLabels);
  });

  it("offers another sampler what one did not take", () => {
    const { protocol, retry_on_failure, sending_queue } = gateway().exporters.loadbalancing;
    expect(retry_on_failure).toEqual({ enabled: true });
    expect(sending_queue.queue_size).toBeGreaterThan(0);
    expect(protocol.otlp).toMatchObject({ sending_queue: { enabled: false }, retry_on_failure: { enabled: false } });
  });

  it.each(["metrics", "logs"])("parts %s by tenant, and keeps for the platform what no tenant owns", (signal) => {
    const { connectors, service } = gateway();
    expect(service.pipelines[signal].exporters).toEqual([`routing/${signal}`]);
    expect(connectors[`routing/${signal}`]).toEqual({
      default_pipelines: [`${signal}/platform`],
      table: ["shop", "catalogue"].map((tenant) => ({
        context: "resource",
        condition: `attributes["tenant_id"] == "${tenant}"`,
        pipelines: [`${signal}/${tenant}`],
      })),
    });
  });

  it.each(["metrics", "logs"] as const)(
    "gives each tenant's %s an exporter, a queue and a header of its own",
    (signal) => {
      const { exporters, service } = gateway();
      const header = backends[signal].tenantHeader ?? "";
      const used = ["shop", "catalogue", "platform"].map((tenant) => {
        const pipeline = service.pipelines[`${signal}/${tenant}`];
        expect(pipeline).toMatchObject({ receivers: [`routing/${signal}`], processors: ["memory_limiter"] });
        expect(pipeline.exporters).toHaveLength(1);
        const [name] = pipeline.exporters;
        expect(exporters[name].headers).toEqual({ [header]: tenant });
        return name;
      });
      expect(new Set(used).size).toBe(3);
    },
  );

  it("protects the way to a store as the store is reached", () => {
    const { exporters } = gateway();
    expect(exporters["otlp_http/logs-shop"].tls).toEqual({ insecure: true });
    expect(exporters["prometheusremotewrite/metrics-shop"].tls).toBeUndefined();
    const platform = gateway({
      backends: { logs: { ...backends.logs, endpoint: "https://a.example", tls: "platform" } },
    });
    expect(platform.exporters["otlp_http/logs-shop"].tls).toMatchObject({
      ca_file: "/etc/otelcol-tls/ca.crt",
      cert_file: "/etc/otelcol-tls/tls.crt",
      key_file: "/etc/otelcol-tls/tls.key",
    });
  });

  it("needs no routing where there is no tenant", () => {
    const { connectors, service } = gateway({ tenants: [] });
    expect(connectors).toBeUndefined();
    expect(service.pipelines.logs.exporters).toEqual(["otlp_http/logs-platform"]);
  });

  it("counts and drops what is stored nowhere, and never prints it for agents to read", () => {
    for (const which of ["gateway", "sampler"]) {
      const { exporters, service } = configurationOf(which);
      expect(exporters.nop).toEqual({});
      for (const [signal, { exporters: ends }] of Object.entries<Rendered>(service.pipelines)) {
        expect([signal, ends]).toEqual([
          signal,
          [which === "gateway" && signal === "traces" ? "loadbalancing" : "nop"],
        ]);
      }
    }
  });

  it("writes on all telemetry which cluster it comes from, whatever a pod said", () => {
    const { processors, service } = gateway();
    expect(processors.resource.attributes).toEqual([
      { key: "k8s.cluster.name", value: "hub", action: "upsert" },
      { key: "deployment.environment.name", value: "dev", action: "upsert" },
    ]);
    for (const signal of ["traces", "metrics", "logs"]) {
      expect(service.pipelines[signal].processors).toEqual(["memory_limiter", "resource"]);
    }
  });

  it("is as many pods as its autoscaler finds right, five times the fewest at most", () => {
    const bounds = (args = {}) => {
      const { maxReplicas, minReplicas } = find(render(args), "HorizontalPodAutoscaler/opentelemetry-gateway").spec;
      return [minReplicas, maxReplicas];
    };
    expect(bounds()).toEqual([2, 10]);
    expect(bounds({ gatewayReplicas: 3 })).toEqual([3, 15]);
    expect(bounds({ gatewayReplicas: 3, gatewayMaxReplicas: 4 })).toEqual([3, 4]);
    expect(podOf("gateway").replicas).toBeUndefined();
    expect(find(render(), "PodDisruptionBudget/opentelemetry-gateway").spec.maxUnavailable).toBe(1);
  });

  it("ends connections, so that a pod that was added gets its share", () =>
    expect(gateway().receivers.otlp.protocols.grpc.keepalive.server_parameters.max_connection_age).toBe("5m"));

  it("holds a quarter of its memory in queues, however many tenants share it", () => {
    // two signals of two tenants and of the platform, and the queue of traces
    const size = Math.floor((512 * 0.25) / 7) * 1024 * 1024;
    const { exporters } = gateway();
    expect(exporters["otlp_http/logs-shop"].sending_queue.queue_size).toBe(size);
    expect(exporters.loadbalancing.sending_queue.queue_size).toBe(size);
    expect([queueMiB(512, 1), queueMiB(512, 4), queueMiB(512, 0), queueMiB(512, 1000)]).toEqual([128, 32, 128, 4]);
  });
});
