import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import {
  type ArgoRolloutsArgs,
  ArgoRolloutsChart,
  argoRolloutsPart,
  CLUSTER_PROMETHEUS,
} from "../../components/argo-rollouts";
import { type Analysis, clusterAnalysisTemplate } from "../../components/argo-rollouts/analysis";
import { type CanaryArgs, canaryStrategy } from "../../components/argo-rollouts/canary";
import { describeFlow } from "../../components/flow";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { expectGolden } from "../support/golden";

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;

const errors: Analysis = {
  name: "checkout-errors",
  query: 'sum(rate(http_requests_total{pod=~"checkout-{{args.canary-hash}}-.*",code=~"5.."}[2m]))',
  threshold: 0.01,
};

const required: ArgoRolloutsArgs = {
  management: { kind: "managed", image: `registry.example/argo-rollouts:v1.9.1@sha256:${"a".repeat(64)}` },
  tenantNamespaces: ["shop", "shop-jobs"],
};

const render = (args: Partial<ArgoRolloutsArgs> = {}): KubeObject[] =>
  objectsOf(new ArgoRolloutsChart({ ...required, ...args }));
const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

beforeAll(() => ensureUpstream(), 300_000);

describe("Argo Rollouts", () => {
  it("renders the reviewed manifests", () => expectGolden("argo-rollouts", render({ analyses: [errors] })));

  it("leaves the program and its definitions to whoever else installs it, and makes what canaries are judged by", () => {
    const part = argoRolloutsPart({ ...required, management: { kind: "external" }, analyses: [errors] });
    expect(part.objects.map(({ kind }) => kind)).toEqual(["ClusterAnalysisTemplate"]);
    expect([...part.flows, ...part.namespaces, ...(part.alerts ?? [])]).toEqual([]);
  });

  it("writes in tenants' namespaces only", () => {
    const objects: Rendered[] = render();
    const everywhere = objects.filter(({ kind }) => kind === "ClusterRoleBinding");
    expect(everywhere.map(({ roleRef }) => roleRef.name)).toEqual(["argo-rollouts"]);
    const verbs = find(objects, "ClusterRole/argo-rollouts").rules.flatMap(({ verbs: all }: Rendered) => all);
    expect(new Set(verbs)).toEqual(new Set(["get", "list", "watch"]));
    const writers = objects.filter(
      ({ kind, roleRef }) => kind === "RoleBinding" && roleRef.name === "argo-rollouts-canaries",
    );
    expect(writers.map(({ metadata }) => metadata.namespace)).toEqual(["shop", "shop-jobs"]);
  });

  it("binds its roles to the account that its pods have", () => {
    const { spec } = find(render(), "Deployment/argo-rollouts");
    const bindings: Rendered[] = render().filter((object) => "subjects" in object);
    for (const { subjects } of bindings) {
      expect(subjects).toEqual([
        { kind: "ServiceAccount", name: spec.template.spec.serviceAccountName, namespace: "argo-rollouts" },
      ]);
    }
    expect(spec.template.spec.automountServiceAccountToken).toBe(true);
  });

  it("connects to Prometheus only where there is something to ask, by the address in the template", () => {
    const flows = (args: Partial<ArgoRolloutsArgs> = {}) =>
      argoRolloutsPart({ ...required, ...args })
        .flows.map(describeFlow)
        .filter((flow) => flow.includes("9090"));
    expect(flows()).toEqual([]);
    expect(flows({ analyses: [errors] })).toHaveLength(1);
    expect(new URL(CLUSTER_PROMETHEUS.address).port).toBe(String(CLUSTER_PROMETHEUS.port));
  });
});

