import { describe, expect, it } from "@jest/globals";
import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { hostPrograms } from "../../../sandbox/host-programs";
import { routeTo } from "../../../sandbox/network/service-route";

const program = hostPrograms[0];
if (!program) throw new Error("there is no host program");
const service = (
  ports: { port: number; targetPort?: number | string }[],
  namespace = "gatekeeper-system",
): V1Service => ({
  metadata: { name: "webhook", namespace },
  spec: { clusterIP: "10.0.0.7", ports, selector: { app: "gatekeeper" } },
});
const pod: V1Pod = {
  metadata: { namespace: "gatekeeper-system", labels: { app: "gatekeeper", "pod-template-hash": "1" } },
  spec: {
    containers: [{ name: "manager", args: ["--port=8443"], ports: [{ name: "webhook-server", containerPort: 8443 }] }],
  },
};
const node = { status: { addresses: [{ type: "InternalIP", address: "10.243.0.1" }] } };
const backend = { program, pods: [pod], ports: { webhook: 21_001, health: 21_002 } };
const route = (port: number, services: V1Service[], backends = [backend]) =>
  routeTo("10.0.0.7", port, { services: { items: services }, nodes: { items: [node] } }, backends);

describe("the route to a Service", () => {
  it("leads to the program behind it, by name or number of the pod's port", () => {
    const found = { port: 21_001, program: program.name };
    expect(route(443, [service([{ port: 443, targetPort: "webhook-server" }])])).toEqual(found);
    expect(route(443, [service([{ port: 443, targetPort: 8443 }])])).toEqual(found);
    expect(route(8443, [service([{ port: 8443 }])])).toEqual(found);
  });

  it("knows a listener by the program's default when the pod's arguments are silent", () => {
    expect(route(80, [service([{ port: 80, targetPort: 9090 }])])).toEqual({ port: 21_002, program: program.name });
  });

  it.each([
    ["no Service has the address 10.0.0.7", 443, [], [backend]],
    ["Service gatekeeper-system/webhook has no port 444", 444, [service([{ port: 443 }])], [backend]],
    [
      "no pod of Service gatekeeper-system/webhook is backed by a program of this machine on port 443",
      443,
      [service([{ port: 443, targetPort: "other" }])],
      [backend],
    ],
    [
      "no pod of Service elsewhere/webhook is backed by a program of this machine on port 443",
      443,
      [service([{ port: 443, targetPort: 8443 }], "elsewhere")],
      [backend],
    ],
    [
      "no pod of Service gatekeeper-system/webhook is backed by a program of this machine on port 443",
      443,
      [service([{ port: 443, targetPort: 8443 }])],
      [{ ...backend, pods: [] }],
    ],
  ])("is refused: %s", (refusal, port, services, backends) => {
    expect(route(port, services, backends)).toEqual({ refusal });
  });

  it("is refused to a node, which has no kubelet", () => {
    const cluster = { services: { items: [] }, nodes: { items: [node] } };
    expect(routeTo("10.243.0.1", 10_250, cluster, [backend])).toEqual({
      refusal: "nodes are simulated: no container has a log or a shell, see 'fleetwright sandbox status --json'",
    });
  });
});
