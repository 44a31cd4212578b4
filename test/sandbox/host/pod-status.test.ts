import { describe, expect, it } from "@jest/globals";
import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { hostPodStatus } from "../../../sandbox/host/pod-status";

const pod = (status?: V1PodStatus): V1Pod => ({
  metadata: { uid: "0a1b2c3d-0000-0000-0000-000000000000" },
  spec: { containers: [{ name: "manager", image: "gatekeeper" }] },
  ...(status ? { status } : {}),
});
const alive = { running: true, ready: true, restarts: 0, since: new Date(1), reason: undefined };
const dead = { running: false, ready: false, restarts: 2, since: new Date(1), reason: "bind: address in use" };
const condition = (status: V1PodStatus | undefined, type: string) =>
  status?.conditions?.find((candidate) => candidate.type === type)?.status;

describe("the pod of a host program", () => {
  it("is Ready while its process answers", () => {
    const status = hostPodStatus(pod(), "manager", alive);
    expect([status?.phase, condition(status, "Ready"), status?.containerStatuses?.[0]?.ready]).toEqual([
      "Running",
      "True",
      true,
    ]);
  });

  it("is not Ready when the process is dead, and says why", () => {
    const status = hostPodStatus(pod(), "manager", dead);
    expect(condition(status, "Ready")).toBe("False");
    expect(status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 2,
      state: { waiting: { reason: "CrashLoopBackOff", message: "bind: address in use" } },
    });
  });

  it("keeps its address and the time of a condition that stays", () => {
    const first = hostPodStatus(pod(), "manager", alive);
    const second = hostPodStatus(pod(first), "manager", dead);
    expect(second?.podIP).toBe(first?.podIP);
    const scheduled = (status?: V1PodStatus) => status?.conditions?.find(({ type }) => type === "PodScheduled");
    expect(scheduled(second)?.lastTransitionTime).toBe(scheduled(first)?.lastTransitionTime);
  });

  it("is not written again when nothing changed", () => {
    const status = hostPodStatus(pod(), "manager", alive);
    expect(hostPodStatus(pod(status), "manager", alive)).toBeUndefined();
    expect(hostPodStatus(pod(status), "manager", { ...alive, ready: false })).toBeDefined();
  });
});
