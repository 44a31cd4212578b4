import { describe, expect, it } from "@jest/globals";
import { describeFlow } from "../../components/flow";
import { objectsOf } from "../../components/kube-object";
import { KubeStateMetricsChart, kubeStateMetricsPart } from "../../components/kube-state-metrics";
import { expectGolden } from "../support/golden";

const image = `registry.example/kube-state-metrics:v2.20.0@sha256:${"a".repeat(64)}`;
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const render = () => objectsOf(new KubeStateMetricsChart({ image }));
const find = (kind: string): Rendered => render().find((object) => object.kind === kind);

describe("kube-state-metrics", () => {
  it("renders the reviewed manifests", () => expectGolden("kube-state-metrics", render()));

  it("may list and watch what it is told to tell of, and nothing else", () => {
    const rules: Rendered[] = find("ClusterRole").rules;
    const resources = rules.flatMap((rule) => rule.resources);
    expect(new Set(rules.flatMap((rule) => rule.verbs))).toEqual(new Set(["list", "watch"]));
    const [container] = find("Deployment").spec.template.spec.containers;
    expect(container.args).toContain(`--resources=${resources.sort().join(",")}`);
    expect(resources).not.toContain("secrets");
    expect(resources).not.toContain("configmaps");
  });

  it("tells of other objects than itself", () => {
    const { flows, scrapeTargets } = kubeStateMetricsPart({ image });
    expect(scrapeTargets).toMatchObject([{ port: 8080, tellsOfOthers: true }]);
    expect(flows.map(describeFlow)).toEqual([
      "state-metrics/kube-state-metrics-exporter → api-server TCP 443, TCP 6443",
    ]);
  });

  it("runs once, and says why", () => {
    expect(find("Deployment").spec.replicas).toBe(1);
    expect(kubeStateMetricsPart({ image }).departures?.map(({ departure }) => departure)).toEqual([
      "apiToken",
      "singleReplica",
    ]);
  });

  it.each([
    [{ image: " " }, "kube-state-metrics: image is empty, must be registry/repository:tag@sha256:digest"],
    [{ image, size: { cpuMillicores: 10, memoryMiB: 63 } }, "size.memoryMiB is 63, must be at least 64"],
  ])("refuses %j", (args, sentence) => {
    expect(() => kubeStateMetricsPart(args)).toThrow(sentence);
  });
});
