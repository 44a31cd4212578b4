import { describe, expect, it } from "@jest/globals";
import { checkPlace } from "../../sandbox/places";

describe("a cluster to be brought up", () => {
  it("is named by a DNS label and has a zone", () => {
    expect(() => checkPlace({ name: "eu-1", zones: ["eu-1a"] })).not.toThrow();
    expect(() => checkPlace({ name: "eu-1" })).not.toThrow();
  });

  it.each(["", "Hub", "a_b", "-hub", "a".repeat(21)])("is refused as '%s'", (name) => {
    expect(() => checkPlace({ name })).toThrow(`the cluster's name is '${name}', must be a DNS label of at most 20`);
  });

  it("is refused without a zone", () => {
    expect(() => checkPlace({ name: "hub", zones: [] })).toThrow("cluster hub: zones is empty, must name at least one");
  });
});
