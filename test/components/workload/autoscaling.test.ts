import { describe, expect, it } from "@jest/globals";
import { type WorkloadArgs, workload } from "../../../components/workload";
import { type Autoscaling, autoscaled } from "../../../components/workload/autoscaling";

const args: WorkloadArgs = {
  namespace: "shop",
  name: "cart",
  component: "api",
  image: "registry.example/cart:1.0",
  size: { cpuMillicores: 50, memoryMiB: 64 },
};
const scaling: Autoscaling = { minReplicas: 2, maxReplicas: 6, cpuPercent: 70 };
const scaled = (changes: Partial<Autoscaling> = {}) => autoscaled(workload(args), { ...scaling, ...changes });
const find = (kind: string) => scaled().objects.find((object) => object.kind === kind);

describe("an autoscaled workload", () => {
  it("has an autoscaler of its Deployment, within its bounds", () =>
    expect(find("HorizontalPodAutoscaler")).toEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "cart-api", namespace: "shop", labels: find("Deployment")?.metadata.labels },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "cart-api" },
        minReplicas: 2,
        maxReplicas: 6,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
      },
    }));

  it("leaves the number of pods to the autoscaler, and changes nothing else", () => {
    const before = workload(args);
    const deployment = before.objects.find(({ kind }) => kind === "Deployment");
    const { replicas, ...spec } = (deployment?.spec ?? {}) as Record<string, unknown>;
    expect(replicas).toBe(2);
    expect(find("Deployment")).toEqual({ ...deployment, spec });
    const others = (objects: typeof before.objects) =>
      objects.filter(({ kind }) => kind !== "Deployment" && kind !== "HorizontalPodAutoscaler");
    expect(others(scaled().objects)).toEqual(others(before.objects));
    expect({ ...scaled(), objects: [] }).toEqual({ ...before, objects: [] });
  });

  it.each<[string, Partial<Autoscaling>, string]>([
    ["one pod", { minReplicas: 1 }, "shop/cart-api: minReplicas is 1, must be a whole number of 2–100"],
    ["fewer than the fewest", { maxReplicas: 1 }, "shop/cart-api: maxReplicas is 1, must be a whole number of 2–100"],
    [
      "all of the CPU and more",
      { cpuPercent: 101 },
      "shop/cart-api: cpuPercent is 101, must be a whole number of 10–100",
    ],
  ])("refuses %s", (_, changes, message) => expect(() => scaled(changes)).toThrow(message));

  it("refuses what keeps state", () =>
    expect(() => autoscaled(workload({ ...args, kind: "StatefulSet" }), scaling)).toThrow(
      "shop/cart-api: has no Deployment, must be one to be scaled",
    ));
});
