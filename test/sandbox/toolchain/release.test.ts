import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { installSet } from "../../../sandbox/toolchain/install";
import type { ToolProgress } from "../../../sandbox/toolchain/progress";
import { installedTools, toolPath } from "../../../sandbox/toolchain/tools";
import { FakeToolchain, platforms } from "./fake-toolchain";

let fake: FakeToolchain;
let told: ToolProgress[];
let requests: string[];
beforeEach(() => {
  fake = new FakeToolchain();
  told = [];
  requests = [];
});
afterEach(async () => {
  delete process.env.FLEETWRIGHT_RELEASES;
  await fake.close();
});

const install = () => installSet("accept", fake.toolchain, (progress) => told.push(progress));
const origins = async () => Object.fromEntries((await install()).map(({ tool, origin }) => [tool, origin]));

/** Publishes files by path; a missing one is 404. */
const publish = (files: Record<string, string | Buffer>) =>
  fake.serve((request, response) => {
    requests.push(request.url ?? "");
    const body = files[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });

/** A .tar.gz of the given texts. */
function archive(files: Record<string, string>): Buffer {
  for (const [path, text] of Object.entries(files)) fake.write(`archive/${path}`, text);
  mkdirSync(join(fake.root, "out"), { recursive: true });
  const file = join(fake.root, "out/archive.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", join(fake.root, "archive"), ...Object.keys(files)]);
  return readFileSync(file);
}

describe("an official release", () => {
  it("is installed when its bytes have the pinned checksum", async () => {
    const origin = await publish({ "/till": "official till" });
    fake.lock({
      releases: { till: { url: `${origin}/till`, platforms: platforms("official till") } },
      tools: { till: { release: { name: "till" } } },
    });
    expect(await origins()).toEqual({ cart: "built", cartctl: "built", till: "release" });
    expect(readFileSync(toolPath("till", fake.toolchain), "utf8")).toBe("official till");
    expect(installedTools(fake.toolchain).find(({ tool }) => tool === "till")?.origin).toBe("release");
  });

  it("in an archive is downloaded once for all its tools, under the project's own names", async () => {
    const arch = process.arch === "x64" ? "x64" : "aarch64";
    const path = `/cart-${process.platform}-${arch}.tar.gz`;
    const bytes = archive({
      [`cart-${arch}/cart`]: "official cart",
      "bin/cartctl": "official cartctl",
      "bin/other": "",
    });
    const origin = await publish({ [path]: bytes });
    fake.lock({
      releases: { cart: { url: `${origin}/cart-{os}-{arch}.tar.gz`, platforms: platforms(bytes, "sha512", arch) } },
      tools: {
        cart: { release: { name: "cart", member: "cart-{arch}/cart" } },
        cartctl: { release: { name: "cart", member: "bin/cartctl" } },
      },
    });
    expect(await origins()).toEqual({ cart: "release", cartctl: "release", till: "built" });
    expect(requests).toEqual([path]);
    expect(readFileSync(toolPath("cart", fake.toolchain), "utf8")).toBe("official cart");
    expect(readFileSync(toolPath("cartctl", fake.toolchain), "utf8")).toBe("official cartctl");
    expect(told.filter(({ phase }) => phase === "downloading")).toHaveLength(1);
    expect(readdirSync(join(fake.cache, "tools/.scratch"))).toEqual([]);
  });

  it("with other bytes is refused, not replaced by a build", async () => {
    const origin = await publish({ "/till": "tampered till" });
    fake.lock({
      releases: { till: { url: `${origin}/till`, platforms: platforms("official till") } },
      tools: { till: { release: { name: "till" } } },
    });
    await expect(install()).rejects.toThrow(
      new RegExp(
        `^till 1\\.2\\.3: ${origin}/till has sha256 [0-9a-f]{64}, must have [0-9a-f]{64}, so nothing of it was installed\\. ` +
          "If a proxy answers in the project's place, try from another network; with FLEETWRIGHT_RELEASES=off the tool is built from its Go modules instead$",
      ),
    );
    expect(() => toolPath("till", fake.toolchain)).toThrow("is not installed");

    process.env.FLEETWRIGHT_RELEASES = "off";
    expect(await origins()).toEqual({ cart: "cache", cartctl: "cache", till: "built" });
    expect(requests).toEqual(["/till"]);
  });

  it("that is gone is built, and its host is asked for the others", async () => {
    const origin = await publish({ "/cartctl": "official cartctl" });
    fake.lock({
      releases: {
        cart: { url: `${origin}/cart`, platforms: platforms("official cart") },
        cartctl: { url: `${origin}/cartctl`, platforms: platforms("official cartctl") },
      },
      tools: { cart: { release: { name: "cart" } }, cartctl: { release: { name: "cartctl" } } },
    });
    expect(await origins()).toEqual({ cart: "built", cartctl: "release", till: "built" });
    expect(told.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`building cart 1.2.3, since ${origin}/cart answers 404 (`),
    );
  });

  it("whose archive lacks the tool is built", async () => {
    const bytes = archive({ "bin/other": "" });
    const origin = await publish({ "/till.tar.gz": bytes });
    fake.lock({
      releases: { till: { url: `${origin}/till.tar.gz`, platforms: platforms(bytes) } },
      tools: { till: { release: { name: "till", member: "bin/till" } } },
    });
    expect(await origins()).toMatchObject({ till: "built" });
    expect(told.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`building till 1.2.3, since ${origin}/till.tar.gz could not be unpacked (`),
    );
  });

  it("from a host that does not answer is given up after 5 s, once per run", async () => {
    const origin = await fake.serve((request) => requests.push(request.url ?? "")); // and never an answer
    fake.lock({
      releases: {
        cart: { url: `${origin}/cart`, platforms: platforms("official cart") },
        cartctl: { url: `${origin}/cartctl`, platforms: platforms("official cartctl") },
        till: { url: `${origin}/till`, platforms: platforms("official till") },
      },
      tools: {
        cart: { release: { name: "cart" } },
        cartctl: { release: { name: "cartctl" } },
        till: { release: { name: "till" } },
      },
    });
    const start = Date.now();
    expect(await origins()).toEqual({ cart: "built", cartctl: "built", till: "built" });
    expect(Date.now() - start).toBeGreaterThanOrEqual(5_000);
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(requests).toEqual(["/cart"]);
    expect(told.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        `building cart and cartctl 1.2.3, since ${new URL(origin).host} did not answer within 5 s (`,
      ),
    );
  }, 15_000);

  it("that cannot be reached, where nothing can be built either, is told with both reasons", async () => {
    const origin = await fake.serve(() => {});
    await fake.unserve();
    fake.lock({
      releases: { cart: { url: `${origin}/cart`, platforms: platforms("official cart") } },
      tools: { cart: { release: { name: "cart" } } },
    });
    fake.noGo();
    await expect(install()).rejects.toThrow(
      /^cart and cartctl 1\.2\.3 must be built and no program "go" is on PATH: .*\. Its official release could not be taken either: 127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED .*\)$/,
    );
  });
});
