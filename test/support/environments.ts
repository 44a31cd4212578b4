/** Environment files of tests, as plain values that a test changes where it needs to. */
import { levelsOffBut } from "./rules";

/** Of images, classes and faults: what tests meet; the whole platform is tried by all of them. */
const RULES = [
  "AR-04",
  "CH-01",
  "CH-02",
  "CH-03",
  "CH-04",
  "IM-01",
  "IM-02",
  "IM-03",
  "SC-01",
  "SC-02",
  "SC-03",
  "SC-08",
];

/** An environment of one cluster of the sandbox, `hub` (or others), with one tenant and one storage class. */
export function sandboxEnvironment(...names: readonly string[]) {
  const clusters = names.length > 0 ? names : ["hub"];
  return {
    purpose: "development",
    owner: "platform",
    adopt: false,
    sandbox: { withoutController: ["cert-manager"] },
    ...onlyRules(...RULES),
    // most of a cluster's objects, and nothing that a test of something else needs
    components: {
      ...off(
        "alertmanager",
        "argoCd",
        "argoRollouts",
        "chaosMesh",
        "grafana",
        "istio",
        "jaeger",
        "kubeStateMetrics",
        "loki",
        "metricsServer",
        "nodeExporter",
        "nodeHealthCheck",
        "prometheus",
        "thanos",
        "velero",
        "verticalPodAutoscaler",
      ),
      openTelemetryCollector: { management: "external" },
    },
    clusters: Object.fromEntries(clusters.map((name, index) => [name, cluster(name, index === 0 ? "hub" : "spoke")])),
    storageClasses: { standard: { default: true, reclaimPolicy: "Delete" } },
    images: { registries: ["ghcr.io/acme"] },
    teams: { payments: { group: "acme:payments" } },
    tenants: { shop: { team: "payments", namespaces: { shop: { cpu: "8", memory: "16Gi" } } } },
  };
}

/** The same with one rule, so that there is one template to wait for: for what is about runs of the engine, and not about rules. */
export function oneRuleEnvironment(...names: readonly string[]) {
  return { ...sandboxEnvironment(...names), ...onlyRules("IM-01") };
}

/** As a part of an environment: each rule costs a run of the engine a second or two. */
export const onlyRules = (...ids: readonly string[]) => ({ policy: { levels: levelsOffBut(...ids) } });

const off = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { management: "off" }]));

function cluster(name: string, role: "hub" | "spoke") {
  return {
    role,
    kubernetes: "1.35",
    region: `local-${name}`,
    zones: ["a", "b", "c"].map((letter) => `local-${name}-${letter}`),
    cloud: "local",
    network: {
      name,
      podCidrs: ["10.244.0.0/16"],
      serviceCidrs: ["10.0.0.0/16"],
      apiServerCidrs: ["127.0.0.1/32"],
    },
  };
}
