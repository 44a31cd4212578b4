import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { parseAllDocuments, stringify } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { parseEnvironment } from "../../stacks/environment";
import {
  RenderError,
  render,
  renderedFiles,
  renderedObjects,
  UnwritableError,
  writeRendered,
} from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

const environment = (...clusters: string[]) =>
  parseEnvironment(stringify(sandboxEnvironment(...clusters)), "environments/test.yaml");
const two = environment("hub", "east");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "render-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (path: string) => readFileSync(join(folder, path), "utf8");
const written = () =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .sort();
const documents = (path: string) => parseAllDocuments(text(path)).map((document) => document.toJS() as KubeObject);

describe("render", () => {
  it("writes one file per cluster and component, which together hold every object", () => {
    const files = writeRendered(two, folder);
    expect(files).toEqual(renderedFiles(two));
    expect(written()).toEqual(files.map(({ path }) => path).sort());
    expect(files.map(({ cluster, component }) => join(cluster, `${component}.yaml`))).toEqual(
      files.map(({ path }) => path),
    );
    expect(new Set(files.map(({ cluster }) => cluster))).toEqual(new Set(["hub", "east"]));
    expect(files.reduce((sum, { objects }) => sum + objects, 0)).toBe(renderedObjects(two).length);
  });

  it("writes what kubectl reads as the same objects", () => {
    const one = environment("hub");
    const rendered = render(one);
    for (const { cluster, component, path } of writeRendered(one, folder)) {
      expect(documents(path)).toEqual(rendered.get(cluster)?.get(component));
    }
  });

  it("writes the same bytes again", () => {
    writeRendered(two, folder);
    const before = written().map((path) => text(path));
    writeRendered(two, folder);
    expect(written().map((path) => text(path))).toEqual(before);
  });

  it("removes what an earlier render left, and nothing that anybody else wrote", () => {
    writeRendered(two, folder);
    writeRendered(environment("solo"), folder);
    expect(written().every((path) => path.startsWith("solo"))).toBe(true);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(() => writeRendered(two, folder)).toThrow(RenderError);
    expect(() => writeRendered(two, folder)).toThrow(/holds .*notes\.txt, which no render wrote: nothing was written/);
    expect(existsSync(join(folder, "notes.txt"))).toBe(true);
    expect(written().every((path) => path.startsWith("solo"))).toBe(true);
  });

  it.each([
    ["a file", () => join(folder, "file"), /ENOTDIR|EEXIST/],
    ["below a file", () => join(folder, "file", "below"), /ENOTDIR/],
    ["where nobody may make anything", () => "/proc/fleetwright/out", /ENOENT|EACCES|EROFS/],
  ])("says that it cannot write where the folder is %s, and ends", (_, out, code) => {
    writeFileSync(join(folder, "file"), "mine");
    const write = () => writeRendered(two, out());
    expect(write).toThrow(UnwritableError);
    expect(write).toThrow(`--out is ${out()}, must be a folder that can be written to`);
    expect(write).toThrow(code);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("makes the folder and those above it", () => {
    writeRendered(environment("hub"), join(folder, "a", "b"));
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["hub"]);
  });

  it("puts each object after the namespace it lies in", () => {
    for (const components of render(two).values()) {
      for (const objects of components.values()) {
        const keys = objects.map(keyOf);
        for (const { metadata } of objects) {
          const namespace = keys.indexOf(`/Namespace//${metadata.namespace}`);
          if (namespace >= 0)
            expect(keys.findIndex((key) => key.includes(`/${metadata.namespace}/`))).toBeGreaterThan(namespace);
        }
      }
    }
  });

  it("names the stack in each cluster's mark, and nowhere else", () => {
    const objects = (stack: string) =>
      [...render(two, stack).values()].flatMap((components) => [...components.values()].flat());
    const whole = objects("test").map((object) => JSON.stringify(object));
    const differing = objects("test-hub").filter((object, index) => JSON.stringify(object) !== whole[index]);
    expect(differing.map(keyOf)).toEqual(Array(2).fill("/ConfigMap/fleetwright-system/identity"));
  });
});
