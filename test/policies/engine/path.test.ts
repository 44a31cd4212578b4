import { describe, expect, it } from "@jest/globals";
import { parsePath, printPath, valueAt, withValue } from "../../../policies/engine/path";

describe("field paths", () => {
  it.each([
    ["spec.containers[0].image", ["spec", "containers", 0, "image"]],
    ['metadata.annotations["eks.amazonaws.com/role-arn"]', ["metadata", "annotations", "eks.amazonaws.com/role-arn"]],
    ["parameters.kms-key_id", ["parameters", "kms-key_id"]],
    ["items[1].items[12]", ["items", 1, "items", 12]],
  ])("read and print %s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
    expect(printPath(path)).toBe(text);
  });

  it("says what a field path looks like", () => {
    expect(() => parsePath("spec..a")).toThrow("spec..a is not a field path: write spec.containers[0].image");
  });

  it("replaces a value in a copy, keeps the places of a list, and makes what is missing above it", () => {
    const object = { spec: { containers: [{ image: "a" }, { image: "b" }] } };
    expect(withValue(object, ["spec", "containers", 0, "image"], undefined)).toEqual({
      spec: { containers: [{}, { image: "b" }] },
    });
    expect(withValue(object, ["spec", "containers", 0], undefined)).toEqual({
      spec: { containers: [null, { image: "b" }] },
    });
    expect(withValue({}, ["a", "b"], 1)).toEqual({ a: { b: 1 } });
    expect(valueAt(object, ["spec", "containers", 1, "image"])).toBe("b");
    expect(object.spec.containers[0]?.image).toBe("a");
  });
});
