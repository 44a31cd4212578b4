import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { installSet } from "../../../sandbox/toolchain/install";
import { toolPath } from "../../../sandbox/toolchain/tools";
import { FakeToolchain, type GoBehaviour } from "./fake-toolchain";

let fake: FakeToolchain;
beforeEach(() => {
  fake = new FakeToolchain();
});
afterEach(() => fake.close());

const install = () => installSet("accept", fake.toolchain, () => {});

describe("a build that cannot be", () => {
  it("asks for Go where there is none", async () => {
    fake.noGo();
    await expect(install()).rejects.toThrow(
      'cart and cartctl 1.2.3 must be built and no program "go" is on PATH: install Go 1.26.0 or newer (https://go.dev/dl), then try again',
    );
  });

  it.each(["1.25.9", "1.9", "1.26rc1"])(
    "compares Go's version %s with the recipe's number by number",
    async (version) => {
      fake.write("toolchain/build/cart/go.mod", "module fleetwright.test/cart\n\ngo 1.26.1\n");
      fake.go("builds", version);
      await expect(install()).rejects.toThrow(
        `cart and cartctl 1.2.3 must be built with Go 1.26.1 or newer and the "go" on PATH is ${version}: install a newer Go`,
      );
      fake.go("builds", "1.100.0");
      await expect(install()).resolves.toHaveLength(3);
    },
  );

  it("is refused before it starts where the disk is too small for it and all that follows", async () => {
    fake.lock({ recipes: { cart: { coldMiB: 1_000_000_000 }, till: { coldMiB: 1_000_000_000 } } });
    await expect(install()).rejects.toThrow(
      /^cart and cartctl 1\.2\.3 must be built, and .* is on a disk with \d+ MiB free, must have 3000000500 MiB: make room, or set GOCACHE, GOMODCACHE, TMPDIR and FLEETWRIGHT_CACHE to folders on a larger disk, then try again$/,
    );
    expect(fake.calls()).toEqual([]);
  });

  const kept = "what was already downloaded and compiled is kept";
  it.each<[GoBehaviour, RegExp]>([
    [
      "fills the disk",
      new RegExp(
        `^cart and cartctl 1\\.2\\.3 cannot be built: the disk is full \\(.*No space left on device\\): make room, .*; ${kept}$`,
      ),
    ],
    [
      "needs modules",
      new RegExp(
        `^cart and cartctl 1\\.2\\.3 cannot be built: Go could not download its modules \\(go: example\\.test/a@v1\\.0\\.0: .*no such host\\): check the network, or set GOPROXY .*; ${kept}$`,
      ),
    ],
    [
      "gets a wrong module",
      /^cart and cartctl 1\.2\.3 cannot be built: a module does not have the checksum that go\.sum pins \(verifying example\.test\/a@v1\.0\.0: checksum mismatch\): .*"go clean -modcache", then try again$/,
    ],
    [
      "runs out of memory",
      new RegExp(
        `^cart and cartctl 1\\.2\\.3 cannot be built: the compiler was killed, most likely for want of memory .*; ${kept}$`,
      ),
    ],
    [
      "is interrupted",
      new RegExp(
        `^cart and cartctl 1\\.2\\.3: the build was interrupted \\(SIGINT\\); ${kept}, so the same command goes on from there$`,
      ),
    ],
  ])("that %s says what to do", async (behaviour, sentence) => {
    fake.go(behaviour);
    await expect(install()).rejects.toThrow(sentence);
    await expect(install()).rejects.toMatchObject({ name: "ToolError" });
  });

  it("for a fault of the recipe keeps all that Go said", async () => {
    fake.go("meets a compile error");
    const log = join(fake.cache, "tools/cart.log");
    await expect(install()).rejects.toThrow(
      `cart and cartctl 1.2.3 cannot be built: a.go:1:1: undefined: b. All that Go said is in ${log}; this is a fault of the recipe or of the installed Go, please report it with that file`,
    );
    expect(readFileSync(log, "utf8")).toContain("# example.test/a");
  });
});

describe("a main package that embeds files", () => {
  beforeEach(() => {
    fake.write("go/module/cmd/till/schema.json", '{"name":"till","version":"","types":{"a":1}}');
    fake.write("go/module/cmd/till/table.json", '{\n  "kept": "as it is"\n}\n');
    const files = { "schema.json": { version: "1.2.3" }, "table.json": {} };
    fake.lock({ recipes: { till: { embeds: { module: "example.test/till", folder: "cmd/till", files } } } });
  });

  it("gets them from the module, with the released fields set", async () => {
    fake.write("go/embedded/till", "schema.json");
    await install();
    expect(JSON.parse(readFileSync(toolPath("till", fake.toolchain), "utf8"))).toEqual({
      name: "till",
      version: "1.2.3",
      types: { a: 1 },
    });
    expect(fake.calls()).toContain("mod mod download -json example.test/till");
  });

  it("keeps what needs no change byte by byte", async () => {
    fake.write("go/embedded/till", "table.json");
    await install();
    expect(readFileSync(toolPath("till", fake.toolchain), "utf8")).toBe('{\n  "kept": "as it is"\n}\n');
  });
});
