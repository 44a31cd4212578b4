import { describe, expect, it } from "@jest/globals";
import { checkFlow, describeFlow } from "../../components/flow";
import { LOKI, type LokiArgs } from "../../components/loki";
import { expectGolden } from "../support/golden";
import { configurationOf, find, inFolder, overridesOf, part, type Rendered, required, setOf } from "./loki/rendered";

describe("Loki", () => {
  it("renders the reviewed manifests", () =>
    expectGolden("loki", part({ tenants: { shop: { retentionDays: 90 } } }).objects));

  it("renders the reviewed manifests where logs are in a folder", () =>
    expectGolden("loki-filesystem", part(inFolder).objects));

  it("holds each log in three pods, any one of which may be away", () => {
    expect(configurationOf().common.replication_factor).toBe(3);
    expect(setOf().replicas).toBe(3);
    expect(find(part().objects, "PodDisruptionBudget/loki").spec.maxUnavailable).toBe(1);
  });

  it("is one pod where logs are in a folder, and says why", () => {
    expect(configurationOf(inFolder).common.replication_factor).toBe(1);
    expect(setOf(inFolder).replicas).toBe(1);
    expect(part(inFolder).departures).toEqual([
      {
        workload: "loki/loki",
        departure: "singleReplica",
        reason: "no other pod sees the logs in this one's file system",
      },
    ]);
    expect(part().departures).toEqual([]);
  });

  it("serves nobody without a certificate of the platform's CA, at the name in its own", () => {
    const { server } = configurationOf();
    expect(server.http_tls_config).toEqual({
      cert_file: "/etc/loki-tls/tls.crt",
      key_file: "/etc/loki-tls/tls.key",
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: "/etc/loki-tls/ca.crt",
    });
    expect(server.tls_min_version).toBe("VersionTLS13");
    const { hostname, port, protocol } = new URL(LOKI.url);
    const { dnsNames, issuerRef, secretName } = find(part().objects, "Certificate/loki").spec;
    expect([protocol, dnsNames, issuerRef.name]).toEqual(["https:", [hostname], "platform-ca"]);
    expect(Number(port)).toBe(server.http_listen_port);
    const { volumes } = setOf().template.spec;
    expect(volumes.find(({ name }: Rendered) => name === "tls").secret.secretName).toBe(secretName);
  });

  it("is asked for its health and its metrics on a port of their own, and shows profiles nowhere else", () => {
    const { internal_server, server } = configurationOf();
    const [{ ports, readinessProbe }] = setOf().template.spec.containers;
    const named = (name: string) => ports.find((port: Rendered) => port.name === name).containerPort;
    expect([internal_server.enable, internal_server.http_listen_port]).toEqual([true, named("http-metrics")]);
    expect(readinessProbe.httpGet).toEqual({ path: "/ready", port: "http-metrics", scheme: "HTTP" });
    expect([server.register_instrumentation, internal_server.register_instrumentation]).toEqual([false, true]);
    expect(part().scrapeTargets).toMatchObject([{ namespace: "loki", port: named("http-metrics"), path: "/metrics" }]);
    expect(find(part().objects, "Service/loki").spec.ports.map(({ port }: Rendered) => port)).toEqual([3100]);
  });

  it("keeps tenants apart, and lets no request pass that names none", () =>
    expect(configurationOf().auth_enabled).toBe(true));

  it("keeps logs as long as said: for all tenants, and for those that have their own", () => {
    const { compactor, limits_config } = configurationOf({ limits: { retentionDays: 14 } });
    expect(limits_config.retention_period).toBe("336h");
    expect(compactor).toMatchObject({ retention_enabled: true, delete_request_store: "s3" });
    expect(overridesOf({ limits: { retentionDays: 14 }, tenants: { shop: { retentionDays: 90 } } })).toEqual({
      shop: { retention_period: "2160h", ingestion_rate_mb: 4, ingestion_burst_size_mb: 16 },
    });
    expect(overridesOf()).toEqual({});
  });

  it("takes from a tenant what it may send, and a whole batch at once", () => {
    const limits = (ingestionMegabytesPerSecond: number) => {
      const { ingestion_burst_size_mb, ingestion_rate_mb } = configurationOf({
        limits: { ingestionMegabytesPerSecond },
      }).limits_config;
      return [ingestion_rate_mb, ingestion_burst_size_mb];
    };
    expect([limits(1), limits(8), limits(100)]).toEqual([
      [1, 16],
      [8, 16],
      [100, 200],
    ]);
  });

  it("rereads tenants' limits without a restart, and restarts for all else", () => {
    const hash = (args: Partial<LokiArgs>) =>
      setOf(args).template.metadata.annotations["fleetwright.dev/configuration"];
    expect(hash({ tenants: { shop: { retentionDays: 90 } } })).toBe(hash({}));
    expect(hash({ limits: { retentionDays: 90 } })).not.toBe(hash({}));
    const { mountPath } = setOf().template.spec.containers[0].volumeMounts.find(
      ({ name }: Rendered) => name === "overrides",
    );
    expect(configurationOf().runtime_config.file).toBe(`${mountPath}/overrides.yaml`);
  });

  it("lets nobody delete logs before their time", () =>
    expect(configurationOf().limits_config.deletion_mode).toBe("disabled"));

  it("makes no stream of a pod's own name", () => {
    const { attributes_config, ignore_defaults } = configurationOf().limits_config.otlp_config.resource_attributes;
    expect(ignore_defaults).toBe(true);
    expect(attributes_config).toHaveLength(1);
    expect(attributes_config[0].action).toBe("index_label");
    expect(
      attributes_config[0].attributes.filter((name: string) => /pod|node|\.job\.|uid|instance/.test(name)),
    ).toEqual([]);
    // more labels than this a stream may not have: upstream's own bound
    expect(attributes_config[0].attributes.length).toBeLessThanOrEqual(15);
  });

  it("lists the store of its schema in its configuration of stores", () => {
    const s3 = configurationOf();
    expect(s3.schema_config.configs).toMatchObject([{ store: "tsdb", schema: "v13", object_store: "s3" }]);
    expect(s3.storage_config.object_store).toEqual({
      s3: { bucket_name: "acme-logs", region: "eu-central-1", endpoint: "s3.eu-central-1.amazonaws.com" },
    });
    const folder = configurationOf(inFolder);
    expect(folder.schema_config.configs).toMatchObject([{ object_store: "filesystem" }]);
    const { mountPath } = setOf(inFolder).template.spec.containers[0].volumeMounts.find(
      ({ name }: Rendered) => name === "data",
    );
    expect(folder.storage_config.object_store).toEqual({ filesystem: { dir: `${mountPath}/objects` } });
  });

  it("proves to the cloud who it is by its account, never by a key", () => {
    const roleArn = "arn:aws:iam::111122223333:role/loki";
    const { objects } = part({ objectStore: { kind: "s3", bucket: "b-b", region: "r", roleArn } });
    expect(find(objects, "ServiceAccount/loki").metadata.annotations).toEqual({
      "eks.amazonaws.com/role-arn": roleArn,
    });
    expect(JSON.stringify(objects)).not.toMatch(/access_key|secret_access/);
  });

  it("finds its peers by the name that the set gives them", () => {
    const [address] = configurationOf().memberlist.join_members;
    const [host, port] = address.split(":");
    const [name, namespace] = host.split(".");
    const service = find(part().objects, `Service/${name}`);
    expect([service.metadata.namespace, service.spec.clusterIP]).toEqual([namespace, "None"]);
    expect(service.spec.ports.map((each: Rendered) => String(each.port))).toContain(port);
    expect(setOf().serviceName).toBe(name);
  });

  it("talks with its own pods and the object store, and with nobody else", () => {
    for (const flow of part().flows) checkFlow(flow);
    expect(part().flows.map(describeFlow)).toEqual([
      "loki/loki-all → loki/loki-all TCP 9095, TCP 7946",
      "loki/loki-all → anywhere TCP 443",
      expect.stringMatching(/^loki\/loki-all → .*169\.254\.170\.23\/32.* TCP 80$/),
    ]);
    expect(part(inFolder).flows.map(describeFlow)).toEqual(["loki/loki-all → loki/loki-all TCP 9095, TCP 7946"]);
    const own = part({ objectStore: { kind: "s3", bucket: "b-b", region: "r", endpoint: "minio.example:9000" } });
    expect(own.flows.map(describeFlow)).toContain("loki/loki-all → anywhere TCP 9000, TCP 443");
  });

  it("tells of itself by alerts of names of their own", () => {
    const names = part().alerts?.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^Loki[A-Z]\w+$/.test(name))).toBe(true);
  });

  it.each<[string, Partial<LokiArgs>, string]>([
    ["two pods", { replicas: 2 }, "loki: replicas is 2, must be a whole number of 3–30: each log is in three pods"],
    [
      "several pods in a folder",
      { ...inFolder, replicas: 3 },
      "loki: replicas is 3, must be a whole number of 1–1: no other pod sees what one keeps in its file system",
    ],
    ["no image", { image: " " }, "loki: image is empty, must be registry/repository:tag@sha256:digest"],
    [
      "logs for no time",
      { limits: { retentionDays: 0 } },
      "loki: limits.retentionDays is 0, must be a whole number of 1–3650",
    ],
    [
      "half a day for a tenant",
      { tenants: { shop: { retentionDays: 0.5 } } },
      "loki: tenants.shop.retentionDays is 0.5, must be a whole number of 1–3650",
    ],
    [
      "a tenant that may send nothing",
      { tenants: { shop: { ingestionMegabytesPerSecond: 0 } } },
      "loki: tenants.shop.ingestionMegabytesPerSecond is 0, must be a whole number of 1–1000",
    ],
    ["a tenant of no name", { tenants: { "Shop A": {} } }, 'loki: tenants is "Shop A", must be a DNS label'],
    ["a small volume", { volumeGiB: 1 }, "loki: volumeGiB is 1, must be a whole number of 5–1000"],
    [
      "little memory",
      { size: { cpuMillicores: 100, memoryMiB: 256 } },
      "loki: size.memoryMiB is 256, must be a whole number of 512–262144",
    ],
  ])("refuses %s", (_, args, message) => expect(() => part(args)).toThrow(message));

  it("waits for no certificate where nobody issues one", () => {
    const { metadata } = find(part({ issuer: { ...required.issuer, awaited: false } }).objects, "Certificate/loki");
    expect(metadata.annotations).toBeUndefined();
  });
});
