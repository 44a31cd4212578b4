import { describe, expect, it } from "@jest/globals";
import type { V1Service } from "@kubernetes/client-node";
import { addressChanges, loadBalancerPrefix } from "../../../sandbox/network/load-balancer";

const service = (name: string, type: string, ip?: string, loadBalancerIP?: string): V1Service => ({
  metadata: { name },
  spec: { type, ...(loadBalancerIP ? { loadBalancerIP } : {}) },
  status: { loadBalancer: ip ? { ingress: [{ ip }] } : {} },
});
const changes = (...services: V1Service[]) =>
  addressChanges(services, "192.0.2").map(({ service, address }) => [service.metadata?.name, address]);

describe("the addresses of load balancers", () => {
  it("are the first that are free, each given once", () => {
    expect(
      changes(service("a", "LoadBalancer"), service("b", "LoadBalancer", "192.0.2.1"), service("c", "LoadBalancer")),
    ).toEqual([
      ["a", "192.0.2.2"],
      ["c", "192.0.2.3"],
    ]);
  });

  it("are those asked for, when they are of the range and free", () => {
    expect(
      changes(
        service("a", "LoadBalancer", undefined, "192.0.2.77"),
        service("b", "LoadBalancer", undefined, "192.0.2.77"),
        service("c", "LoadBalancer", undefined, "8.8.8.8"),
      ),
    ).toEqual([
      ["a", "192.0.2.77"],
      ["b", "192.0.2.1"],
      ["c", "192.0.2.2"],
    ]);
  });

  it("are taken from Services that are none any more", () => {
    expect(changes(service("a", "ClusterIP", "192.0.2.1"), service("b", "ClusterIP"))).toEqual([["a", undefined]]);
  });

  it("end with the range", () => {
    const all = Array.from({ length: 254 }, (_, i) => service(`s${i}`, "LoadBalancer", `192.0.2.${i + 1}`));
    expect(changes(...all, service("more", "LoadBalancer"))).toEqual([]);
  });

  it("differ between three clusters, and are nobody's (RFC 5737)", () => {
    expect([0, 1, 2, 3].map(loadBalancerPrefix)).toEqual(["192.0.2", "198.51.100", "203.0.113", "192.0.2"]);
  });
});
