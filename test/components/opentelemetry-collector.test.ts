import { describe, expect, it } from "@jest/globals";
import { checkFlow, describeFlow } from "../../components/flow";
import {
  type OpenTelemetryCollectorArgs,
  OTLP_ENDPOINT,
  openTelemetryCollectorDepartures,
  openTelemetryCollectorFlows,
  openTelemetryCollectorNamespaces,
  openTelemetryCollectorScrapeTargets,
} from "../../components/opentelemetry-collector";
import { expectGolden } from "../support/golden";
import {
  backends,
  configurationOf,
  find,
  podOf,
  type Rendered,
  render,
  required,
} from "./opentelemetry-collector/rendered";

const COLLECTORS = ["agent", "gateway", "sampler"];

describe("the collectors", () => {
  it("render the reviewed manifests", () => expectGolden("opentelemetry-collector", render()));

  it("render the reviewed manifests where telemetry is stored", () =>
    expectGolden("opentelemetry-collector-with-backends", render({ backends })));

  it("are nothing at all where someone else installs them", () => {
    const external: OpenTelemetryCollectorArgs = { ...required, management: { kind: "external" } };
    expect([
      ...render(external),
      ...openTelemetryCollectorNamespaces(external),
      ...openTelemetryCollectorFlows(external),
      ...openTelemetryCollectorScrapeTargets(external),
      ...openTelemetryCollectorDepartures(external),
    ]).toEqual([]);
  });

  it.each(COLLECTORS)("give way before they run out of memory: %s", (which) => {
    const { processors, service } = configurationOf(which, { backends });
    expect(processors.memory_limiter).toEqual({
      check_interval: "1s",
      limit_percentage: 80,
      spike_limit_percentage: 20,
    });
    for (const pipeline of Object.values<Rendered>(service.pipelines)) {
      expect(pipeline.processors[0]).toBe("memory_limiter");
    }
  });

  it("tell Go's garbage collector of four fifths of their memory", () => {
    const limit = (which: string) => {
      const { env, resources } = podOf(which).template.spec.containers[0];
      const { value } = env.find(({ name }: Rendered) => name === "GOMEMLIMIT");
      return [resources.limits.memory, value];
    };
    expect(COLLECTORS.map(limit)).toEqual([
      ["256Mi", "204MiB"],
      ["512Mi", "409MiB"],
      ["1Gi", "819MiB"],
    ]);
  });

  it.each(COLLECTORS)("define every component that they use, and use every one that they define: %s", (which) => {
    const {
      connectors = {},
      exporters,
      extensions,
      processors,
      receivers,
      service,
    } = configurationOf(which, { backends });
    const pipelines = Object.values<Rendered>(service.pipelines);
    const used = (field: string) => [...new Set(pipelines.flatMap((pipeline) => pipeline[field]))].sort();
    const names = (...parts: object[]) => parts.flatMap((part) => Object.keys(part)).sort();
    expect(used("receivers")).toEqual(names(receivers, connectors));
    expect(used("processors")).toEqual(names(processors));
    expect(used("exporters")).toEqual(names(exporters, connectors));
    expect(service.extensions.sort()).toEqual(names(extensions));
  });

  it.each(COLLECTORS)("listen on the pod's own address, on the ports that the pod names: %s", (which) => {
    const { extensions, receivers, service } = configurationOf(which);
    const { ports, readinessProbe } = podOf(which).template.spec.containers[0];
    const port = (name: string) => ports.find((each: Rendered) => each.name === name)?.containerPort;
    const [{ pull }] = service.telemetry.metrics.readers;
    expect(receivers.otlp.protocols.grpc.endpoint).toBe(`[\${env:POD_IP}]:${port("otlp-grpc")}`);
    expect(receivers.otlp.protocols.http?.endpoint).toBe(
      which === "agent" ? `[\${env:POD_IP}]:${port("otlp-http")}` : undefined,
    );
    expect(extensions.health_check.endpoint).toBe(`[\${env:POD_IP}]:${port(readinessProbe.httpGet.port)}`);
    expect(pull.exporter.prometheus).toMatchObject({ host: `\${env:POD_IP}`, port: port("http-metrics") });
  });

  it.each(COLLECTORS)("tell of themselves under upstream's own names: %s", (which) => {
    const [{ pull }] = configurationOf(which).service.telemetry.metrics.readers;
    const { host: _, port: __, ...names } = pull.exporter.prometheus;
    expect(names).toEqual({ without_scope_info: true, without_type_suffix: true, without_units: true });
  });

  it("restart when their configuration changes", () => {
    const hash = (args: Partial<OpenTelemetryCollectorArgs>) =>
      COLLECTORS.map((which) => podOf(which, args).template.metadata.annotations["fleetwright.dev/configuration"]);
    const [before, after] = [hash({}), hash({ sampling: { percentage: 11 } })];
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);
  });
});

