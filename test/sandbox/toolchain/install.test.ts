import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { installSet } from "../../../sandbox/toolchain/install";
import type { ToolProgress } from "../../../sandbox/toolchain/progress";
import { installedTools, toolPath } from "../../../sandbox/toolchain/tools";
import { FakeToolchain } from "./fake-toolchain";

let fake: FakeToolchain;
let told: ToolProgress[];
beforeEach(() => {
  fake = new FakeToolchain();
  told = [];
});
afterEach(() => fake.close());

const install = () => installSet("accept", fake.toolchain, (progress) => told.push(progress));

describe("installing a set", () => {
  it("builds the tools of one recipe together, under the pinned settings", async () => {
    expect(await install()).toEqual([
      { tool: "cart", origin: "built" },
      { tool: "cartctl", origin: "built" },
      { tool: "till", origin: "built" },
    ]);
    const settings = "CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly -buildvcs=false";
    expect(fake.calls()).toEqual([
      `build build -v -trimpath -tags=small -ldflags=-s -w -X example.test/cart.Version=1.2.3 -o out/ example.test/cart/v2 example.test/cart/v2/cmd/cartctl ${settings}`,
      `build build -v -trimpath -tags= -ldflags=-s -w -o out/ . ${settings}`,
    ]);
    expect(readFileSync(toolPath("cartctl", fake.toolchain), "utf8")).toBe("cartctl\n");
    expect(readFileSync(toolPath("till", fake.toolchain), "utf8")).toBe("till\n");
  });

  it("tells what is in hand, how many are left and how long that takes", async () => {
    await install();
    expect(told.map(({ phase, tools, left, total, leftSeconds }) => [phase, tools, left, total, leftSeconds])).toEqual([
      ["building", ["cart", "cartctl"], 3, 3, 90],
      ["installed", ["cart", "cartctl"], 1, 3, 30],
      ["building", ["till"], 1, 3, 30],
      ["installed", ["till"], 0, 3, 0],
    ]);
    expect(told[0]?.message).toBe("building cart and cartctl 1.2.3 (0 s; 3 of 3 tools left, about 1 min 30 s)");
    expect(told.at(-1)?.message).toMatch(/^built till 1\.2\.3 \(\d s; all 3 tools\)$/);
  });

  it("does nothing when everything is there", async () => {
    await install();
    told = [];
    fake.noGo();
    expect(await install()).toEqual(["cart", "cartctl", "till"].map((tool) => ({ tool, origin: "cache" })));
    expect(told).toEqual([]);
  });

  it("builds again what was truncated, and nothing else", async () => {
    await install();
    fake.write(toolPath("till", fake.toolchain).slice(fake.root.length), "t");
    expect(() => toolPath("till", fake.toolchain)).toThrow(
      /^till 1\.2\.3 is not installed, or damaged, in .*: `fleetwright sandbox up`/,
    );
    expect(await install()).toEqual([
      { tool: "cart", origin: "cache" },
      { tool: "cartctl", origin: "cache" },
      { tool: "till", origin: "built" },
    ]);
    expect(fake.calls()).toHaveLength(3);
    expect(readFileSync(toolPath("till", fake.toolchain), "utf8")).toBe("till\n");
  });

  it("builds again what the recipe changed", async () => {
    await install();
    fake.write("toolchain/build/till/go.sum", "example.test/a v1.0.0 h1:x\n");
    expect(await install()).toContainEqual({ tool: "till", origin: "built" });
  });

  it("goes on after an interruption with what is left", async () => {
    const halfway = installSet("accept", fake.toolchain, ({ phase }) => {
      if (phase === "installed") fake.go("is interrupted");
    });
    await expect(halfway).rejects.toThrow(
      "till 1.2.3: the build was interrupted (SIGINT); what was already downloaded and compiled is kept, so the same command goes on from there",
    );
    fake.go("builds");
    expect(await install()).toEqual([
      { tool: "cart", origin: "cache" },
      { tool: "cartctl", origin: "cache" },
      { tool: "till", origin: "built" },
    ]);
  });

  it("is done once by two at the same time: the second waits and finds it done", async () => {
    fake.write("go/slowly", "");
    const other: ToolProgress[] = [];
    const [first, second] = await Promise.all([
      install(),
      installSet("accept", fake.toolchain, (progress) => other.push(progress)),
    ]);
    expect(fake.calls()).toHaveLength(2);
    const built = [...(first ?? []), ...(second ?? [])].filter(({ origin }) => origin === "built");
    expect(built.map(({ tool }) => tool).sort()).toEqual(["cart", "cartctl", "till"]);
    const messages = [...told, ...other].map(({ message }) => message);
    expect(messages).toContainEqual(
      expect.stringContaining(`process ${process.pid} installs cart and cartctl 1.2.3: waiting for it`),
    );
    expect(messages).toContainEqual(expect.stringContaining("cart 1.2.3 was installed by another process"));
    expect(readdirSync(join(fake.cache, "tools/.locks"))).toEqual([]);
  });

  it("takes over from a process that was killed", async () => {
    const killed = 2 ** 22 + 1; // above the kernel's highest process number
    fake.write("cache/tools/.locks/cart", JSON.stringify({ pid: killed, started: "1" }));
    fake.write(`cache/tools/.scratch/${killed}-half/cart`, "ca");
    await install();
    expect(installedTools(fake.toolchain)).toHaveLength(3);
    expect(readdirSync(join(fake.cache, "tools/.scratch"))).toEqual([]);
  });

  it("lists no tool whose recipe is not there, as in the package", async () => {
    await install();
    rmSync(join(fake.root, "toolchain/build/till"), { recursive: true });
    const listed = installedTools(fake.toolchain).map(({ tool }) => tool);
    expect(listed).not.toContain("till");
    expect(listed).toContain("cart");
  });

  it("writes nothing into the checkout and leaves no scraps in the cache", async () => {
    await install();
    expect(readdirSync(join(fake.root, "toolchain/build/till")).sort()).toEqual(["go.mod", "go.sum", "main.go"]);
    expect(readdirSync(join(fake.cache, "tools/.scratch"))).toEqual([]);
    expect(readdirSync(join(fake.cache, "tools/cart"))).toHaveLength(1);
  });
});
