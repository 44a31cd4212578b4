import { describe, expect, it } from "@jest/globals";
import { immutableFields, immutablePaths, mustReplace } from "../../components/immutable-fields";
import type { KubeObject } from "../../components/kube-object";

const driver = (spec: object): KubeObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name: "ebs.csi.aws.com" },
  spec,
});

describe("immutable fields", () => {
  it("are listed once per kind, each with the place where the API server decides it", () => {
    const kinds = immutableFields.map(({ group, kind }) => `${group}/${kind}`);
    expect(kinds.filter((kind, index) => kinds.indexOf(kind) < index)).toEqual([]);
    for (const { paths, source } of immutableFields) {
      expect(paths.length).toBeGreaterThan(0);
      expect(source).toMatch(/^k8s\.io\/kubernetes pkg\/apis\/\w+\/validation: \w+$/);
    }
  });

  it("belong to a kind of one group: a custom resource of the same name has none", () => {
    expect(immutablePaths(driver({}))).toEqual(["spec.attachRequired", "spec.volumeLifecycleModes"]);
    expect(immutablePaths({ ...driver({}), apiVersion: "storage.example/v1" })).toEqual([]);
    expect(immutablePaths({ ...driver({}), kind: "CSINode" })).toEqual([]);
  });

  it("of the same kind in a newer version of its API are the same", () => {
    expect(immutablePaths({ ...driver({}), apiVersion: "storage.k8s.io/v2" })).toHaveLength(2);
  });
});

describe("an object must be replaced", () => {
  const live = driver({ attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ["Persistent"] });

  it.each([
    ["a flag", { attachRequired: false }],
    ["a list", { volumeLifecycleModes: ["Persistent", "Ephemeral"] }],
  ])("when %s differs", (_, spec) => {
    expect(mustReplace(driver(spec), live)).toBe(true);
  });

  it("when the live one lacks what is wanted", () => {
    expect(mustReplace(driver({ attachRequired: true }), driver({}))).toBe(true);
  });

  it.each([
    ["nothing differs", { attachRequired: true, volumeLifecycleModes: ["Persistent"] }],
    ["only mutable fields differ", { attachRequired: true, podInfoOnMount: true }],
    ["a field is left to the API server's default", {}],
  ])("not when %s", (_, spec) => {
    expect(mustReplace(driver(spec), live)).toBe(false);
  });

  it("not for its parameters in another order", () => {
    const storageClass = (parameters: object): KubeObject => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "standard" },
      parameters,
    });
    expect(mustReplace(storageClass({ a: "1", b: "2" }), storageClass({ b: "2", a: "1" }))).toBe(false);
    expect(mustReplace(storageClass({ a: "1" }), storageClass({ b: "2", a: "1" }))).toBe(true);
  });
});
