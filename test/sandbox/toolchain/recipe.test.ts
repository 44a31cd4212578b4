import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { toolNamed } from "../../../sandbox/toolchain/lock";
import { recipeHash } from "../../../sandbox/toolchain/recipe";
import { FakeToolchain } from "./fake-toolchain";

let fake: FakeToolchain;
beforeEach(() => {
  fake = new FakeToolchain();
});
afterEach(() => fake.close());

const hashes = () =>
  Object.fromEntries(
    ["cart", "cartctl", "till"].map((name) => [name, recipeHash(toolNamed(name, fake.toolchain), fake.toolchain)]),
  );

describe("the recipe hash", () => {
  it("is twelve hex digits, and another for each tool", () => {
    const { cart, cartctl, till } = hashes();
    expect(new Set([cart, cartctl, till]).size).toBe(3);
    expect([cart, cartctl, till].join(" ")).toMatch(/^([0-9a-f]{12} ?){3}$/);
  });

  it.each<[string, () => unknown]>([
    ["go.mod", () => fake.write("toolchain/build/till/go.mod", "module fleetwright.test/till\n\ngo 1.26.1\n")],
    ["go.sum", () => fake.write("toolchain/build/till/go.sum", "example.test/a v1.0.0 h1:x\n")],
    ["main.go", () => fake.write("toolchain/build/till/main.go", "package main\n\nfunc main() {}\n")],
    ["a new Go file", () => fake.write("toolchain/build/till/extra.go", "package main\n")],
    ["the tags", () => fake.lock({ recipes: { till: { tags: ["small"] } } })],
    ["the stamps", () => fake.lock({ recipes: { till: { stamps: { "example.test/till.Version": "2" } } } })],
    [
      "what is embedded",
      () => fake.lock({ recipes: { till: { embeds: { module: "example.test/till", folder: ".", files: {} } } } }),
    ],
    ["the main package", () => fake.lock({ tools: { till: { package: "example.test/till" } } })],
  ])("changes with %s, for the tools of that recipe alone", (_what, change) => {
    const before = hashes();
    change();
    const after = hashes();
    expect(after.till).not.toBe(before.till);
    expect(after).toMatchObject({ cart: before.cart, cartctl: before.cartctl });
  });

  it.each<[string, () => unknown]>([
    ["the estimates", () => fake.lock({ recipes: { till: { coldSeconds: 31, coldMiB: 2 } } })],
    ["files that a build generated beside the module", () => fake.write("toolchain/build/till/schema.json", "{}")],
  ])("stays with %s", (_what, change) => {
    const before = hashes();
    change();
    expect(hashes()).toEqual(before);
  });
});
