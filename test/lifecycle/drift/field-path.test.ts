import { describe, expect, it } from "@jest/globals";
import { isSame, parseStep, type Step, spelt, valueAt } from "../../../lifecycle/drift/field-path";

const pod = {
  metadata: { labels: { "app.kubernetes.io/name": "cart" }, finalizers: ["a", "b"] },
  spec: {
    containers: [
      { name: "proxy", image: "p" },
      { name: "app", image: "a", ports: [{ containerPort: 53, protocol: "UDP" }, { containerPort: 80 }] },
    ],
    tolerations: [{ key: "x" }],
  },
};
const path = (...raws: readonly string[]) => raws.map((raw) => parseStep(raw) as Step);

describe("a path of managedFields", () => {
  it.each<[string, unknown, readonly string[]]>([
    ['metadata.labels["app.kubernetes.io/name"]', "cart", ["f:metadata", "f:labels", "f:app.kubernetes.io/name"]],
    ["spec.containers[name=app].image", "a", ["f:spec", "f:containers", 'k:{"name":"app"}', "f:image"]],
    ['metadata.finalizers["b"]', "b", ["f:metadata", "f:finalizers", 'v:"b"']],
    ["spec.tolerations[0].key", "x", ["f:spec", "f:tolerations", "i:0", "f:key"]],
    [
      "spec.containers[name=app].ports[containerPort=80,protocol=TCP].containerPort",
      80, // what the item leaves out of its key is defaulted
      [
        "f:spec",
        "f:containers",
        'k:{"name":"app"}',
        "f:ports",
        'k:{"containerPort":80,"protocol":"TCP"}',
        "f:containerPort",
      ],
    ],
    ["spec.containers[name=gone].image", undefined, ["f:spec", "f:containers", 'k:{"name":"gone"}', "f:image"]],
  ])("is written %s and leads to %j", (written, value, raws) => {
    expect(spelt(path(...raws))).toBe(written);
    expect(valueAt(pod, path(...raws))).toEqual(value);
  });

  it("has no step for the place itself", () => expect(parseStep(".")).toBeUndefined());
});

describe("two values", () => {
  it.each([
    [{ a: 1, b: null }, { a: 1 }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [[1, 2], [2, 1], false],
    [{ a: {} }, {}, false],
    [0, false, false],
    ["80", 80, false],
    [null, undefined, true],
  ])("%j and %j are the same: %j", (a, b, same) => expect([isSame(a, b), isSame(b, a)]).toEqual([same, same]));
});
