import { describe, expect, it } from "@jest/globals";
import { backends, configurationOf, find, podOf, render } from "./rendered";

const sampler = (args = {}) => configurationOf("sampler", { backends, ...args });

describe("the sampler", () => {
  it("keeps traces with an error, slow ones, and a tenth of the others", () =>
    expect(sampler().processors.tail_sampling).toEqual({
      decision_wait: "30s",
      num_traces: 50_000,
      decision_cache: { sampled_cache_size: 100_000, non_sampled_cache_size: 100_000 },
      policies: [
        { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
        { name: "slow", type: "latency", latency: { threshold_ms: 2000 } },
        { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: 10 } },
      ],
    }));

  it("keeps what it is told to keep, each value for itself", () => {
    const { decision_wait, policies } = sampler({ sampling: { percentage: 0, decisionWaitSeconds: 60 } }).processors
      .tail_sampling;
    expect([decision_wait, policies[1].latency.threshold_ms, policies[2].probabilistic.sampling_percentage]).toEqual([
      "60s",
      2000,
      0,
    ]);
  });

  it("remembers decisions for longer than it holds traces", () => {
    const { decision_cache, num_traces } = sampler({ sampling: { tracesInMemory: 2000 } }).processors.tail_sampling;
    expect(num_traces).toBe(2000);
    expect(Object.values<number>(decision_cache).map((size) => size > num_traces)).toEqual([true, true]);
  });

  it("decides on whole traces, and parts them by tenant only then", () => {
    const { connectors, exporters, service } = sampler();
    expect(service.pipelines.traces).toEqual({
      receivers: ["otlp"],
      processors: ["memory_limiter", "tail_sampling"],
      exporters: ["routing/traces"],
    });
    expect(connectors["routing/traces"].default_pipelines).toEqual(["traces/platform"]);
    for (const tenant of ["shop", "catalogue", "platform"]) {
      expect(service.pipelines[`traces/${tenant}`].exporters).toEqual([`otlp_grpc/traces-${tenant}`]);
      expect(exporters[`otlp_grpc/traces-${tenant}`]).toMatchObject({
        endpoint: "jaeger-collector.jaeger.svc:4317",
        headers: { "x-tenant": tenant },
        tls: { ca_file: "/etc/otelcol-tls/ca.crt" },
      });
    }
  });

  it("takes nothing but traces", () =>
    expect(Object.keys(sampler().service.pipelines).filter((name) => !name.startsWith("traces"))).toEqual([]));

  it("is a fixed number of pods: a change of it moves traces from one to another", () => {
    expect(podOf("sampler").replicas).toBe(2);
    expect(podOf("sampler", { samplerReplicas: 5 }).replicas).toBe(5);
    expect(find(render(), "StatefulSet/opentelemetry-sampler")).toBeDefined();
    expect(find(render(), "HorizontalPodAutoscaler/opentelemetry-sampler")).toBeUndefined();
    expect(find(render(), "PodDisruptionBudget/opentelemetry-sampler").spec.maxUnavailable).toBe(1);
  });

  it("has a minute to decide what is pending before it ends", () =>
    expect(podOf("sampler").template.spec.terminationGracePeriodSeconds).toBe(60));
});
