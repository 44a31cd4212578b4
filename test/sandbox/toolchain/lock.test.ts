import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readToolchain } from "../../../sandbox/toolchain/lock";
import { wrapperOf } from "../../../sandbox/toolchain/recipe";
import { toolPath } from "../../../sandbox/toolchain/tools";
import { FakeToolchain } from "./fake-toolchain";

describe("the tool lock", () => {
  const toolchain = readToolchain();

  it("pins what `make up` needs", () => {
    const core = toolchain.tools.filter(({ set }) => set === "core");
    expect(core.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([
      "cert-manager 1.21.2",
      "etcd 3.6.14",
      "gatekeeper 3.23.1",
      "gator 3.23.1",
      "kube-apiserver 1.35.4",
      "kube-controller-manager 1.35.4",
      "kube-scheduler 1.35.4",
      "kubectl 1.35.4",
      "kwok 0.8.0",
      "kwokctl 0.8.0",
      "opa 1.17.1",
      "pulumi 3.259.0",
      "pulumi-language-nodejs 3.259.0",
      "pulumi-resource-kubernetes 4.25.0",
    ]);
  });

  it("promises all of it within 40 minutes on 2 cores, built from nothing", () => {
    const recipes = new Set(toolchain.tools.filter(({ set }) => set === "core").map(({ recipe }) => recipe));
    const seconds = [...recipes].map((recipe) => toolchain.recipes[recipe]?.coldSeconds ?? Number.NaN);
    expect(seconds.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(40 * 60);
  });

  it.each(toolchain.tools)("builds $name from the module version that it names", (tool) => {
    const wrapper = wrapperOf(tool, toolchain);
    const modules = readFileSync(join(wrapper, "go.mod"), "utf8");
    expect(existsSync(join(wrapper, "go.sum"))).toBe(true);
    // these two are published only as pseudo-versions; their version is what the linker stamps
    const stamped = Object.values(toolchain.recipes[tool.recipe]?.stamps ?? {}).map((value) => value.replace(/^v/, ""));
    const required = [...modules.matchAll(/^\t?(?:require )?(\S+) v(\S+)/gm)].filter(([, module]) =>
      `${tool.package}/`.startsWith(`${module}/`),
    );
    const versions =
      tool.package === "." || tool.name === "pulumi-language-nodejs" ? stamped : required.map(([, , v]) => v);
    expect(versions).toContain(tool.moduleVersion ?? tool.version);
  });

  it("has a release that is taken by a tool, at an address that names the tool's version", () => {
    for (const [name, { url }] of Object.entries(toolchain.releases)) {
      const takers = toolchain.tools.filter(({ release }) => release?.name === name);
      expect({ name, takers: takers.length }).not.toEqual({ name, takers: 0 });
      for (const { version } of takers) expect(url).toContain(`v${version}`);
    }
  });
});

describe("a wrong tool lock", () => {
  let fake: FakeToolchain;
  beforeEach(() => {
    fake = new FakeToolchain();
  });
  afterEach(() => fake.close());

  it("is refused with every fault and its path", () => {
    fake.lock({
      recipes: { cart: { coldSeconds: 0 } },
      tools: { till: { set: "core2" }, cartctl: { sets: "core" } },
      releases: { cart: { url: "cart.tar.gz", platforms: { "linux/amd64": { sha256: "abc" }, "plan9/mips": {} } } },
    });
    const fault = () => fake.toolchain;
    expect(fault).toThrow(join(fake.root, "toolchain/tools.lock.yaml"));
    for (const path of [
      "recipes.cart.coldSeconds",
      "tools.till.set",
      "tools.cartctl",
      "releases.cart.url",
      'releases.cart.platforms["linux/amd64"].sha256',
      'releases.cart.platforms["plan9/mips"]',
    ]) {
      expect(fault).toThrow(path);
    }
  });

  it("is refused when a tool names a recipe or a release that is not there", () => {
    fake.lock({ tools: { till: { recipe: "tills" }, cart: { release: { name: "carts" } } } });
    expect(() => fake.toolchain).toThrow('"tills" is not in recipes');
    expect(() => fake.toolchain).toThrow('"carts" is not in releases');
  });

  it("is refused when a release has no checksum, or two", () => {
    const twice = { sha256: "0".repeat(64), sha512: "0".repeat(128) };
    fake.lock({
      releases: { cart: { url: "https://cart.test/", platforms: { "linux/amd64": {}, "linux/arm64": twice } } },
    });
    expect(() => fake.toolchain).toThrow(
      /needs one of sha256, sha512.*linux\/amd64.*needs one of sha256, sha512.*linux\/arm64/s,
    );
  });

  it("names the tools there are when asked for another", () => {
    expect(() => toolPath("cat", fake.toolchain)).toThrow(
      `"cat" is not a pinned tool: ${join(fake.root, "toolchain/tools.lock.yaml")} has cart, cartctl, till`,
    );
  });
});
