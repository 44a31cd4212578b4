import { describe, expect, it } from "@jest/globals";
import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { received } from "../../../policies/pack/values";

describe("received", () => {
  it("leaves out what is not known, keeps the places of a list, and says where", () => {
    const marked = { spec: { containers: [{ name: "app", image: unknownValue }, unknownValue] }, data: unknownValue };
    expect(received(marked)).toEqual({
      value: { spec: { containers: [{ name: "app" }, null] } },
      unknown: [["spec", "containers", 0, "image"], ["spec", "containers", 1], ["data"]],
      secrets: [],
    });
  });

  it("shows secrets in plain, and remembers every text in them", () => {
    const secret = { [specialSigKey]: specialSecretSig, value: { user: "a", keys: ["b", 1] } };
    expect(received({ stringData: secret })).toEqual({
      value: { stringData: { user: "a", keys: ["b", 1] } },
      unknown: [],
      secrets: ["a", "b"],
    });
  });

  it("knows that a secret may be unknown too", () => {
    const secret = { [specialSigKey]: specialSecretSig, value: unknownValue };
    expect(received({ image: secret })).toEqual({ value: {}, unknown: [["image"]], secrets: [] });
  });

  it("keeps nulls, numbers and booleans", () => {
    expect(received({ a: null, b: 1, c: false, d: [] }).value).toEqual({ a: null, b: 1, c: false, d: [] });
  });
});
