/**
 * The house, held by a test: which folders there are, who may import whom, how large a file may be, what each component
 * brings along. A rule that is broken says which file breaks it.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../components/package-root";
import { proofLevels } from "../components/proof-levels";
import { filesOf, type Import, importCircle, importsOf, interfaceFields, textOf } from "./support/sources";

/** Every folder at the top, and whose code its code may use. A folder that is not here fails the test below. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  // what a cluster is made of
  components: [],
  // what is allowed; its compiler finds opa through the toolchain
  policies: ["sandbox"],
  // clusters of this machine, and the tools they are made of
  sandbox: ["components"],
  // which clusters
  stacks: ["components", "policies"],
  // when they change
  lifecycle: ["stacks", "components", "policies", "sandbox"],
  // how it is said
  cli: ["lifecycle", "stacks", "components", "policies", "sandbox"],
  // is it so
  proofs: ["cli", "lifecycle", "stacks", "components", "policies", "sandbox"],
  test: ["proofs", "cli", "lifecycle", "stacks", "components", "policies", "sandbox"],
  // no code of ours
  bin: [],
  docs: [],
  environments: [],
  examples: [],
  ".ci": [],
  ".github": [],
};

/** What a clone does not have: installed, built, running. */
const ABSENT_FROM_A_CLONE = ["node_modules", "dist", ".git", ".fleetwright"];

const sources = filesOf(Object.keys(FOLDERS).map((folder) => `${folder}/**/*.ts`));
const imports = importsOf(sources);
const folderOf = (file: string) => file.split("/")[0] ?? "";
const shown = ({ from, to }: Import) => `${from} → ${to}`;

