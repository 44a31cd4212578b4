import { describe, expect, it } from "@jest/globals";
import { type Workload, type WorkloadArgs, workload } from "../../../components/workload";

const required: WorkloadArgs = {
  namespace: "shop",
  name: "cart",
  component: "api",
  image: `registry.example/shop/cart:1.2.3@sha256:${"a".repeat(64)}`,
  size: { cpuMillicores: 50, memoryMiB: 64 },
};
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const ofKind = ({ objects }: Workload, wanted: string): Rendered => objects.find(({ kind }) => kind === wanted);

describe("a workload that grows", () => {
  it("has more pods while they are busy, and leaves their number to its autoscaler", () => {
    const made = workload({ ...required, replicas: 3, autoscaling: { maxReplicas: 9, cpuPercent: 70 } });
    expect(ofKind(made, "Deployment").spec).not.toHaveProperty("replicas");
    expect(ofKind(made, "HorizontalPodAutoscaler").spec).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "cart-api" },
      minReplicas: 3,
      maxReplicas: 9,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
    });
    expect(ofKind(made, "PodDisruptionBudget").spec.maxUnavailable).toBe(1);
    expect(ofKind(workload(required), "HorizontalPodAutoscaler")).toBeUndefined();
  });

  it.each<[string, WorkloadArgs]>([
    [
      "shop/cart-api: autoscaling.maxReplicas is 1, must be a whole number from replicas, 2, to 100",
      { ...required, autoscaling: { maxReplicas: 1, cpuPercent: 80 } },
    ],
    [
      "shop/cart-api: autoscaling.cpuPercent is 0, must be a whole number of 1–100",
      { ...required, autoscaling: { maxReplicas: 3, cpuPercent: 0 } },
    ],
    [
      "shop/cart-api: autoscaling is given for a StatefulSet, must be a Deployment",
      { ...required, kind: "StatefulSet", autoscaling: { maxReplicas: 3, cpuPercent: 80 } },
    ],
  ])("is refused: %s", (message, args) => expect(() => workload(args)).toThrow(message));
});
