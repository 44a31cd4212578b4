import { describe, expect, it } from "@jest/globals";
import type { OpenTelemetryCollectorArgs } from "../../components/opentelemetry-collector";
import type { Backend } from "../../components/opentelemetry-collector/backends";
import { backends, render } from "./opentelemetry-collector/rendered";

describe("the collectors refuse", () => {
  const store = (signal: keyof typeof backends, changes: Partial<Backend>) => ({
    backends: { [signal]: { ...backends[signal], ...changes } },
  });

  it.each<[string, Partial<OpenTelemetryCollectorArgs>, string]>([
    ["one gateway", { gatewayReplicas: 1 }, "gatewayReplicas is 1, must be a whole number of 2–20: one must be left"],
    [
      "fewer than the fewest",
      { gatewayReplicas: 4, gatewayMaxReplicas: 3 },
      "gatewayMaxReplicas is 3, must be a whole number of 4–100",
    ],
    ["one sampler", { samplerReplicas: 1 }, "samplerReplicas is 1, must be a whole number of 2–50"],
    [
      "more than all traces",
      { sampling: { percentage: 101 } },
      "sampling.percentage is 101, must be a whole number of 0–100",
    ],
    [
      "no time to decide",
      { sampling: { decisionWaitSeconds: 4 } },
      "sampling.decisionWaitSeconds is 4, must be a whole number of 5–300",
    ],
    ["traces that are slow at once", { sampling: { slowMilliseconds: 0 } }, "sampling.slowMilliseconds is 0, must be"],
    ["no room for traces", { sampling: { tracesInMemory: 999 } }, "sampling.tracesInMemory is 999, must be"],
    [
      "too little memory",
      { sizes: { agent: { cpuMillicores: 50, memoryMiB: 64 } } },
      "sizes.agent.memoryMiB is 64, must be a whole number of 128–65536",
    ],
    [
      "too little CPU",
      { sizes: { sampler: { cpuMillicores: 9, memoryMiB: 256 } } },
      "sizes.sampler.cpuMillicores is 9, must be",
    ],
    ["a cluster that is no name", { cluster: "Hub" }, 'cluster is "Hub", must be a DNS label'],
    ["an environment that is no name", { environment: "" }, 'environment is "", must be a DNS label'],
    [
      "an issuer that cannot exist",
      { issuer: { name: "a b", awaited: true } },
      'issuer.name is "a b", must be a DNS label',
    ],
    ["a tenant that is no name", { tenants: ["a_b"] }, 'tenants is "a_b", must be a DNS label'],
    [
      "a tenant that is called as the platform is",
      { tenants: ["platform"] },
      'tenants has "platform", must be another name',
    ],
    ["a sender that cannot exist", { senders: ["a/b"] }, 'senders is "a/b", must be a DNS label'],
    [
      "an empty image",
      { management: { kind: "managed", image: " " } },
      "management.image is empty, must be registry/repository:tag@sha256:digest",
    ],
    [
      "remote write of logs",
      store("logs", { protocol: "prometheus_remote_write" }),
      "backends.logs.protocol is prometheus_remote_write, must be otlp_grpc or otlp_http",
    ],
    [
      "a URL where a host is meant",
      store("traces", { endpoint: "https://a.example" }),
      'backends.traces.endpoint is "https://a.example", must be host:port',
    ],
    [
      "a way in the clear that is said to be protected",
      store("logs", { tls: "system" }),
      'backends.logs.endpoint is "http://loki.loki.svc:3100/otlp", must be a URL that begins with https://, for protocol otlp_http and tls system',
    ],
    [
      "an endpoint that would be expanded",
      store("traces", { endpoint: `\${env:HOST}:4317` }),
      `backends.traces.endpoint is "\${env:HOST}:4317", must be host:port`,
    ],
    [
      "a header that is none",
      store("logs", { tenantHeader: "X Tenant" }),
      'backends.logs.tenantHeader is "X Tenant", must be letters',
    ],
    ["a store without ports", store("logs", { ports: [] }), "backends.logs.ports is empty, must name the ports"],
  ])("%s", (_, args, message) => expect(() => render(args)).toThrow(`opentelemetry-collector: ${message}`));
});
