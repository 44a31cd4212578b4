import { describe, expect, it } from "@jest/globals";
import { expandLists, isComplete, nameOf } from "../../../policies/engine/match";

describe("expandLists", () => {
  it("gives back an object that is no list", () => {
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };
    expect(expandLists(object)).toEqual([{ object, place: [] }]);
  });

  it("finds the objects of lists in lists, and says where they stand", () => {
    const pod = (name: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { name } });
    const inner = { apiVersion: "v1", kind: "List", items: [pod("b"), null, "text"] };
    expect(expandLists({ apiVersion: "v1", kind: "List", items: [pod("a"), inner] })).toEqual([
      { object: pod("a"), place: ["items", 0] },
      { object: pod("b"), place: ["items", 1, "items", 0] },
    ]);
  });

  it("gives the items of a typed list their kind", () => {
    expect(
      expandLists({ apiVersion: "apps/v1", kind: "DeploymentList", items: [{ metadata: { name: "a" } }] }),
    ).toEqual([
      { object: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } }, place: ["items", 0] },
    ]);
  });

  it("takes a kind that only ends like a list for what it is", () => {
    const object = { apiVersion: "example.com/v1", kind: "AllowList", spec: { items: [] } };
    expect(expandLists(object)).toEqual([{ object, place: [] }]);
  });
});

describe("nameOf", () => {
  it("takes the beginning of a generated name where there is no name", () => {
    expect(nameOf({ apiVersion: "v1", kind: "Pod", metadata: { generateName: "a-" } })).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      namespace: "",
      name: "a-",
    });
  });
});

describe("isComplete", () => {
  it("holds for a rule that judges objects one by one, and for one whose others are there", () => {
    const object = { apiVersion: "v1", kind: "Namespace" };
    expect(isComplete({}, object)).toBe(true);
    expect(isComplete({ joins: ["networkPolicies"] }, object)).toBe(false);
    expect(isComplete({ joins: ["networkPolicies"] }, { ...object, joined: { networkPolicies: [] } })).toBe(true);
  });
});
