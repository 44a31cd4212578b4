import { describe, expect, it } from "@jest/globals";
import { networkFaults } from "../../stacks/network-checks";
import { faultsAfter } from "../support/environment-faults";

const network = (name: string, podCidrs: unknown, serviceCidrs: unknown = ["172.20.0.0/16"]) => ({
  network: { name, podCidrs, serviceCidrs },
});
const faults = (clusters: object) =>
  networkFaults(clusters as Record<string, unknown>).map(({ message, path }) => `${path.join(".")}: ${message}`);

describe("ranges of addresses of an environment", () => {
  it("are not both pods' and Services'", () => {
    expect(faults({ hub: network("a", ["10.0.0.0/8"], ["172.20.0.0/16", "10.96.0.0/16"]) })).toEqual([
      "clusters.hub.network.serviceCidrs.1: overlaps with 10.0.0.0/8 of podCidrs: an address is a pod's or a Service's, give Services a range of their own",
    ]);
    expect(faultsAfter("serviceCidrs: [10.0.0.0/16]", "serviceCidrs: [10.244.0.0/16]")).toEqual([
      "clusters.hub.network.serviceCidrs[0]: overlaps with the same range of podCidrs: an address is a pod's or a Service's, give Services a range of their own",
    ]);
  });

  it("are not shared by pods of two clusters in one network", () => {
    expect(faults({ hub: network("a", ["10.16.0.0/16"]), east: network("a", ["fd00::/64", "10.16.8.0/24"]) })).toEqual([
      "clusters.east.network.podCidrs.1: overlaps with 10.16.0.0/16 of cluster hub, in the same network a: give each its own range, or its own network.name",
    ]);
  });

  it("may be the same in different networks, and of Services in one", () => {
    expect(faults({ hub: network("a", ["10.16.0.0/16"]), east: network("b", ["10.16.0.0/16"]) })).toEqual([]);
    expect(faults({ hub: network("a", ["10.16.0.0/16"]), east: network("a", ["10.17.0.0/16"]) })).toEqual([]);
  });

  it("are passed over where they are none: the schema says so", () => {
    expect(
      faults({ hub: network("a", ["10.0.0.0/99", 7], "10.0.0.0/99"), east: network("a", ["10.0.0.0/99"]) }),
    ).toEqual([]);
    expect(faults({ hub: null, east: { network: [] } })).toEqual([]);
  });

  it.each([
    ["10.244.3.7/16", "must begin at the first address of its range, as 10.244.0.0/16 does"],
    ["0.0.0.0/0", "must not be every address there is: name the range that the cluster gives its own from"],
    ["::/0", "must not be every address there is: name the range that the cluster gives its own from"],
  ])("are refused where pods would have %s", (range, message) => {
    expect(faultsAfter("podCidrs: [10.244.0.0/16]", `podCidrs: ["${range}"]`)).toContain(
      `clusters.hub.network.podCidrs[0]: ${message}`,
    );
  });

  it("may be every address where others come from", () => {
    expect(faultsAfter("components:\n", "components:\n  alertmanager: { sourceRanges: [0.0.0.0/0] }\n")).toEqual([]);
  });
});
