import { beforeAll, describe, expect, it } from "@jest/globals";
import { checkFlow } from "../../components/flow";
import type { KubeObject } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { type VerticalPodAutoscalerArgs, verticalPodAutoscalerPart } from "../../components/vertical-pod-autoscaler";
import { workload } from "../../components/workload";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

const image = `registry.example/vpa-recommender:1.8.1@sha256:${"a".repeat(64)}`;
const size = { cpuMillicores: 10, memoryMiB: 64 };
const token = { apiToken: "it watches objects" };
const programs = [
  workload({ namespace: "delivery", name: "delivery", component: "controller", image, size, podDepartures: token }),
  workload({ namespace: "delivery", name: "delivery", component: "server", image, size }),
  workload({
    namespace: "delivery",
    name: "delivery",
    component: "busy",
    image,
    size,
    podDepartures: token,
    autoscaling: { maxReplicas: 4, cpuPercent: 80 },
  }),
  workload({
    namespace: "delivery",
    name: "delivery",
    component: "set",
    kind: "StatefulSet",
    image,
    size,
    podDepartures: token,
  }),
  workload({
    namespace: "delivery",
    name: "delivery",
    component: "node",
    kind: "DaemonSet",
    image,
    size,
    podDepartures: token,
  }),
].flatMap(({ objects }) => objects);

const args: VerticalPodAutoscalerArgs = { management: { kind: "managed", image }, objects: programs };
const part = (changed: Partial<VerticalPodAutoscalerArgs> = {}) => verticalPodAutoscalerPart({ ...args, ...changed });
const named = (objects: readonly KubeObject[], kind: string) =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const find = (kind: string): Rendered => part().objects.find((object) => object.kind === kind);

describe("the Vertical Pod Autoscaler", () => {
  it("renders the reviewed manifests", () => expectGolden("vertical-pod-autoscaler", part().objects));

  it("recommends for controllers, not for what another autoscaler scales, what has no token, or what runs per node", () =>
    expect(named(part().objects, "VerticalPodAutoscaler")).toEqual(["delivery-controller", "delivery-set"]));

  it("asks for recommendations in the namespace of what they are for", () => {
    const { metadata, spec } = find("VerticalPodAutoscaler");
    expect(metadata.namespace).toBe("delivery");
    expect(spec.targetRef).toEqual({ apiVersion: "apps/v1", kind: "Deployment", name: "delivery-controller" });
  });

  it("changes nothing: no mode but Off, no updater, no webhook, no right to evict or change a pod", () => {
    const { objects } = part();
    const modes = objects.filter(({ kind }) => kind === "VerticalPodAutoscaler").map(({ spec }) => spec);
    expect(modes).toHaveLength(2);
    for (const spec of modes) expect(spec).toMatchObject({ updatePolicy: { updateMode: "Off" } });
    expect(named(objects, "Deployment")).toEqual(["vertical-pod-autoscaler-recommender"]);
    expect(objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration"))).toEqual([]);
    const writes = find("ClusterRole").rules.filter(({ verbs }: { verbs: string[] }) =>
      verbs.some((verb) => !["get", "list", "watch"].includes(verb)),
    );
    expect(writes.flatMap(({ resources }: { resources: string[] }) => resources)).toEqual([
      "verticalpodautoscalers/status",
      "verticalpodautoscalercheckpoints",
    ]);
  });

  it("elects its leader in its own namespace, by the lease it has rights to", () => {
    const { args: flags } = find("Deployment").spec.template.spec.containers[0];
    expect(flags).toContain("--leader-elect-resource-namespace=vertical-pod-autoscaler");
    const [, lease] = find("Role").rules;
    expect(flags).toContain(`--leader-elect-resource-name=${lease.resourceNames[0]}`);
    expect(JSON.stringify(part().objects)).not.toContain("kube-system");
  });

  it("only asks for recommendations where someone else runs the recommender", () => {
    const external = part({ management: { kind: "external" } });
    expect(new Set(external.objects.map(({ kind }) => kind))).toEqual(new Set(["VerticalPodAutoscaler"]));
    expect([external.namespaces, external.flows, external.scrapeTargets, external.alerts]).toEqual([[], [], [], []]);
  });

  it("says who connects to it", () => {
    for (const flow of part().flows) checkFlow(flow);
    expect(part().scrapeTargets).toEqual([expect.objectContaining({ port: 8942, path: "/metrics" })]);
  });

  it.each([
    [{ replicas: 1 }, "replicas is 1, must be a whole number of 2–5"],
    [{ replicas: 6 }, "replicas is 6"],
    [{ management: { kind: "managed", image: " " } as const }, "management.image is empty"],
  ])("refuses %j", (changed, sentence) => expect(() => part(changed)).toThrow(sentence));
});