describe("the house", () => {
  it("has no folder whose purpose this test does not know", () => {
    const there = readdirSync(packageRoot(), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = [...Object.keys(FOLDERS), ...ABSENT_FROM_A_CLONE];
    expect(there.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(Object.entries(FOLDERS))("lets %s import nothing of its own beyond %j", (folder, below) => {
    const others = imports.filter(({ from, to }) => folderOf(from) === folder && folderOf(to) !== folder);
    expect(others.filter(({ to }) => !below.includes(folderOf(to))).map(shown)).toEqual([]);
  });

  it("lets only the rules' compiler know the toolchain, and only for its tools", () => {
    const used = imports.filter(({ from, to }) => folderOf(from) === "policies" && folderOf(to) === "sandbox");
    expect(used.map(shown)).toEqual(["policies/compile/tool.ts → sandbox/toolchain/tools.ts"]);
  });

  it("lets the sandbox know of components only where files lie", () => {
    const used = imports.filter(({ from, to }) => folderOf(from) === "sandbox" && folderOf(to) === "components");
    const places = ["components/cache-folder.ts", "components/package-root.ts"];
    expect(used.filter(({ to }) => !places.includes(to)).map(shown)).toEqual([]);
  });

  it("has no imports that lead in a circle", () => {
    expect(importCircle(imports)).toBeUndefined();
    expect(importCircle([...imports, { from: "components/flow.ts", to: "components/cluster-base.ts" }])).toContain(
      "components/cluster-base.ts",
    );
  });

  it("imports only files that exist", () => {
    expect(imports.filter(({ to }) => !existsSync(join(packageRoot(), to))).map(shown)).toEqual([]);
  });
});

describe("components", () => {
  const components = Object.keys(proofLevels());
  const componentOf = (file: string) =>
    components.find((name) => file === `components/${name}.ts` || file.startsWith(`components/${name}/`));

  const KNOW_ALL = ["components/cluster-parts.ts", "components/proof-levels.ts"];

  it("do not know one another: only the table of contents knows them all", () => {
    const within = imports.filter(({ from }) => folderOf(from) === "components");
    const wrong = within.filter(({ from, to }) => {
      const [user, used] = [componentOf(from), componentOf(to)];
      return used !== undefined && used !== user && !KNOW_ALL.includes(from);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it("are all in the table of contents", () => {
    const known = imports.filter(({ from }) => from === "components/cluster-parts.ts").map(({ to }) => to);
    expect(components.filter((name) => !known.includes(`components/${name}.ts`))).toEqual([]);
    const charts = sources.filter(
      (file) => /^components\/[^/]+\.ts$/.test(file) && /extends Chart\b/.test(textOf(file)),
    );
    expect(charts.filter((file) => componentOf(file) === undefined)).toEqual([]);
  });

  it.each(components)("bring a page, a test and reviewed manifests: %s", (name) => {
    expect(filesOf(`docs/components/${name}.md`)).toHaveLength(1);
    expect(filesOf(`test/components/${name}.test.ts`)).toHaveLength(1);
    expect(filesOf([`test/golden/${name}.yaml`, `test/golden/${name}-*.yaml`])).not.toHaveLength(0);
  });

  it("say of every argument what it is", () => {
    const fields = sources
      .filter((file) => folderOf(file) === "components")
      .flatMap((file) => interfaceFields(file, /Args$/).map((field) => ({ ...field, file })));
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter(({ documented }) => !documented).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});

describe("files", () => {
  it("have at most 300 lines, and 350 where tests share a sandbox", () => {
    const lines = (file: string) => textOf(file).trimEnd().split("\n").length;
    // scenarios share a file because they share a sandbox, and a sandbox takes longer to start than to use
    const most = (file: string) => (file.endsWith(".cluster.test.ts") ? 350 : 300);
    expect(sources.filter((file) => lines(file) > most(file)).map((file) => `${file}: ${lines(file)}`)).toEqual([]);
  });

  it("are named by their noun, never by what they are good for", () => {
    const nameless = /(^|[/-])(utils?|helpers?|common|misc|shared|lib)(\.ts$|[/-])/;
    expect(sources.filter((file) => nameless.test(file))).toEqual([]);
  });

  it("switch no type check off, and leave nothing for later", () => {
    const forbidden = [
      /\bas any\b/,
      /:\s*any\b(?!["'`])/,
      /<any>/,
      /\bany\[\]/,
      /@ts-(ignore|nocheck)/,
      /\b(TODO|FIXME|XXX)\b/,
    ];
    const found = sources
      .filter((file) => file !== "test/architecture.test.ts")
      .flatMap((file) =>
        textOf(file)
          .split("\n")
          .flatMap((line, index) =>
            forbidden.some((pattern) => pattern.test(withoutWords(line)))
              ? [`${file}:${index + 1}: ${line.trim()}`]
              : [],
          ),
      );
    expect(found).toEqual([]);
  });

  it("have a test that stands where they stand, if they are a test", () => {
    const orphans = filesOf("test/{cli,components,lifecycle,policies,sandbox,stacks,proofs}/**/*.test.ts").filter(
      (test) => {
        const source = test.replace(/^test\//, "").replace(/(\.cluster)?\.test\.ts$/, "");
        const folder = source.split("/").slice(0, -1).join("/");
        return !existsSync(join(packageRoot(), `${source}.ts`)) && !existsSync(join(packageRoot(), folder));
      },
    );
    expect(orphans).toEqual([]);
  });

  it("name no folder of somebody's machine", () => {
    // `/tmp` inside of a container is upstream's, `/home/kubernetes/bin` is where GKE's nodes look for
    // network plug-ins, and the other homes are those of images
    const places =
      /(?<![\w.}-])\/(work|root|home\/(?!kubernetes\/bin\b|argocd\b|argo-rollouts\b)\w+|Users\/\w+|tmp\/(?!audit\b|k8s-webhook-server\b|kubecache\b)[\w-]+)\b/;
    expect(committed().flatMap((file) => linesWith(file, places))).toEqual([]);
  });

  it("take no package from a place that only one machine can reach", () => {
    const lock = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, { resolved?: string }> };
    const elsewhere = Object.values(lock.packages).filter(({ resolved }) => /^https?:/.test(resolved ?? ""));
    expect(elsewhere).toEqual([]);
    const settings = /(registry\s*=|GOPROXY\s*=|GOFLAGS\s*=|index-url)/;
    expect(
      filesOf([".npmrc", "Makefile", ".ci/**", "**/go.env", ".github/**"]).flatMap((file) => linesWith(file, settings)),
    ).toEqual([]);
  });
});

/** Text files that a clone has, except those that a program wrote. */
function committed(): string[] {
  return filesOf([
    "*",
    "{.ci,.github,bin,cli,components,docs,environments,examples,lifecycle,policies,proofs,sandbox,stacks,test}/**",
  ]).filter((file) => !/\.(wasm|png|sum)$|^package-lock\.json$|^test\/architecture\.test\.ts$/.test(file));
}

function linesWith(file: string, pattern: RegExp): string[] {
  return textOf(file)
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : []));
}

/** A line without comments and strings, where words are words. */
const withoutWords = (line: string) =>
  line
    .replace(/^\s*(\/\/|\/?\*).*$/, "")
    .replace(/\s\/\/ .*$/, "")
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '""');
