import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { experiment } from "../../components/experiment";
import { chaosMeshArgs, chaosTargets } from "../../stacks/chaos-mesh-args";
import { type Environment, EnvironmentError, loadEnvironment, parseEnvironment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";

const root = join(__dirname, "..", "..");
const dev = loadEnvironment("dev", root);
const text = readFileSync(join(root, "environments", "dev.yaml"), "utf8");
const image = (name: string) => `registry.example/${name}`;

/** The faults of the dev environment after one change of its text. */
function faultsAfter(from: RegExp, to: string): string[] {
  expect(text).toMatch(from);
  try {
    parseEnvironment(text.replace(from, to), "environments/dev.yaml", root);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe("Chaos Mesh of an environment", () => {
  it.each<[Environment["purpose"], "managed" | "off" | undefined, boolean]>([
    ["development", undefined, true],
    ["development", "off", false],
    ["production", undefined, false],
    ["production", "managed", true],
    ["production", "off", false],
  ])("is there in %s with management %s: %s", (purpose, management, expected) => {
    const components = { ...dev.components, chaosMesh: { ...dev.components.chaosMesh, management } };
    expect(chaosMeshArgs({ ...dev, purpose, components }, "hub", image) !== undefined).toBe(expected);
  });

  it("lets the namespaces of tenants that opted in be targets, where they are", () => {
    const components = { ...dev.components, chaosMesh: { ...dev.components.chaosMesh, targets: ["catalogue"] } };
    expect(chaosTargets(dev, "hub")).toEqual(["shop", "shop-jobs"]);
    expect(chaosTargets({ ...dev, components }, "hub")).toEqual([]);
    expect(chaosTargets({ ...dev, components }, "east")).toEqual(["catalogue"]);
  });

  it("gives each cluster the experiments that may run there", () => {
    const names = (cluster: string) => chaosMeshArgs(dev, cluster, image)?.experiments.map(({ name }) => name);
    expect(names("hub")).toEqual(["checkout-pod-kill", "checkout-network-delay"]);
    expect(names("east")).toEqual(["checkout-pod-kill", "checkout-network-delay", "checkout-zone-loss"]);
  });

  it("ends an experiment by its objective, asked of the cluster's own Prometheus", () => {
    const [first] = chaosMeshArgs(dev, "hub", image)?.experiments ?? [];
    expect(first).toMatchObject({ durationSeconds: 300, cleanup: { withinSeconds: 300, keepRuns: 3 } });
    expect(first?.abort.query).toContain("istio_request_duration_milliseconds_bucket");
    expect(first?.abort.threshold).toBeGreaterThan(0.001);
    expect(JSON.stringify(first && experiment(first))).toContain("http://prometheus.prometheus.svc:9090/api/v1/query?");
  });

  it("opens the way to Prometheus only where an experiment is declared", () => {
    expect(chaosMeshArgs(dev, "hub", image)?.checks).toBeDefined();
    expect(chaosMeshArgs({ ...dev, experiments: {} }, "hub", image)?.checks).toBeUndefined();
  });

  it("knows who calls webhooks, but where pods do", () => {
    const called = (cloud: "aws" | "gcp" | "local") => {
      const hub = { ...dev.clusters.hub, cloud } as Environment["clusters"][string];
      const environment = { ...dev, clusters: { ...dev.clusters, hub } };
      return chaosMeshArgs(environment, "hub", image)?.experiments[0]?.surroundings.webhookCallers;
    };
    expect([called("aws"), called("gcp")]).toEqual([["127.0.0.1/32"], undefined]);
  });

  it("gives the rules the same bounds", () => {
    const rules = (purpose: Environment["purpose"]) =>
      Object.values(policyParameters({ ...dev, purpose }).clusters)[0]?.rules ?? {};
    expect(rules("development")["CH-01"]?.parameters).toEqual({ maxSeconds: 3600 });
    expect(rules("production")["CH-01"]?.parameters).toEqual({ maxSeconds: 1800 });
    expect(rules("development")["CH-02"]?.parameters).toEqual({ namespaces: ["shop", "shop-jobs"] });
    expect(rules("production")["CH-02"]?.parameters).toEqual({ namespaces: [] });
    expect(rules("development")["CH-03"]?.parameters).toEqual({ maxPercent: 50 });
    expect(rules("production")["CH-03"]?.parameters).toEqual({ maxPercent: 34 });
  });
});

describe("an experiment without a bound", () => {
  it.each<[string, RegExp, string]>([
    ["no abort", /\n {4}abort: slo/, "abort: must be there: nothing would end the experiment before its time"],
    ["no end", /\n {4}duration: 5m/, "duration: must be there: the fault would have no end"],
    [
      "no share",
      /\n {4}blastRadius: \{ percent: 50 \}/,
      "blastRadius: must be there: all of the target's pods would be hit",
    ],
  ])("is refused with %s", (_, line, sentence) => {
    expect(faultsAfter(line, "")).toEqual([`experiments.checkout-pod-kill.${sentence}`]);
  });

  it("is refused with an abort that is none", () => {
    expect(faultsAfter(/abort: slo/, "abort: never")).toEqual([
      "experiments.checkout-pod-kill.abort: must be the word slo, or a query and its threshold",
    ]);
  });
});
