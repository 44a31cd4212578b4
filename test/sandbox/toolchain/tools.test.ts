import { lstatSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  binDir,
  ensureTools,
  installedTools,
  pulumiHome,
  toolFaults,
  toolPath,
} from "../../../sandbox/toolchain/tools";
import { FakeToolchain } from "./fake-toolchain";

let fake: FakeToolchain;
beforeEach(() => {
  fake = new FakeToolchain();
  const core = (name: string) => ({ version: "3.0.0", set: "core", recipe: "cart", package: `example.test/${name}` });
  const names = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes", "kubectl"];
  fake.lock({ tools: Object.fromEntries(names.map((name) => [name, core(name)])) });
  // what `pulumi plugin install resource kubernetes VERSION --reinstall --file FILE` does, as far as it is relied on
  const plugin = `$PULUMI_HOME/plugins/resource-kubernetes-v$5`;
  fake.write("go/programs/pulumi", `#!/bin/sh\nmkdir -p ${plugin} && cp "$8" ${plugin}/pulumi-resource-kubernetes\n`);
});
afterEach(() => fake.close());

const ensure = () => ensureTools("core", () => {}, fake.toolchain);

describe("the core tools", () => {
  it("come with a home for Pulumi that holds the provider", async () => {
    await ensure();
    const plugin = join(pulumiHome(fake.toolchain), "plugins/resource-kubernetes-v3.0.0/pulumi-resource-kubernetes");
    expect(readFileSync(plugin, "utf8")).toBe("pulumi-resource-kubernetes\n");
  });

  it("come with a folder for PATH, without the provider", async () => {
    await ensure();
    for (const name of ["pulumi", "pulumi-language-nodejs", "kubectl"]) {
      expect(lstatSync(join(binDir(fake.toolchain), name)).ino).toBe(statSync(toolPath(name, fake.toolchain)).ino);
    }
    expect(
      statSync(join(binDir(fake.toolchain), "pulumi-resource-kubernetes"), { throwIfNoEntry: false }),
    ).toBeUndefined();
    expect(statSync(join(binDir(fake.toolchain), "pulumi")).mode & 0o111).toBe(0o111);
  });

  it("are not built or laid out again", async () => {
    await ensure();
    fake.noGo();
    expect(new Set((await ensure()).map(({ origin }) => origin))).toEqual(new Set(["cache"]));
    expect(fake.calls()).toHaveLength(1);
  });

  it("have their home and links repaired", async () => {
    await ensure();
    const plugin = join(pulumiHome(fake.toolchain), "plugins/resource-kubernetes-v3.0.0/pulumi-resource-kubernetes");
    truncateSync(plugin);
    expect(() => pulumiHome(fake.toolchain)).toThrow(
      /^the tools are not installed completely \(.* lacks some\): `fleetwright sandbox up` \(or `make up` in a clone\) installs them$/,
    );
    await ensure();
    expect(readFileSync(plugin, "utf8")).toBe("pulumi-resource-kubernetes\n");
  });

  it("say so when Pulumi refuses the provider", async () => {
    fake.write("go/programs/pulumi", "#!/bin/sh\necho 'error: unknown plugin' >&2\nexit 1\n");
    await expect(ensure()).rejects.toThrow(
      /^pulumi-resource-kubernetes 3\.0\.0 could not be installed in .* \(error: unknown plugin\): delete that folder and try again$/,
    );
  });

  it("are missed by name before they are installed", () => {
    for (const ask of [() => pulumiHome(fake.toolchain), () => binDir(fake.toolchain)]) {
      expect(ask).toThrow("`make up` in a clone) installs them");
    }
    expect(() => toolPath("kubectl", fake.toolchain)).toThrow(
      /^kubectl 3\.0\.0 is not installed, or damaged, in .*\/kubectl: `fleetwright sandbox up` \(or `make up` in a clone\) installs it$/,
    );
    expect(installedTools(fake.toolchain)).toEqual([]);
  });
});

describe("what is installed", () => {
  it("is listed with version, origin and path", async () => {
    await ensure();
    expect(installedTools(fake.toolchain)).toContainEqual({
      tool: "kubectl",
      version: "3.0.0",
      origin: "built",
      path: toolPath("kubectl", fake.toolchain),
    });
    expect(toolPath("kubectl", fake.toolchain)).toMatch(/\/tools\/kubectl\/3\.0\.0-[0-9a-f]{12}\/kubectl$/);
  });

  it("is checked whole on demand: other bytes of the same length and time are found", async () => {
    await ensure();
    expect(await toolFaults("core", fake.toolchain)).toEqual([]);
    const kubectl = toolPath("kubectl", fake.toolchain);
    const middleOfItsMillisecond = (Math.trunc(statSync(kubectl).mtimeMs) + 0.5) / 1000;
    writeFileSync(kubectl, "kubecTl\n");
    utimesSync(kubectl, middleOfItsMillisecond, middleOfItsMillisecond);
    expect(await toolFaults("core", fake.toolchain)).toEqual([
      {
        tool: "kubectl",
        version: "3.0.0",
        message: `kubectl 3.0.0 is no longer what was installed: delete ${dirname(kubectl)} and type \`fleetwright sandbox up\`, which installs it again`,
      },
    ]);
  });

  it("is taken as it is after a saved cache was unpacked with other times", async () => {
    await ensure();
    const kubectl = toolPath("kubectl", fake.toolchain);
    utimesSync(kubectl, 1, 1);
    expect(() => toolPath("kubectl", fake.toolchain)).toThrow("is not installed, or damaged");
    expect(await ensure()).toContainEqual({ tool: "kubectl", origin: "cache" });
    expect(toolPath("kubectl", fake.toolchain)).toBe(kubectl);
  });

  it("is made again when its bytes changed though not its length", async () => {
    await ensure();
    const kubectl = toolPath("kubectl", fake.toolchain);
    writeFileSync(kubectl, "kubecTl\n");
    utimesSync(kubectl, 1, 1);
    expect(await ensure()).toContainEqual({ tool: "kubectl", origin: "built" });
    expect(readFileSync(toolPath("kubectl", fake.toolchain), "utf8")).toBe("kubectl\n");
  });
});