describe("what a canary is judged by", () => {
  const [metric]: Rendered = (clusterAnalysisTemplate(errors, "http://p:9090").spec as Rendered).metrics;

  it("is the query, asked of the cluster's Prometheus", () => {
    expect(metric.provider).toEqual({ prometheus: { address: "http://p:9090", query: errors.query } });
    expect(metric).toMatchObject({ interval: "60s", count: 5, failureLimit: 1 });
  });

  it("is neither good nor bad without an answer: it then waits for a person", () => {
    const judge = (condition: string, result: readonly number[]) =>
      new Function("result", "isNaN", "len", `return ${condition}`)(
        result,
        Number.isNaN,
        (list: unknown[]) => list.length,
      );
    const verdict = (result: readonly number[]) =>
      [judge(metric.successCondition, result), judge(metric.failureCondition, result)].map(Boolean);
    expect(verdict([])).toEqual([false, false]);
    expect(verdict([Number.NaN])).toEqual([false, false]);
    expect(verdict([0.01])).toEqual([true, false]);
    expect(verdict([0.011])).toEqual([false, true]);
    expect(metric.inconclusiveLimit ?? 0).toBe(0);
  });

  it.each<[string, Partial<Analysis>, string]>([
    ["no query", { query: " " }, "analysis checkout-errors: query is empty"],
    ["no number", { threshold: Number.NaN }, "threshold is NaN"],
    ["too often", { intervalSeconds: 5 }, "intervalSeconds is 5, must be a whole number of 10–3600"],
    ["never", { count: 0 }, "count is 0, must be a whole number of 1–100"],
  ])("is refused with its field and bound: %s", (_, changes, message) => {
    expect(() => clusterAnalysisTemplate({ ...errors, ...changes }, "http://p:9090")).toThrow(message);
  });

  it("has a name of its own", () => {
    expect(() => render({ analyses: [errors, errors] })).toThrow("analyses has checkout-errors twice");
  });
});

describe("a canary", () => {
  const args: CanaryArgs = {
    analyses: ["checkout-errors"],
    virtualService: { name: "checkout", route: "primary" },
    destinationRule: "checkout",
  };
  const steps = (changes: Partial<CanaryArgs> = {}): Rendered[] =>
    (canaryStrategy({ ...args, ...changes }) as Rendered).canary.steps;
  const example: Rendered[] = parseAllDocuments(
    readFileSync(join(packageRoot(), "examples/canary/checkout.yaml"), "utf8"),
  ).map((document) => document.toJS());

  it("takes 5, 25, 50, then 100 percent, and is judged at each", () => {
    expect(steps().map((step) => step.setWeight ?? Object.keys(step)[0])).toEqual(
      [5, 25, 50, 100].flatMap((weight) => [weight, "pause", "analysis"]),
    );
  });

  it("is what the example has", () => {
    const [rollout, service, rule, virtualService] = example;
    expect(rollout.spec.strategy).toEqual(canaryStrategy(args));
    const { host, subsets } = rule.spec;
    expect(host).toBe(`${service.metadata.name}.${service.metadata.namespace}.svc.cluster.local`);
    expect(subsets.map(({ name }: Rendered) => name)).toEqual(["stable", "canary"]);
    const [route] = virtualService.spec.http;
    expect([virtualService.metadata.name, route.name]).toEqual(["checkout", "primary"]);
    expect(route.route.map(({ destination, weight }: Rendered) => [destination.subset, weight])).toEqual([
      ["stable", 100],
      ["canary", 0],
    ]);
  });

  it.each<[string, Partial<CanaryArgs>, string]>([
    ["nothing judges it", { analyses: [] }, "analyses is empty"],
    ["a share that falls", { weights: [25, 5, 100] }, "weights[1] is 5, must be a whole number of 26–100"],
    ["an end that is none", { weights: [5, 50] }, "weights ends with 50, must end with 100"],
    ["a share of more than all", { weights: [5, 101] }, "weights[1] is 101, must be a whole number of 6–100"],
    ["no time", { settleSeconds: -1 }, "settleSeconds is -1"],
  ])("is refused with its field and bound: %s", (_, changes, message) => {
    expect(() => steps(changes)).toThrow(message);
  });
});

describe("arguments", () => {
  it.each<[string, Partial<ArgoRolloutsArgs>, string]>([
    ["one pod", { replicas: 1 }, "replicas is 1, must be a whole number of 2–5"],
    ["no image", { management: { kind: "managed", image: "" } }, "management.image is empty"],
    [
      "no address",
      { prometheus: { ...CLUSTER_PROMETHEUS, address: "prometheus:9090" } },
      'prometheus.address is "prometheus:9090"',
    ],
    ["no namespace", { tenantNamespaces: ["Shop"] }, 'tenantNamespaces is "Shop"'],
  ])("are refused with their field and bound: %s", (_, changes, message) => {
    expect(() => render(changes)).toThrow(message);
  });
});
