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

  it.each(["123", "on", "1.5"])("takes no name that is no text: %s", (name) => {
    const file = write("a.yaml", pod(name));
    expect(read(file).faults).toMatchObject([
      { path: `${file}:1`, message: expect.stringMatching(/^metadata\.name of a Pod is .* Put it in quotes$/) },
    ]);
    expect(read(write("b.yaml", pod(`"${name}"`))).faults).toEqual([]);
  });

  it("reads a file of kustomize's by its name, and no other that says no kind", () => {
    write("deploy/kustomization.yaml", "resources: [a.yaml]\n");
    write("deploy/values.yaml", "resources: [a.yaml]\n");
    write("parts/kustomization.yml", "kind: Component\nresources: [a.yaml]\n");
    const { objects, skipped } = read(folder);
    expect(objects).toEqual([
      { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: ["a.yaml"] },
      { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Component", resources: ["a.yaml"] },
    ]);
    expect(skipped).toEqual([`${join(folder, "deploy/values.yaml")}:1`]);
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

  // what kubectl makes of them, by `kubectl annotate --local --output json`
  it.each<[string, unknown]>([
    ["e1", "e1"],
    [".", "."],
    ["1:30", "1:30"],
    ["2024-01-01", "2024-01-01"],
    ["0o17", 15],
    ["017", 15],
    ["0o8", "0o8"],
    ["0888", 888],
    ["12e03", 12000],
    ["1_000", 1000],
    ["!!binary aGVsbG8=", "hello"],
  ])("reads %s as kubectl does", (text, expected) => {
    const { objects } = read(write("a.yaml", `apiVersion: v1\nkind: ConfigMap\ndata: { a: ${text} }\n`));
    expect(objects[0]?.data).toEqual({ a: expected });
  });

  it.each([
    ["{ kind: '', metadata: { name: a } }"],
    ["{ kind: null, metadata: { name: a } }"],
    ["{ apiVersion: null, kind: Pod, metadata: { name: a } }"],
  ])("takes the kind and version of a typed list for its item %s", (item) => {
    const { faults, objects } = read(write("a.yaml", `{ apiVersion: v1, kind: PodList, items: [${item}] }\n`));
    expect(faults).toEqual([]);
    expect(objects).toEqual([{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }]);
  });

  it.each([["text"], ["null"], ["{ metadata: { name: a } }"], ["{ apiVersion: 1, kind: Pod }"]])(
    "does not pass over the item %s of a list",
    (item) => {
      const file = write("a.yaml", `{ apiVersion: v1, kind: List, items: [${item}] }\n`);
      expect(read(file).faults).toEqual([
        { path: `${file}:1`, value: null, message: "items[0] is no Kubernetes object: it has no apiVersion and kind" },
      ]);
    },
  );

  it.each<[string, string, string]>([
    [
      "another version of YAML",
      "%YAML 1.2\n---\na: yes\n",
      "%YAML 1.2 is asked for, and kubectl reads 1.1 alone: leave the line out",
    ],
    ["a template", "a: {{ .Values.x }}\n", "a key must be a text: is this a template that was not rendered?"],
    ["a key that stands twice", "a: 1\na: 2\n", 'Map keys must be unique, "a" stands twice'],
    ["nesting without end", `a: ${"[".repeat(20000)}`, "lists and maps are nested too deep to be read"],
    ["nothing", "", "there is no Kubernetes object in it"],
    ["comments alone", "# nothing\n---\n", "there is no Kubernetes object in it"],
  ])("refuses %s by one sentence", (_, text, sentence) => {
    expect(read(write("a.yaml", text)).faults.map(({ message }) => message)).toEqual([sentence]);
  });

  it("reads texts in quotes that go on no deeper than their key, as kubectl does", () => {
    const lines = ["a: 'one", "it''s two'", 'b: "three', '\\"four\\""', "c: five", "d:", "- 'six", "seven'"];
    const text = `apiVersion: v1\nkind: ConfigMap\ndata:\n${lines.map((line) => `  ${line}\n`).join("")}`;
    const { faults, objects } = read(write("a.yaml", text));
    const data = { a: "one it's two", b: 'three "four"', c: "five", d: ["six seven"] };
    expect([faults, objects[0]?.data]).toEqual([[], data]);
  });

  it("reads a map of tens of thousands of keys", () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `  k${index}: v\n`).join("");
    const { faults, objects } = read(write("a.yaml", `apiVersion: v1\nkind: ConfigMap\ndata:\n${lines}`));
    expect([faults, Object.keys(objects[0]?.data as object).length]).toEqual([[], 50_000]);
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
