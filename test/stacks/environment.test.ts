import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type Environment, EnvironmentError, loadEnvironment, parseEnvironment } from "../../stacks/environment";

const text = readFileSync(join(__dirname, "..", "..", "environments", "dev.yaml"), "utf8");

/** The faults of the dev environment after one change of its text. */
function faultsAfter(from: string | RegExp, to: string): string[] {
  expect(text).toMatch(from);
  try {
    parseEnvironment(text.replace(from, to), "environments/dev.yaml");
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

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
        gatekeeper: { replicas: 3, auditIntervalSeconds: 60, exemptNamespaces: [] },
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

  it.each([
    [
      "two hubs",
      /east:\n/,
      "east:\n    role: hub\n",
      "clusters: exactly one cluster must have role: hub, hub, east have",
    ],
    [
      "a context used twice",
      /east:\n/,
      "east:\n    context: hub\n",
      "clusters.east.context: clusters hub and east name the same context: each cluster needs its own, or one would be deployed twice",
    ],
    [
      "a zone listed twice",
      "[local-hub-a, local-hub-b",
      "[local-hub-a, local-hub-a",
      "clusters.hub.zones[1]: stands twice in the list",
    ],
    [
      "no default class",
      "default: true",
      "default: false",
      "storageClasses: cluster hub needs exactly one class with default: true, none says so",
    ],
    [
      "an unknown zone",
      "default: true",
      "default: true\n    zones: [mars]",
      "storageClasses.standard.zones[0]: cluster hub has no such zone, its zones are local-hub-a, local-hub-b, local-hub-c",
    ],
    [
      "a class of an unknown cluster",
      "reclaimPolicy: Retain",
      "clusters: [north]",
      "storageClasses.durable.clusters[0]: no such cluster: the environment has hub, east, west",
    ],
    [
      "a zonal class that binds at once",
      "reclaimPolicy: Retain",
      "volumeBindingMode: Immediate",
      "storageClasses.durable.volumeBindingMode: volumes of cluster hub live in one zone: use WaitForFirstConsumer, or a pod may wait for ever in another zone",
    ],
    [
      "a tenant of an unknown team",
      "team: search",
      "team: nobody",
      "tenants.catalogue.team: no such team: teams has platform, payments, search",
    ],
    [
      "a namespace with two owners",
      "catalogue: {",
      "shop: {",
      "tenants.catalogue.namespaces.shop: tenant shop already has this namespace: a namespace has one owner",
    ],
    [
      "a namespace of the platform",
      "catalogue: {",
      "kube-system: {",
      "tenants.catalogue.namespaces.kube-system: is a namespace of Kubernetes or of the platform: choose another name",
    ],
    [
      "a namespace of the mesh",
      "catalogue: {",
      "istio-system: {",
      "tenants.catalogue.namespaces.istio-system: is a namespace of Kubernetes or of the platform: choose another name",
    ],
    [
      "fewer at most than at least",
      "components:\n",
      "components:\n  istio: { gateways: { ingress: { minReplicas: 4, maxReplicas: 3 } } }\n",
      "components.istio.gateways.ingress.maxReplicas: must be at least minReplicas",
    ],
    [
      "a host that is any",
      "components:\n",
      "components:\n  istio: { egressHosts: ['*.example.com'] }\n",
      "components.istio.egressHosts[0]: must be a DNS name of two labels or more, such as api.example.com",
    ],
    [
      "a namespace of the collectors",
      "catalogue: {",
      "opentelemetry-agent: {",
      "tenants.catalogue.namespaces.opentelemetry-agent: is a namespace of Kubernetes or of the platform: choose another name",
    ],
    [
      "a tenant that is called as the platform is",
      "  catalogue:\n",
      "  platform:\n",
      "tenants.platform: is the name under which telemetry that no tenant owns is stored: choose another name",
    ],
    [
      "fewer gateways at most than at least",
      "components:\n",
      "components:\n  openTelemetryCollector: { gatewayReplicas: 4, gatewayMaxReplicas: 3 }\n",
      "components.openTelemetryCollector.gatewayMaxReplicas: must be at least gatewayReplicas: there are never fewer than the fewest",
    ],
    [
      "a quantity that is none",
      'cpu: "4"',
      "cpu: four",
      "tenants.shop.namespaces.shop-jobs.cpu: must be a Kubernetes quantity such as 500m, 4 or 8Gi",
    ],
    [
      "a minor that YAML reads as a number",
      'kubernetes: "1.35"',
      "kubernetes: 1.35",
      "clusters.hub.kubernetes: must be a text",
    ],
    [
      "a registry with a scheme",
      "ghcr.io/acme",
      "https://ghcr.io/acme",
      "images.registries[0]: must be a registry with an optional path, without scheme or trailing slash, such as ghcr.io/acme or docker.io/acme",
    ],
    [
      "a range that is none",
      "10.244.0.0/16",
      "10.244.0.0/99",
      "clusters.hub.network.podCidrs[0]: must be a CIDR such as 10.0.0.0/16",
    ],
    [
      "an escalation to the team itself",
      "escalateTo: platform",
      "escalateTo: payments",
      "teams.payments.alerts.escalateTo: must be another team: teams has platform, search",
    ],
    [
      "a channel without Slack",
      "receiver: slack",
      "receiver: webhook",
      "teams.search.alerts.channel: must be given for receiver slack, and for no other",
    ],
    [
      "a name that every object of JavaScript has, for a team",
      "team: search",
      "team: constructor",
      "tenants.catalogue.team: no such team: teams has platform, payments, search",
    ],
    [
      "the same for a cluster",
      "clusters: [east, west]",
      "clusters: [east, constructor]",
      "tenants.catalogue.clusters[1]: no such cluster: the environment has hub, east, west",
    ],
    [
      "the same for an objective",
      "slo: checkout",
      "slo: constructor",
      "experiments.checkout-pod-kill.slo: no such objective: slos has checkout, kubernetes-api",
    ],
    [
      "a cluster's name of other letters, and says which there may be",
      "  hub:\n",
      "  hüb:\n",
      "clusters.hüb: must be a DNS label (RFC 1123): lower-case letters, digits and '-'",
    ],
    [
      "a zone that no label could have",
      "[local-hub-a, ",
      '["local hub", ',
      "clusters.hub.zones[0]: must be the value of a label: letters, digits, '-', '_' and '.', a letter or digit at both ends",
    ],
    [
      "a registry that would be a user of Docker Hub",
      "ghcr.io/acme",
      "acme",
      "images.registries[0]: must be a registry with an optional path, without scheme or trailing slash, such as ghcr.io/acme or docker.io/acme",
    ],
    [
      "a level of a rule that there is not",
      "components:\n",
      "policy: { levels: { IM-11: deny } }\ncomponents:\n",
      "policy.levels.IM-11: no rule has this id: docs/reference/rules.md lists those there are",
    ],
    ["what is missing", "owner: platform\n", "", "owner: is missing: must be a text"],
    [
      "several documents",
      "owner: platform",
      "---\nowner: platform",
      ": holds several documents: must be one, without --- between its fields",
    ],
    [
      "an alias within what it repeats",
      "owner: platform",
      "owner: &a [*a]",
      ": not usable: its aliases (*) repeat one another without end, write out what they stand for",
    ],
  ])("refuses %s", (_, from, to, fault) => {
    expect(faultsAfter(from, to)).toContain(fault);
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
});
