import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readManifests } from "../../policies/manifests";

describe("readManifests", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-manifests-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const read = (...paths: string[]) => readManifests(paths, () => "");
  const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\n`;
  const names = (objects: readonly { metadata?: unknown }[]) => objects.map(({ metadata }) => Object(metadata).name);

  it("reads every document, empty ones too, and the objects of lists", () => {
    const file = write(
      "a.yaml",
      `---\n# nothing\n---\n${pod("a")}---\n---\napiVersion: v1\nkind: List\nitems:\n  - ${pod("b").trim().replaceAll("\n", "\n    ")}\n`,
    );
    expect(names(read(file).objects)).toEqual(["a", "b"]);
  });

  it("reads folders in alphabetical order, JSON too, and tells what is no object", () => {
    write("b/c.json", JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "c" } }));
    write("a.yml", pod("a"));
    write("values.yaml", "# of a chart\nimage: nginx\n");
    write("node_modules/x.yaml", pod("x"));
    write("notes.txt", "no manifest");
    const { objects, skipped, faults } = read(folder);
    expect(names(objects)).toEqual(["a", "c"]);
    expect(skipped).toEqual([`${join(folder, "values.yaml")}:2`]);
    expect(faults).toEqual([]);
  });

  it("says where each object stands, and whose it is where the file was rendered", () => {
    const own = write("a.yaml", `# Rendered by fleetwright from dev, cluster hub\n${pod("a")}---\n${pod("b")}`);
    const other = write("b.yaml", `\n${pod("c")}`);
    expect(read(own, other).places).toEqual([
      { file: own, line: 2, cluster: "dev/hub" },
      { file: own, line: 6, cluster: "dev/hub" },
      { file: other, line: 2 },
    ]);
  });

  it("reads standard input", () => {
    expect(names(readManifests(["-"], () => pod("in")).objects)).toEqual(["in"]);
  });

  it("reads words as kubectl does, and merge keys", () => {
    const { objects } = read(
      write("a.yaml", "base: &base { b: 2 }\napiVersion: v1\nkind: ConfigMap\ndata:\n  <<: *base\n  a: yes\n"),
    );
    expect(objects[0]?.data).toEqual({ a: true, b: 2 });
  });

  it("lists every fault of every file, each with its line", () => {
    const one = write("one.yaml", `${pod("a")}---\na: [\n---\nkind: Pod\nkind: Pod\napiVersion: v1\n`);
    const two = write("two.yaml", "just: text\n");
    const { faults } = read(one, two, join(folder, "none.yaml"));
    expect(faults.map(({ path }) => path)).toEqual([`${one}:6`, `${one}:8`, `${two}:1`, join(folder, "none.yaml")]);
    expect(faults.at(-2)?.message).toBe("not a Kubernetes object: it has no apiVersion and kind");
    expect(faults.at(-1)?.message).toBe(
      "no such file or folder: name a manifest, a folder of manifests, or - for standard input",
    );
  });

  it("refuses an alias within what it repeats, which no JSON could say", () => {
    const { faults, objects } = read(write("ring.yaml", `${pod("a").trim()}\nspec: &spec { within: *spec }\n`));
    expect(faults.map(({ message }) => message)).toEqual([
      "an alias (*) stands within what it repeats: write out what it stands for",
    ]);
    expect(objects).toEqual([]);
  });

  it("refuses aliases that multiply without bound", () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(", ")}]`,
    );
    const { faults } = read(write("bomb.yaml", `apiVersion: v1\nkind: ConfigMap\na0: &a0 [x]\n${levels.join("\n")}\n`));
    expect(faults.map(({ message }) => message)).toEqual([
      "Excessive alias count indicates a resource exhaustion attack",
    ]);
  });
});
