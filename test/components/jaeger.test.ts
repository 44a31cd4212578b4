import { describe, expect, it } from "@jest/globals";
import { checkFlow, describeFlow } from "../../components/flow";
import { JAEGER_COLLECTOR, JAEGER_QUERY, type JaegerArgs } from "../../components/jaeger";
import type { JaegerStorage } from "../../components/jaeger/storage";
import { expectGolden } from "../support/golden";
import { configurationOf, deploymentOf, find, part, type Rendered, stores } from "./jaeger/rendered";

const ROLES = ["collector", "query", "sampling"];
const storage = stores.opensearch;

describe("Jaeger", () => {
  it("renders the reviewed manifests", () => expectGolden("jaeger", part({ storage }).objects));

  it("renders the reviewed manifests where traces are in memory", () =>
    expectGolden("jaeger-memory", part({ storage: stores.memory }).objects));

  it("renders the reviewed manifests where traces are in Cassandra", () =>
    expectGolden("jaeger-cassandra", part({ storage: stores.cassandra }).objects));

  it("is remote sampling alone where nothing is stored", () => {
    const workloads = part().objects.filter(({ kind }) => kind === "Deployment");
    expect(workloads.map(({ metadata }) => metadata.name)).toEqual(["jaeger-sampling"]);
    expect(part().alerts).toEqual([]);
    expect(part().flows.map(describeFlow)).toEqual([
      "shop/* → jaeger/jaeger-sampling TCP 5778, TCP 5779",
      "catalogue/* → jaeger/jaeger-sampling TCP 5778, TCP 5779",
    ]);
  });

  it.each(ROLES)("gives way before it runs out of memory, and makes no batches that hide a failure: %s", (which) => {
    const { processors, service } = configurationOf(which, { storage });
    expect(service.pipelines.traces.processors).toEqual(["memory_limiter"]);
    expect(Object.keys(processors)).toEqual(["memory_limiter"]);
    expect(processors.memory_limiter).toEqual({
      check_interval: "1s",
      limit_percentage: 80,
      spike_limit_percentage: 20,
    });
  });

  it.each(ROLES)("shows nobody its inside: %s", (which) => {
    const names = Object.keys(configurationOf(which, { storage }).extensions);
    expect(names.filter((name) => /pprof|expvar|zpages/.test(name))).toEqual([]);
    expect(names).toContain("healthcheckv2");
  });

  it.each(ROLES)("starts every extension that it defines, and listens on the pod's own address: %s", (which) => {
    const file = configurationOf(which, { storage: stores.memory });
    expect(file.service.extensions).toEqual(Object.keys(file.extensions));
    const endpoints = JSON.stringify([file.extensions, file.receivers]).match(/"endpoint":"[^"]+"/g) ?? [];
    const listening = endpoints.filter((endpoint) => !endpoint.includes(".svc:"));
    const ports = listening.map((endpoint) => Number(/^"endpoint":"\[\$\{env:POD_IP\}\]:(\d+)"$/.exec(endpoint)?.[1]));
    const [{ ports: named }] = deploymentOf(which, { storage: stores.memory }).template.spec.containers;
    expect([...ports, 8888].sort()).toEqual(named.map(({ containerPort }: Rendered) => containerPort).sort());
  });

  it("takes spans from nobody without a certificate of the platform's CA, at the name in its own", () => {
    const { tls } = configurationOf("collector", { storage }).receivers.otlp.protocols.grpc;
    expect(tls).toEqual({
      cert_file: "/etc/jaeger-tls/tls.crt",
      key_file: "/etc/jaeger-tls/tls.key",
      client_ca_file: "/etc/jaeger-tls/ca.crt",
      client_ca_file_reload: true,
      reload_interval: "1h",
      min_version: "1.3",
    });
    const { objects } = part({ storage });
    const [host, port] = JAEGER_COLLECTOR.endpoint.split(":");
    expect(find(objects, "Certificate/jaeger-collector").spec.dnsNames).toEqual([host]);
    expect(find(objects, "Service/jaeger-collector").spec.ports).toMatchObject([{ port: Number(port) }]);
  });

  it("shows traces at the address that others are told", () => {
    const { hostname, port } = new URL(JAEGER_QUERY.url);
    const service = find(part({ storage }).objects, "Service/jaeger-query");
    expect(`${service.metadata.name}.${service.metadata.namespace}.svc`).toBe(hostname);
    expect(service.spec.ports.map((each: Rendered) => each.port)).toEqual([Number(port), 16_685]);
  });

  it.each(Object.entries(stores))("stores and reads in the same place: %s", (_, store) => {
    const backends = (which: string) => {
      const { extensions } = configurationOf(which, { storage: store });
      return extensions.jaeger_storage.backends[extensions.jaeger_query?.storage.traces ?? "traces"];
    };
    const { exporters } = configurationOf("collector", { storage: store });
    expect(exporters.jaeger_storage_exporter).toEqual({ trace_storage: "traces" });
    if (store.kind === "memory") {
      expect(backends("collector")).toEqual({ memory: { max_traces: 1000 } });
      expect(Object.keys(backends("query"))).toEqual(["grpc"]);
    } else {
      expect(backends("query")).toEqual(backends("collector"));
    }
  });

  it("asks for its name and its password where they lie: in a Secret, never in a manifest", () => {
    const { auth, tls } = configurationOf("collector", { storage }).extensions.jaeger_storage.backends.traces
      .opensearch;
    expect(auth.basic).toEqual({
      username: `\${env:STORAGE_USERNAME}`,
      password_file: "/etc/jaeger-storage/password",
      reload_interval: "1m",
    });
    expect(tls).toEqual({ ca_file: "/etc/jaeger-storage-ca/ca.crt" });
    for (const which of ["collector", "query"]) {
      const { containers, volumes } = deploymentOf(which, { storage }).template.spec;
      const secrets = Object.fromEntries(volumes.map(({ name, secret }: Rendered) => [name, secret?.secretName]));
      expect(secrets).toMatchObject({ storage: "traces", "storage-ca": "traces-ca" });
      expect(containers[0].volumeMounts).toEqual(
        expect.arrayContaining([
          { name: "storage", mountPath: "/etc/jaeger-storage", readOnly: true },
          { name: "storage-ca", mountPath: "/etc/jaeger-storage-ca", readOnly: true },
        ]),
      );
      expect(containers[0].env).toContainEqual({
        name: "STORAGE_USERNAME",
        valueFrom: { secretKeyRef: { name: "traces", key: "username" } },
      });
    }
  });

  it("keeps traces as long as said", () => {
    const backend = (store: JaegerStorage) =>
      configurationOf("query", { storage: store }).extensions.jaeger_storage.backends.traces;
    expect(backend(stores.elasticsearch).elasticsearch.max_span_age).toBe("336h");
    expect(backend(stores.cassandra).cassandra.schema).toMatchObject({ trace_ttl: "168h", dependencies_ttl: "168h" });
  });

  it("reaches its store and nothing else", () => {
    const ways = (store: JaegerStorage) => {
      const { flows } = part({ storage: store, askers: [] });
      for (const flow of flows) checkFlow(flow);
      return flows.map(describeFlow);
    };
    expect(ways(stores.opensearch)).toEqual([
      "jaeger/jaeger-collector → anywhere TCP 9200",
      "jaeger/jaeger-query → anywhere TCP 9200",
    ]);
    expect(ways(stores.elasticsearch)).toEqual([
      "jaeger/jaeger-collector → 192.0.2.0/24 TCP 443",
      "jaeger/jaeger-query → 192.0.2.0/24 TCP 443",
    ]);
    expect(ways(stores.cassandra)).toEqual([
      "jaeger/jaeger-collector → traces/* TCP 9042",
      "jaeger/jaeger-query → traces/* TCP 9042",
    ]);
    expect(ways(stores.memory)).toEqual(["jaeger/jaeger-query → jaeger/jaeger-collector TCP 17271"]);
  });

  it("lets only known programs read what a collector has in memory, and has one collector then", () => {
    const { extensions } = configurationOf("collector", { storage: stores.memory });
    expect(extensions.remote_storage.tls.client_ca_file).toBe("/etc/jaeger-tls/ca.crt");
    const { grpc } = configurationOf("query", { storage: stores.memory }).extensions.jaeger_storage.backends.traces;
    const [host, port] = grpc.endpoint.split(":");
    const { objects, departures } = part({ storage: stores.memory });
    expect(find(objects, "Certificate/jaeger-collector").spec.dnsNames).toEqual([host]);
    expect(find(objects, "Service/jaeger-collector").spec.ports.map((each: Rendered) => each.port)).toContain(
      Number(port),
    );
    expect(grpc.tls).toMatchObject({ cert_file: "/etc/jaeger-tls/tls.crt", ca_file: "/etc/jaeger-tls/ca.crt" });
    expect(deploymentOf("collector", { storage: stores.memory }).replicas).toBe(1);
    expect(departures.map(({ departure, reason }) => [departure, reason])).toEqual([
      ["singleReplica", "nobody relies on it"],
    ]);
    expect(part({ storage }).departures).toEqual([]);
  });

  it("has as many collectors as there is work, two at least", () =>
    expect(
      find(part({ storage, collectorReplicas: 3 }).objects, "HorizontalPodAutoscaler/jaeger-collector").spec,
    ).toMatchObject({ minReplicas: 3, maxReplicas: 15 }));

  it("tells each service its share, and all others how many traces a second", () => {
    const strategies = (sampling: JaegerArgs["sampling"]) =>
      JSON.parse(
        find(part({ ...(sampling ? { sampling } : {}) }).objects, "ConfigMap/jaeger-sampling-strategies").data[
          "strategies.json"
        ],
      );
    expect(strategies(undefined)).toEqual({
      default_strategy: { type: "ratelimiting", param: 10 },
      service_strategies: [],
    });
    expect(strategies({ defaultTracesPerSecond: 5, services: { pay: 1, cart: 0.25 } })).toEqual({
      default_strategy: { type: "ratelimiting", param: 5 },
      service_strategies: [
        { service: "cart", type: "probabilistic", param: 0.25 },
        { service: "pay", type: "probabilistic", param: 1 },
      ],
    });
  });

  it("rereads strategies without a restart", () => {
    const hash = (args: Partial<JaegerArgs>) =>
      deploymentOf("sampling", args).template.metadata.annotations["fleetwright.dev/configuration"];
    expect(hash({ sampling: { defaultTracesPerSecond: 5 } })).toBe(hash({}));
    const { path, reload_interval } = configurationOf("sampling").extensions.remote_sampling.file;
    expect([path, reload_interval]).toEqual(["/etc/jaeger-strategies/strategies.json", "30s"]);
  });

  it("is asked for its health and its metrics on ports of their own", () => {
    for (const which of ROLES) {
      const [{ readinessProbe }] = deploymentOf(which, { storage }).template.spec.containers;
      expect(readinessProbe.httpGet).toEqual({ path: "/status", port: "healthcheck", scheme: "HTTP" });
      expect(configurationOf(which, { storage }).extensions.healthcheckv2.http.status).toEqual({
        enabled: true,
        path: "/status",
      });
    }
    expect(part({ storage }).scrapeTargets?.map(({ port, path }) => `${port}${path}`)).toEqual([
      "8888/metrics",
      "8888/metrics",
      "8888/metrics",
    ]);
  });

  it.each<[string, Partial<JaegerArgs>, string]>([
    ["no image", { image: "" }, "jaeger: image is empty, must be registry/repository:tag@sha256:digest"],
    ["one collector", { collectorReplicas: 1 }, "jaeger: collectorReplicas is 1, must be a whole number of 2–20"],
    ["one query", { queryReplicas: 1 }, "jaeger: queryReplicas is 1, must be a whole number of 2–20"],
    [
      "a share above one",
      { sampling: { services: { cart: 1.5 } } },
      "jaeger: sampling.services.cart is 1.5, must be 0–1: it is a share of the traces",
    ],
    [
      "no traces at all",
      { sampling: { defaultTracesPerSecond: 0 } },
      "jaeger: sampling.defaultTracesPerSecond is 0, must be a whole number of 1–1000",
    ],
    [
      "a password in the clear",
      { storage: { ...stores.opensearch, urls: ["http://traces.example:9200"] } },
      'jaeger: storage.urls has "http://traces.example:9200", must be an https URL',
    ],
    ["a store of no address", { storage: { ...stores.opensearch, urls: [] } }, "jaeger: storage.urls is empty"],
    ["Cassandra without hosts", { storage: { ...stores.cassandra, hosts: [] } }, "jaeger: storage.hosts is empty"],
    [
      "memory without a reason",
      { storage: { ...stores.memory, reason: " " } },
      "jaeger: storage.reason is empty, must say why a store that forgets is enough",
    ],
    [
      "memory without a bound",
      { storage: { ...stores.memory, traces: 0 } },
      "jaeger: storage.traces is 0, must be a whole number of 1–1000000",
    ],
    [
      "traces for ever",
      { storage: { ...stores.cassandra, retentionDays: 3650 } },
      "jaeger: storage.retentionDays is 3650, must be a whole number of 1–365",
    ],
    ["a namespace that is none", { askers: ["Shop"] }, 'jaeger: askers is "Shop", must be a DNS label'],
    [
      "little memory",
      { sizes: { query: { cpuMillicores: 10, memoryMiB: 32 } } },
      "jaeger: sizes.query.memoryMiB is 32, must be a whole number of 64–65536",
    ],
  ])("refuses %s", (_, args, message) => expect(() => part(args)).toThrow(message));
});
