import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import { type Environment, EnvironmentError, loadEnvironment, parseEnvironment } from "../../stacks/environment";
import { faultsAfter, text } from "../support/environment-faults";

describe("environment", () => {
  it("fills in what the file leaves open, by the reference page's defaults", () => {
    const { components, name, file, clusters, adopt }: Environment = loadEnvironment(
      "dev",
      join(__dirname, "..", ".."),
    );
    const gateway = { minReplicas: 2, maxReplicas: 5, serviceAnnotations: {}, sourceRanges: [] };
    expect({ name, file, adopt, role: clusters.east?.role, components }).toEqual({
      name: "dev",
      file: "environments/dev.yaml",
      adopt: false,
      role: "spoke",
      components: {
        gatekeeper: { replicas: 3, auditIntervalSeconds: 600, exemptNamespaces: [] },
        certManager: {
          management: "managed",
          caSecretName: "fleet-ca",
          controllerReplicas: 2,
          webhookReplicas: 3,
        },
        chaosMesh: {
          targets: ["shop"],
          controllerReplicas: 3,
          dnsServerReplicas: 2,
          containerdSocket: "/run/containerd/containerd.sock",
        },
        openTelemetryCollector: {
          management: "managed",
          gatewayReplicas: 2,
          samplerReplicas: 2,
          sampling: { percentage: 10, slowMilliseconds: 2000, decisionWaitSeconds: 30, tracesInMemory: 50_000 },
          ingest: { serviceAnnotations: {}, sourceRanges: [] },
        },
        jaeger: {
          management: "managed",
          collectorReplicas: 2,
          queryReplicas: 2,
          sampling: { defaultTracesPerSecond: 10, services: {} },
        },
        loki: { management: "managed", replicas: 3, volumeGiB: 20, retentionDays: 30, megabytesPerSecond: 4 },
        istio: {
          management: "managed",
          revision: "default",
          minReplicas: 2,
          maxReplicas: 5,
          gateways: { ingress: gateway, egress: gateway, eastWest: gateway },
          egressHosts: [],
        },
        thanos: {
          management: "managed",
          replicas: 2,
          ingestorReplicas: 3,
          localRetentionHours: 48,
          retentionDays: { raw: 30, fiveMinutes: 180, oneHour: 730 },
          storageGiB: { ingestor: 50, store: 10, compact: 100 },
          ingest: { serviceAnnotations: {}, sourceRanges: [] },
        },
        velero: { hourUtc: 2, retentionDays: 30, restores: false },
        nodeHealthCheck: {
          management: "managed",
          remediation: [],
          maxUnhealthy: "1",
          unhealthySeconds: 300,
          replicas: 2,
        },
        verticalPodAutoscaler: { management: "managed", replicas: 2 },
        prometheus: {
          management: "managed",
          replicas: 2,
          retentionDays: 15,
          storageGiB: 50,
          memoryMiB: 2048,
          cpuMillicores: 500,
          kubeletCertificates: "verified",
        },
        alertmanager: {
          management: "managed",
          replicas: 3,
          storageGiB: 1,
          receiversSecretName: "alertmanager-receivers",
          deadMansSwitch: false,
          serviceAnnotations: {},
          sourceRanges: [],
        },
        kubeStateMetrics: { management: "managed", memoryMiB: 256 },
        nodeExporter: { management: "managed" },
        metricsServer: { management: "managed", replicas: 2, kubeletCertificates: "verified" },
        argoCd: { management: "managed", adminGroups: [], serverReplicas: 2, repoServerReplicas: 2 },
        argoRollouts: { management: "managed", replicas: 2 },
        grafana: { management: "managed", secretName: "grafana-admin", storageGiB: 5 },
      },
    });
  });

  it("lists all faults at once, those of shape and those between fields, each with its line", () => {
    const wrong = text
      .replace("role: hub", "role: hubb")
      .replace("team: search", "team: sea")
      .replace("purpose:", "porpoise:");
    expect(() => parseEnvironment(wrong, "environments/dev.yaml")).toThrow(
      [
        "environments/dev.yaml: 5 faults, nothing was changed.",
        "  environments/dev.yaml  purpose: is missing: must be development or production",
        '  environments/dev.yaml:11  clusters.hub.role is "hubb": must be hub or spoke',
        '  environments/dev.yaml:2  porpoise is "development": no such field; fields are spelt exactly as the reference page lists them',
      ].join("\n"),
    );
  });

  it("says where a file is no YAML", () => {
    expect(() => parseEnvironment("clusters: [", "environments/dev.yaml")).toThrow(
      /^environments\/dev.yaml: \d faults?, nothing was changed.\n.*:1 {2}not YAML: /,
    );
  });

  it("refuses a key that stands twice, of which YAML would silently keep one", () => {
    expect(faultsAfter("owner: platform", "owner: platform\nowner: another").join()).toMatch(
      /not YAML: Map keys must be unique/,
    );
  });

  it("refuses an empty file with what is missing, not with a stack trace", () => {
    expect(() => parseEnvironment("", "environments/dev.yaml")).toThrow(EnvironmentError);
  });

  it("says what to do when there is no such environment", () => {
    expect(() => loadEnvironment("nowhere", join(__dirname, "..", ".."))).toThrow(
      "no such file: name an environment of environments/, or give a path",
    );
  });

  it("says of a folder that it is one, and of a file that it may not be read", () => {
    const folder = mkdtempSync(join(tmpdir(), "fw-environment-"));
    try {
      expect(() => loadEnvironment(folder)).toThrow(
        new EnvironmentError(folder, [
          { path: "", value: folder, message: "is a folder: name one of its files, such as environments/dev.yaml" },
        ]),
      );
      const file = join(folder, "dev.yaml");
      writeFileSync(file, text);
      // root may read everything
      const read = jest.spyOn(fs, "readFileSync").mockImplementation(() => {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      });
      expect(() => loadEnvironment(file)).toThrow("cannot be read (EACCES): whoever runs this must be allowed to");
      read.mockRestore();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
