import { describe, expect, it } from "@jest/globals";
import { checkFlow, describeFlow, type Flow } from "../../components/flow";
import type { ThanosArgs } from "../../components/thanos";
import { expectGolden } from "../support/golden";
import { file, find, flag, flagsOf, part, podOf, type Rendered, s3, WORKLOADS } from "./thanos/rendered";

describe("Thanos", () => {
  it("renders the reviewed manifests of a sandbox", () => expectGolden("thanos", part().objects));

  it("renders the reviewed manifests with a bucket and spokes", () => expectGolden("thanos-s3", part(s3).objects));

  it("routes what it takes in: the router has a ring and no endpoint of its own, the ingestors have no ring", () => {
    const router = flagsOf("thanos-receive").join(" ");
    expect(router).toContain("--receive.hashrings-file=");
    expect(flag("thanos-receive", "receive.hashrings-algorithm")).toEqual(["ketama"]);
    expect(router).not.toContain("--receive.local-endpoint");
    expect(flagsOf("thanos-receive-ingestor").filter((each) => each.includes("hashring"))).toEqual([]);
  });

  it("keeps each series three times, or as often as there are ingestors", () => {
    const copies = (ingestorReplicas: number) =>
      flag("thanos-receive", "receive.replication-factor", { ingestorReplicas });
    expect([2, 3, 7].map(copies)).toEqual([["2"], ["3"], ["3"]]);
  });

  it("knows every ingestor by the name that its pod keeps", () => {
    const [{ endpoints }] = file("thanos-receive", "hashrings.json", { ingestorReplicas: 4 });
    const objects = part({ ingestorReplicas: 4 }).objects;
    const set = find(objects, "StatefulSet/thanos-receive-ingestor");
    const governing = find(objects, `Service/${set.spec.serviceName}`);
    expect(governing.spec.clusterIP).toBe("None");
    const names = Array.from({ length: set.spec.replicas }, (_, index) => `${set.metadata.name}-${index}`);
    expect(endpoints).toEqual(
      names.map((name) => ({ address: `${name}.${governing.metadata.name}.thanos.svc:10901` })),
    );
  });

  it("takes metrics only from whoever has a certificate of the platform's CA", () => {
    const tls = (end: string) => [
      `--${end}-cert=/etc/thanos/tls/tls.crt`,
      `--${end}-key=/etc/thanos/tls/tls.key`,
      `--${end}-client-ca=/etc/thanos/tls/ca.crt`,
    ];
    expect(flagsOf("thanos-receive")).toEqual(expect.arrayContaining(tls("remote-write.server-tls")));
    for (const name of ["thanos-receive", "thanos-receive-ingestor", "thanos-query", "thanos-store", "thanos-rule"]) {
      expect(flagsOf(name)).toEqual(expect.arrayContaining(tls("grpc-server-tls")));
    }
  });

  it("asks its own parts for one name, and each of their certificates has it", () => {
    expect(flag("thanos-query", "grpc-client-server-name")).toEqual(["thanos.internal"]);
    expect(flag("thanos-receive", "remote-write.client-server-name")).toEqual(["thanos.internal"]);
    const asked = ["thanos-receive-ingestor", "thanos-store", "thanos-rule"];
    for (const name of asked) {
      expect(find(part().objects, `Certificate/${name}`).spec.dnsNames).toContain("thanos.internal");
    }
  });

  it("mounts no Secret that no certificate makes", () => {
    const { objects } = part(s3);
    const made = objects.filter(({ kind }) => kind === "Certificate").map(({ spec }) => (spec as Rendered).secretName);
    const mounted = Object.keys(WORKLOADS).flatMap((name) =>
      (podOf(name, s3).volumes ?? []).flatMap(({ secret }: Rendered) => secret?.secretName ?? []),
    );
    expect(mounted.sort()).toEqual(made.sort());
    expect(mounted).toHaveLength(5);
  });

  it("lets spokes in by the name that its certificate has, from the ranges that are allowed", () => {
    const { flows, objects } = part(s3);
    expect(find(objects, "Certificate/thanos-receive").spec.dnsNames).toContain("ingest.acme.example");
    const service = find(objects, "Service/thanos-receive-ingest");
    expect(service.metadata.annotations).toEqual({ "example.com/kind": "network" });
    expect(service.spec).toMatchObject({
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      ports: [{ port: 19291, targetPort: "remote-write" }],
    });
    const fromOutside = flows.filter(({ from }) => typeof from === "object" && "cidrs" in from);
    expect(fromOutside).toMatchObject([{ from: { cidrs: ["10.0.0.0/8"] }, ports: [{ port: 19291 }] }]);
  });

  it("has no way in from outside where there are no spokes", () => {
    const { flows, objects } = part();
    expect(find(objects, "Service/thanos-receive-ingest")).toBeUndefined();
    expect(flows.filter(({ from }) => typeof from === "object" && "cidrs" in from)).toEqual([]);
    expect(find(objects, "Service/thanos-receive").spec.ports).toMatchObject([{ port: 19291 }]);
  });

  it("shows each query the series of one tenant, whatever it asks for", () => {
    const flags = flagsOf("thanos-query");
    expect(flags).toContain("--query.enforce-tenancy");
    const say = (name: string, header: string, label: string, fallback: string) =>
      [header, label, fallback].map((named) => flag(name, named));
    const same = [["THANOS-TENANT"], ["tenant_id"], ["platform"]];
    expect(say("thanos-query", "query.tenant-header", "query.tenant-label-name", "query.default-tenant-id")).toEqual(
      same,
    );
    for (const name of ["thanos-receive", "thanos-receive-ingestor"]) {
      expect(say(name, "receive.tenant-header", "receive.tenant-label-name", "receive.default-tenant-id")).toEqual(
        same,
      );
    }
    // what rules make has no ingestor to label it
    expect(flag("thanos-rule", "label")).toContain('tenant_id="platform"');
  });

  it("makes one series of its copies: in answers by every label that tells them apart, in the bucket by its own", () => {
    const own = (name: string) =>
      flag(name, "label").flatMap((each) => each.match(/^(\w+)="\$\(POD_NAME\)"$/)?.[1] ?? []);
    expect(own("thanos-receive-ingestor")).toEqual(["receive_replica"]);
    expect(own("thanos-rule")).toEqual(["rule_replica"]);
    expect(flag("thanos-query", "query.replica-label")).toEqual(["receive_replica", "rule_replica", "replica"]);
    expect(flag("thanos-compact", "deduplication.replica-label")).toEqual(["receive_replica"]);
    expect(flag("thanos-rule", "alert.label-drop")).toEqual(["rule_replica"]);
  });

  it("asks every pod that has series, over a port that it listens on", () => {
    const asked = flag("thanos-query", "endpoint");
    expect(asked).toEqual(
      ["thanos-receive-ingestor", "thanos-store", "thanos-rule"].map(
        (name) => `dnssrv+_grpc._tcp.${name}-pods.thanos.svc`,
      ),
    );
    for (const endpoint of asked) {
      const service = find(part().objects, `Service/${endpoint.split(".")[2]}`);
      expect(service.spec.ports).toContainEqual(expect.objectContaining({ name: "grpc", port: 10901 }));
    }
  });

  it("runs one compactor, says why, and deletes later than gateways stop asking", () => {
    expect(find(part().objects, "StatefulSet/thanos-compact").spec.replicas).toBe(1);
    expect(part().departures).toEqual([
      {
        workload: "thanos/thanos-compact",
        departure: "singleReplica",
        reason: expect.stringContaining("two compactors"),
      },
    ]);
    expect(flag("thanos-compact", "delete-delay")).toEqual(["48h"]);
    expect(flag("thanos-store", "ignore-deletion-marks-delay")).toEqual(["24h"]);
  });

  it("keeps metrics for as long as is said, by resolution", () => {
    const args = { retentionDays: { raw: 14, fiveMinutes: 90, oneHour: 400 } };
    const days = ["raw", "5m", "1h"].map((of) => flag("thanos-compact", `retention.resolution-${of}`, args));
    expect(days).toEqual([["14d"], ["90d"], ["400d"]]);
  });

  it("has no credentials of the bucket: pods take its role", () => {
    const store = file("thanos-store", "object-store.yaml", s3);
    expect(store).toEqual({
      type: "S3",
      config: {
        bucket: "acme-metrics",
        region: "eu-central-1",
        endpoint: "s3.eu-central-1.amazonaws.com",
        aws_sdk_auth: true,
      },
    });
    const withRole = part(s3)
      .objects.filter(({ kind }) => kind === "ServiceAccount")
      .filter(({ metadata }) => metadata.annotations)
      .map(({ metadata }) => [metadata.name, metadata.annotations]);
    const role = { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/thanos" };
    expect(withRole).toEqual(
      ["thanos-receive-ingestor", "thanos-store", "thanos-compact", "thanos-rule"].map((name) => [name, role]),
    );
  });

  it("uploads blocks where others find them, and keeps them itself where nobody would", () => {
    const uploads = (name: string, args: Partial<ThanosArgs>) => flag(name, "objstore.config-file", args).length > 0;
    for (const name of ["thanos-receive-ingestor", "thanos-rule"]) {
      expect([uploads(name, s3), uploads(name, {})]).toEqual([true, false]);
      expect([flag(name, "tsdb.retention", s3), flag(name, "tsdb.retention")]).toEqual([["48h"], ["720h"]]);
    }
    expect(file("thanos-store", "object-store.yaml")).toEqual({
      type: "FILESYSTEM",
      config: { directory: "/var/thanos/bucket" },
    });
  });

  it("reaches the bucket and nothing else outside, and never a node's own role", () => {
    const outside = (flow: Flow) => typeof flow.to === "object" && "cidrs" in flow.to;
    expect(part().flows.filter(outside)).toEqual([]);
    const reached = part({ ...s3, ingest: undefined }).flows.filter(outside);
    const pods = ["receive-ingestor", "store", "compact", "rule"];
    expect([...new Set(reached.map(({ from }) => (from as Rendered).pods["app.kubernetes.io/component"]))]).toEqual(
      pods,
    );
    const [everywhere, agent] = reached;
    expect(everywhere).toMatchObject({ to: { except: ["169.254.0.0/16", "fe80::/10"] }, ports: [{ port: 443 }] });
    expect(agent).toMatchObject({ to: { cidrs: ["169.254.170.23/32", "fd00:ec2::23/128"] }, ports: [{ port: 80 }] });
  });

  it("says every flow once, in a sentence", () => {
    const { flows } = part(s3);
    for (const flow of flows) expect(() => checkFlow(flow)).not.toThrow();
    expect(new Set(flows.map(describeFlow)).size).toBe(flows.length);
  });

  it("tells when a cluster falls silent, which no cluster can tell of itself", () => {
    const { groups } = file("thanos-rule", "rules.yaml", s3);
    expect(groups[0].rules.map(({ alert, expr, labels }: Rendered) => [alert, expr, labels])).toEqual([
      ["ClusterSilentHub", 'absent(up{cluster="hub"})', { environment: "dev", team: "platform", severity: "critical" }],
      [
        "ClusterSilentEu1",
        'absent(up{cluster="eu-1"})',
        { environment: "dev", team: "platform", severity: "critical" },
      ],
    ]);
    const [{ rules }] = file("thanos-rule", "rules.yaml", { ...s3, runbookBaseUrl: "https://a.example/alerts" }).groups;
    expect(rules.map(({ annotations }: Rendered) => annotations.runbook_url)).toEqual(
      Array(2).fill("https://a.example/alerts#clustersilent"),
    );
    expect(file("thanos-rule", "alertmanagers.yaml", s3).alertmanagers[0]).toMatchObject({
      scheme: "https",
      static_configs: ["dns+alertmanager-pods.alertmanager.svc:9093"],
      http_config: { tls_config: { server_name: "alertmanager.alertmanager.svc" } },
    });
  });

  it("is measured: every pod is scraped, and alerts name what to do", () => {
    const { alerts = [], scrapeTargets = [] } = part();
    expect(scrapeTargets.map(({ pods, port }) => [pods["app.kubernetes.io/component"], port])).toEqual(
      ["receive", "receive-ingestor", "query", "query-frontend", "store", "compact", "rule"].map((of) => [of, 10902]),
    );
    expect(alerts.length).toBeGreaterThanOrEqual(8);
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  });
});
