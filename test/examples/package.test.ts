/** What `npm pack` puts into the package: all that a run needs, and nothing else. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { readToolchain } from "../../sandbox/toolchain/lock";

interface PackedFile {
  readonly path: string;
  readonly mode: number;
}

let files: readonly PackedFile[] = [];
let packedBytes = Number.NaN;
const paths = () => files.map(({ path }) => path);
const below = (folder: string) => {
  const entries = readdirSync(join(packageRoot(), folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(packageRoot().length + 1));
};

/** Every path of the package matches one of these. */
const KINDS = [
  /^(LICENSE|README\.md|package\.json|images\.lock\.yaml|upstream\.lock\.yaml)$/,
  /^bin\/fleetwright$/,
  /^dist\/(cli|components|lifecycle|policies|sandbox|stacks)\/.+\.(js|d\.ts)$/,
  // what alerts lead to, to be published
  /^docs\/reference\/alerts\.md$/,
  /^policies\/(PulumiPolicy\.yaml|capabilities\.json|exemptions\.yaml|package\.json|policy-pack)$/,
  /^policies\/compiled\/(manifest\.json|rules\.json|policy\.wasm|templates\/[a-z-]+\.yaml)$/,
  /^policies\/lib\/([a-z_]+\.rego|kinds\.yaml)$/,
  /^policies\/rules\/[a-z-]+\/(meta\.yaml|rule\.rego|cases\/[a-z-]+\.yaml)$/,
  /^policies\/graph\/rules\/[a-z-]+\/(meta\.yaml|cases\/[a-z-]+\.yaml)$/,
  /^policies\/tier0\/[a-z-]+\.yaml$/,
  /^sandbox\/(passphrase|stages\/[a-z-]+\.yaml)$/,
  /^sandbox\/toolchain\/(tools\.lock\.yaml|build\/[a-z-]+\/(go\.mod|go\.sum|[a-z_-]+\.go|builder\.yaml|Containerfile))$/,
];

beforeAll(() => {
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [report] = JSON.parse(
    execFileSync("npm", words, { cwd: packageRoot(), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  files = report.files;
  packedBytes = report.size;
}, 60_000);

describe("the package", () => {
  it("has nothing but the compiled program and the files it reads", () => {
    expect(paths().filter((path) => !KINDS.some((kind) => kind.test(path)))).toEqual([]);
  });

  it("has no test, source, source map or state of a build", () => {
    expect(paths().filter((path) => /\.test\.|\.map$|tsbuildinfo|node_modules|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it.each([
    "policies/compiled",
    "policies/lib",
    "policies/rules",
    "policies/graph/rules",
    "policies/tier0",
    "sandbox/stages",
  ])("has all of %s", (folder) => expect(paths()).toEqual(expect.arrayContaining(below(folder))));

  it("has the recipe of every tool that a run builds, the collector's for its image, and no other", () => {
    const recipes = readToolchain().tools.filter(({ name, set }) => set === "core" || name === "otelcol");
    const wanted = [...new Set(recipes.map(({ recipe }) => `sandbox/toolchain/build/${recipe}`))].flatMap(below);
    expect(
      paths()
        .filter((path) => path.startsWith("sandbox/toolchain/build/"))
        .sort(),
    ).toEqual(wanted.sort());
  });

  it("has the compiled form of every source that a run can reach", () => {
    const sources = ["cli", "components", "lifecycle", "policies", "sandbox", "stacks"].flatMap(below);
    const compiled = sources.filter((path) => path.endsWith(".ts")).map((path) => `dist/${path.replace(/ts$/, "js")}`);
    expect(paths()).toEqual(expect.arrayContaining(compiled));
  });

  it("has the passphrase of sandboxes, the pack's own manifest, and the locks", () => {
    expect(paths()).toEqual(
      expect.arrayContaining([
        "sandbox/passphrase",
        "sandbox/toolchain/tools.lock.yaml",
        "policies/PulumiPolicy.yaml",
        "policies/package.json",
        "policies/exemptions.yaml",
        "images.lock.yaml",
        "upstream.lock.yaml",
        "LICENSE",
      ]),
    );
  });

  it("keeps its two programs executable", () => {
    for (const program of ["bin/fleetwright", "policies/policy-pack"]) {
      expect({ program, mode: (files.find(({ path }) => path === program)?.mode ?? 0) & 0o111 }).toEqual({
        program,
        mode: 0o111,
      });
    }
  });

  it("is at most 1.75 MiB to download, the rules and their cases most of it: tools and upstream manifests come on their own", () => {
    expect(packedBytes).toBeLessThan(1.75 * 1024 * 1024);
  });

  it("has the version that its policy pack has", () => {
    const version = (file: string) => JSON.parse(readFileSync(join(packageRoot(), file), "utf8")).version;
    expect(version("policies/package.json")).toBe(version("package.json"));
  });
});
