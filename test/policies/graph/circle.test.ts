import { describe, expect, it } from "@jest/globals";
import { circles } from "../../../policies/graph/circle";

const graph = (edges: Record<string, string>) =>
  new Map(Object.entries(edges).map(([from, to]) => [from, to.split("").filter((node) => node !== "")]));

describe("circles", () => {
  it("are none where every way ends", () => {
    expect(circles(graph({ a: "bc", b: "c", c: "d" }))).toEqual([]);
  });

  it("are shortest, and begin with the node that comes first", () => {
    expect(circles(graph({ a: "b", b: "ca", c: "a" }))).toEqual([
      ["a", "b"],
      ["c", "a", "b"],
    ]);
  });

  it("may have one node", () => {
    expect(circles(graph({ a: "ab", b: "" }))).toEqual([["a"]]);
  });

  it("are each found, whether or not one leads to another", () => {
    expect(circles(graph({ a: "b", b: "a", c: "da", d: "c" }))).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("are found at the end of ways that are longer than a stack is deep", () => {
    const length = 100_000;
    const chain = new Map(Array.from({ length }, (_, index) => [index, [index + 1 < length ? index + 1 : length - 2]]));
    expect(circles(chain)).toEqual([[length - 2, length - 1]]);
  });
});