describe("the way from one collector to the next", () => {
  const certificateOf = (which: string) => find(render(), `Certificate/opentelemetry-${which}`);

  it.each(["gateway", "sampler"])("is open only to who shows a certificate of the platform's CA: %s", (which) => {
    const { tls } = configurationOf(which).receivers.otlp.protocols.grpc;
    expect(tls).toEqual({
      cert_file: "/etc/otelcol-tls/tls.crt",
      key_file: "/etc/otelcol-tls/tls.key",
      client_ca_file: "/etc/otelcol-tls/ca.crt",
      client_ca_file_reload: true,
      reload_interval: "1h",
      min_version: "1.3",
    });
    expect(Object.keys(configurationOf(which).receivers)).toEqual(["otlp"]);
  });

  it("leads to the name that the other's certificate has, with a certificate of one's own", () => {
    const { endpoint, tls } = configurationOf("agent").exporters.otlp_grpc;
    const [host, port] = endpoint.split(":");
    expect(certificateOf("gateway").spec.dnsNames).toEqual([host]);
    expect(find(render(), "Service/opentelemetry-gateway").spec.ports).toMatchObject([{ port: Number(port) }]);
    const samplers = configurationOf("gateway").exporters.loadbalancing.protocol.otlp.tls;
    expect(certificateOf("sampler").spec.dnsNames).toEqual([samplers.server_name_override]);
    for (const { ca_file, cert_file, key_file } of [tls, samplers]) {
      expect([ca_file, cert_file, key_file]).toEqual(
        ["ca", "tls", "tls"].map((file, index) => `/etc/otelcol-tls/${file}.${index === 2 ? "key" : "crt"}`),
      );
    }
  });

  it.each(COLLECTORS)("is proved by a certificate for both ends, whose Secret the pod mounts: %s", (which) => {
    const { metadata, spec } = certificateOf(which);
    expect(spec).toMatchObject({
      issuerRef: { kind: "ClusterIssuer", name: "platform-ca" },
      usages: ["digital signature", "server auth", "client auth"],
      privateKey: { algorithm: "ECDSA", rotationPolicy: "Always" },
    });
    const { volumes } = podOf(which).template.spec;
    expect(volumes.find(({ name }: Rendered) => name === "tls").secret.secretName).toBe(spec.secretName);
    expect(metadata.annotations["pulumi.com/waitFor"]).toBe("condition=Ready");
  });

  it("waits for no certificate where nobody issues one", () => {
    const objects = render({ issuer: { name: "platform-ca", awaited: false } });
    expect(objects.flatMap(({ metadata }) => metadata.annotations?.["pulumi.com/waitFor"] ?? [])).toEqual([]);
  });
});

describe("around the collectors", () => {
  it("there is one flow for each way that telemetry takes", () => {
    for (const flow of openTelemetryCollectorFlows(required)) checkFlow(flow);
    expect(openTelemetryCollectorFlows(required).map(describeFlow)).toEqual([
      "shop/* → opentelemetry-agent/opentelemetry-collector-agent TCP 4317, TCP 4318",
      "shop-jobs/* → opentelemetry-agent/opentelemetry-collector-agent TCP 4317, TCP 4318",
      "catalogue/* → opentelemetry-agent/opentelemetry-collector-agent TCP 4317, TCP 4318",
      "opentelemetry-agent/opentelemetry-collector-agent → opentelemetry/opentelemetry-collector-gateway TCP 4317",
      "opentelemetry-agent/opentelemetry-collector-agent → api-server TCP 443, TCP 6443",
      "opentelemetry/opentelemetry-collector-gateway → opentelemetry/opentelemetry-collector-sampler TCP 4317",
    ]);
  });

  it("there are flows to the stores: metrics and logs from gateways, traces from samplers", () => {
    const said = openTelemetryCollectorFlows({ ...required, backends }).map(describeFlow);
    const bare = openTelemetryCollectorFlows(required).map(describeFlow);
    expect(said.filter((flow) => !bare.includes(flow))).toEqual([
      "opentelemetry/opentelemetry-collector-gateway → 192.0.2.0/24 TCP 443",
      "opentelemetry/opentelemetry-collector-gateway → loki/* TCP 3100",
      "opentelemetry/opentelemetry-collector-sampler → jaeger/jaeger TCP 4317",
    ]);
  });

  it("only agents may mount folders of the node, and live apart for it", () =>
    expect(
      openTelemetryCollectorNamespaces(required).map(({ name, podSecurity }) => [name, podSecurity?.level]),
    ).toEqual([
      ["opentelemetry", undefined],
      ["opentelemetry-agent", "privileged"],
    ]));

  it("every departure from the safe default is an agent's", () =>
    expect(
      openTelemetryCollectorDepartures(required).map(({ workload, departure }) => `${workload} ${departure}`),
    ).toEqual([
      "opentelemetry-agent/opentelemetry-agent apiToken",
      "opentelemetry-agent/opentelemetry-agent hostPath /var/log/pods",
      "opentelemetry-agent/opentelemetry-agent hostPath /var/lib/opentelemetry-agent",
      "opentelemetry-agent/opentelemetry-agent/agent runsAsRoot",
    ]));

  it("the metrics of each are known", () =>
    expect(
      openTelemetryCollectorScrapeTargets(required).map(
        ({ namespace, path, pods, port }) => `${namespace}/${pods["app.kubernetes.io/component"]} ${port}${path}`,
      ),
    ).toEqual([
      "opentelemetry-agent/agent 8888/metrics",
      "opentelemetry/gateway 8888/metrics",
      "opentelemetry/sampler 8888/metrics",
    ]));

  it("the endpoint that others are told is the agent's Service", () => {
    const service = find(render(), "Service/opentelemetry-agent");
    const [{ port }] = service.spec.ports;
    expect(OTLP_ENDPOINT).toBe(`${service.metadata.name}.${service.metadata.namespace}.svc:${port}`);
  });
});
