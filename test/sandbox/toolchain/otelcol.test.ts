import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { readImageLock } from "../../../components/images";
import { readToolchain, toolNamed } from "../../../sandbox/toolchain/lock";

const toolchain = readToolchain();
const text = (file: string) => readFileSync(join(toolchain.folder, "build", "otelcol", file), "utf8");

interface Manifest {
  readonly dist: { readonly version: string };
  readonly [kind: string]: readonly { readonly gomod: string }[] | object;
}

const manifest: Manifest = parse(text("builder.yaml"));
const listed = Object.values(manifest).flatMap((part) =>
  Array.isArray(part) ? part.map(({ gomod }: { gomod: string }) => gomod) : [],
);

describe("the platform's own collector", () => {
  it("has the components of its manifest, in the versions of its manifest", () => {
    const required = text("go.mod")
      .split("\n")
      .map((line) => line.trim());
    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((gomod) => !required.includes(gomod))).toEqual([]);
  });

  it("has no component that its manifest lacks", () => {
    const made = [...text("main.go").matchAll(/^\t+(\w+)\.NewFactory\(\),$/gm)].map(([, name]) => name);
    expect(made.sort()).toEqual(listed.map((gomod) => gomod.split(" ")[0]?.split("/").at(-1)).sort());
  });

  it("reads its configuration from files and variables, from no network", () => {
    expect(manifest.providers).toEqual([
      { gomod: "go.opentelemetry.io/collector/confmap/provider/envprovider v1.58.0" },
      { gomod: "go.opentelemetry.io/collector/confmap/provider/fileprovider v1.58.0" },
    ]);
  });

  it("is of one version wherever that is said: manifest, stamp, tool and image", () => {
    const { version } = toolNamed("otelcol", toolchain);
    expect([
      manifest.dist.version,
      toolchain.recipes.otelcol?.stamps["main.version"],
      readImageLock()["opentelemetry-collector"]?.tag,
    ]).toEqual([version, version, version]);
  });
});
