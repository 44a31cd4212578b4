import { describe, expect, it } from "@jest/globals";
import { nodesOf } from "../../../sandbox/control-plane/nodes";

const place = { name: "hub", region: "local-hub", zones: ["local-hub-a", "local-hub-b", "local-hub-c"] };
const zone = "topology.kubernetes.io/zone";

describe("the nodes of a cluster", () => {
  it("are one per zone, labelled as a cloud's", () => {
    const nodes = nodesOf(place, "v1.35.4");
    expect(nodes.map(({ metadata }) => metadata?.labels?.[zone])).toEqual(place.zones);
    expect(nodes[0]?.metadata).toEqual({
      name: "hub-node-1",
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": "hub-node-1",
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "kwok",
        "topology.kubernetes.io/region": "local-hub",
        "topology.kubernetes.io/zone": "local-hub-a",
      },
    });
  });

  it("keep no pod away", () => {
    expect(nodesOf(place, "v1.35.4").flatMap(({ spec }) => spec?.taints ?? [])).toEqual([]);
  });

  it("are at least three, also in one zone, and one for each of more zones", () => {
    expect(nodesOf({ ...place, zones: ["only"] }, "v1.35.4").map(({ metadata }) => metadata?.labels?.[zone])).toEqual([
      "only",
      "only",
      "only",
    ]);
    expect(nodesOf({ ...place, zones: ["a", "b", "c", "d"] }, "v1.35.4")).toHaveLength(4);
  });
});
