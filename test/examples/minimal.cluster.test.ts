/** Used as a package: `examples/minimal`, Fleetwright installed from a package file, and nothing of this checkout. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { loadEnvironment } from "../../stacks/environment";
import { renderedObjects, writeRendered } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";
import { imagesOf } from "../support/images-of";
import { levelsOffBut } from "../support/rules";
import { itWhole } from "../support/whole";
import { InstalledProject, packed } from "./installed-project";

jest.setTimeout(900_000);

const example = join(packageRoot(), "examples", "minimal");
const folder = mkdtempSync(join(tmpdir(), "fw-package-"));
// a team may keep several environments: the shards of `prod` beside `dev`
const project = new InstalledProject(join(packageRoot(), "examples", "prod"), example);
const objects = () => renderedObjects(loadEnvironment("dev", example)).length;

beforeAll(async () => {
  await project.install(await packed(packageRoot(), folder));
});

/** An environment and a stack of it, with little on its cluster: for what is about rules, and not about the example. */
function small(name: string, policy: object = {}): void {
  project.write(`environments/${name}.yaml`, stringify({ ...sandboxEnvironment(), policy }));
  const stack = project.read("Pulumi.dev.yaml").replace("environment: dev", `environment: ${name}`);
  project.write(`Pulumi.${name}.yaml`, stack);
}

/** What refuses in the environment that all refusals are seen in, and how manifests are judged by its rule of the team's own. */
const LEVELS = { ...levelsOffBut("IM-01", "IM-02", "IM-03"), "IM-02": "deny", "XA-01": "deny" };
const CHECK = "npx fleetwright policy check -e guarded -f pod.yaml --rules XA";

/** Whether it runs an image that has no digest. */
const runsWithoutDigest = (object: KubeObject) => imagesOf(object).some((image) => !image.includes("@sha256:"));

/** A program that registers a Pod beside the platform, in a cluster by its identifier. */
const besidePlatform = (clusterIdentifier: string, spec: object) => `
  const platform = require("fleetwright");
  const kubernetes = require("@pulumi/kubernetes");
  module.exports = async () => {
    const outputs = await platform();
    const provider = new kubernetes.Provider("own", {
      kubeconfig: process.env.KUBECONFIG, context: "hub", clusterIdentifier: ${JSON.stringify(clusterIdentifier)},
    });
    const metadata = { name: "own", namespace: "default" };
    new kubernetes.core.v1.Pod("own", { metadata, spec: ${JSON.stringify(spec)} }, { provider });
    return outputs;
  };
`;

/** Deploys an environment to a cluster of the package's own sandbox, looks for changes, and destroys it. */
async function comesAndGoes(environment: string): Promise<void> {
  await project.succeed("npx fleetwright sandbox up hub");
  await project.pulumiSucceeds(environment, "up --yes --skip-preview");
  expect(await project.succeed(`npx fleetwright doctor -e ${environment}`)).not.toContain("MISSING");
  await project.pulumiSucceeds(environment, "preview --expect-no-changes");
  await project.pulumiSucceeds(environment, "destroy --yes");
  const left = await project.pulumiSucceeds(environment, "stack export");
  expect((JSON.parse(left) as { deployment: { resources?: object[] } }).deployment.resources ?? []).toEqual([]);
  await project.succeed("npx fleetwright sandbox down");
}

afterAll(async () => {
  await project.dispose();
  rmSync(folder, { recursive: true });
});

describe("a repository that installs the package", () => {
  it("renders what this checkout renders, file by file", async () => {
    await project.succeed("npx fleetwright render -e dev --out out");
    const files = writeRendered(loadEnvironment("dev", example), join(folder, "out")).map(({ path }) => path);
    expect(files.length).toBeGreaterThan(0);
    const written = readdirSync(join(project.root, "out"), { recursive: true, encoding: "utf8" });
    expect(written.filter((path) => path.endsWith(".yaml")).sort()).toEqual([...files].sort());
    for (const path of files)
      expect(project.read(join("out", path))).toBe(readFileSync(join(folder, "out", path), "utf8"));
  });

  it("judges manifests and runs the rules' own cases", async () => {
    const { exitCode, stdout } = await project.type("npx fleetwright policy check -e dev -f out --json");
    const { summary, results } = JSON.parse(stdout) as {
      summary: object;
      results: { level: string; verdict: string }[];
    };
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ undetermined: 0 });
    expect(results.filter(({ level, verdict }) => level === "deny" && verdict === "deny")).toEqual([]);
    expect(JSON.parse(await project.succeed("npx fleetwright policy test --rules IM --json"))).toMatchObject({
      summary: { failed: 0 },
    });
  });

  it("gets variables that lead to itself, to the package in it and to the cache, and never to this checkout", async () => {
    const printed = await project.succeed("npx fleetwright env dev --json");
    const { variables } = JSON.parse(printed) as { variables: Record<string, string> };
    const inside = (path: string) => join(project.root, path);
    expect(variables).toMatchObject({
      PULUMI_OPTION_POLICY_PACK: inside("node_modules/fleetwright/policies/policy-pack"),
      PULUMI_CONFIG_PASSPHRASE_FILE: inside("node_modules/fleetwright/sandbox/passphrase"),
      KUBECONFIG: inside(".fleetwright/default/kubeconfig"),
    });
    const { PATH, ...others } = variables;
    expect(PATH?.split(":")[0]).not.toContain(packageRoot());
    expect(JSON.stringify(others)).not.toContain(packageRoot());
  });

  // `make test` previews and deploys small environments of it below
  itWhole("previews by plain pulumi with no cluster, judged by the pack in node_modules", async () => {
    const text = await project.pulumiSucceeds("dev", "preview");
    expect(text).toMatch(new RegExp(`objects *: \\{\\s+hub: ${objects()}\\s`));
    expect(text).toContain("fleetwright@v");
    expect(text).toContain("cluster hub cannot be reached");
  });

  // test/examples/prod.test.ts has the same refusals from the rules themselves
  itWhole("is refused at preview of one shard of prod, for the images whose digest is unresolved", async () => {
    // a team's own backend, in the place of a bucket
    const backend = `export PULUMI_BACKEND_URL="file://$PWD/.fleetwright" PULUMI_CONFIG_PASSPHRASE=""`;
    const { exitCode, stdout } = await project.type(
      `${backend}; lines=$(npx fleetwright env prod --stack prod-eu-1) && eval "$lines" && export KUBECONFIG=/nowhere &&
       PULUMI_STACK= pulumi stack init prod-eu-1 --no-select && pulumi preview --non-interactive --color=never`,
    );
    const refused = [...stdout.matchAll(/\[mandatory\] +(\S+) +\((\S+): (\S+)\)/g)].map(
      ([, id, , name]) => `${id} ${name}`,
    );
    const environment = loadEnvironment("prod", join(packageRoot(), "examples", "prod"));
    const expected = renderedObjects(environment)
      .filter(({ cluster, object }) => cluster === "eu-1" && runsWithoutDigest(object))
      .map(({ object: { kind, metadata } }) => `IM-02 eu-1:${kind}/${metadata.namespace}/${metadata.name}`);
    expect({ exitCode, refused: [...new Set(refused)].sort() }).toEqual({
      exitCode: expected.length > 0 ? 1 : 0,
      refused: expected.sort(),
    });
  });

  it("has a component of its own as the how-to page shows it, rendered with the platform", async () => {
    const page = readFileSync(join(packageRoot(), "docs", "how-to", "use-as-a-package.md"), "utf8");
    const [, code = ""] = /```js\n\/\/ components\/status-page\.js\n([\s\S]*?)```/.exec(page) ?? [];
    const image = { repository: "docker.io/acme/status", tag: "v1", digest: "unresolved", digestSource: "none" };
    mkdirSync(join(project.root, "components"));
    project.write("components/status-page.js", code);
    project.write("images.lock.yaml", JSON.stringify({ images: { "status-page": { ...image, date: "2026-11-21" } } }));
    small("own");
    await project.succeed("npx fleetwright render -e own --out own");
    expect(project.read("own/hub/status-page.yaml")).toContain("image: docker.io/acme/status:v1\n");
  });

  it("has a rule of its own as the how-to page begins it: compiled, judging manifests, given to Gatekeeper", async () => {
    await project.succeed("npx fleetwright policy new host-network --id XA-01");
    const { exitCode: tooEarly, stderr } = await project.type("npx fleetwright policy check -f . --rules XA");
    expect([tooEarly, stderr]).toEqual([
      2,
      expect.stringContaining("is not compiled yet: run `fleetwright policy compile`"),
    ]);
    await project.succeed("npx fleetwright policy compile");
    expect(await project.succeed("npx fleetwright policy test --rules XA")).toContain("3 passed, 0 failed");
    project.write(
      "pod.yaml",
      "{ apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { hostNetwork: true, containers: [] } }",
    );
    const check = await project.type("npx fleetwright policy check -f pod.yaml --rules XA --json");
    expect(JSON.parse(check.stdout).results).toMatchObject([
      { id: "XA-01", verdict: "deny", path: "spec.hostNetwork" },
    ]);
    small("guarded", { levels: LEVELS });
    expect((await project.type(CHECK)).exitCode).toBe(3);
    expect(await project.succeed("npx fleetwright explain XA-01 -e guarded")).toContain("level: deny");
    await project.succeed("npx fleetwright render -e guarded --out guarded");
    const rendered = project.read("guarded/hub/gatekeeper.yaml");
    expect(rendered).toContain("  name: fleetwrighthostnetwork\n");
    expect(rendered).toContain("\nkind: FleetwrightHostNetwork\n");
    expect(rendered).toContain("\n  name: xa-01\n");
  });

  // all that is refused, in one preview by the pack of node_modules
  describe("previews by plain pulumi", () => {
    let preview: { readonly exitCode: number | undefined; readonly stdout: string };
    beforeAll(async () => {
      const container = { name: "own", image: "ghcr.io/acme/opa:latest" };
      project.write("index.js", besidePlatform("guarded/hub", { hostNetwork: true, containers: [container] }));
      preview = await project.pulumi("guarded", "preview");
      expect(preview.exitCode).not.toBe(0);
    });
    afterAll(() => project.write("index.js", readFileSync(join(example, "index.js"), "utf8")));

    it("is refused where its environment wants digests", () => {
      expect(preview.stdout).toMatch(/\[mandatory\] +IM-02 .*gatekeeper-audit/);
    });

    it("judges its own component with the platform", () => {
      expect(preview.stdout).toMatch(/fleetwright:components:OwnComponent +hub-status-page +create/);
      expect(preview.stdout).toMatch(/\[mandatory\] +IM-03 .*Deployment\/status\/status-page/);
    });

    it("judges what a team registers beside the platform by the rules of the provider's cluster", () => {
      expect(preview.stdout).toContain("IM-01: spec.containers[0].image is ghcr.io/acme/opa:latest, which moves");
    });

    it("judges by a rule of its own, and not at all while that is not compiled", async () => {
      expect(preview.stdout).toMatch(/\[mandatory\] +XA-01 .*own/);
      const rego = project.read("policies/rules/host-network/rule.rego");
      project.write("policies/rules/host-network/rule.rego", `${rego}\n`);
      const stale = await project.pulumi("guarded", "preview");
      project.write("policies/rules/host-network/rule.rego", rego);
      expect([stale.exitCode === 0, `${stale.stdout}${stale.stderr}`]).toEqual([
        false,
        expect.stringContaining("run `fleetwright policy compile`"),
      ]);
    });
  });

  it("has a rule of its own left open while its environment gives it no parameters", async () => {
    const namespaces = "namespaces: { type: array, items: { type: string } }";
    const schema = `parameters: { type: object, required: [namespaces], properties: { ${namespaces} } }`;
    const meta = "policies/rules/host-network/meta.yaml";
    project.write(meta, `${project.read(meta)}${schema}\n`);
    await project.succeed("npx fleetwright policy compile");
    const open = await project.type(CHECK);
    expect([open.exitCode, open.stdout]).toEqual([
      5,
      expect.stringContaining("0 denied, 1 undetermined (1 refused), 0 allowed"),
    ]);
    small("guarded", { levels: LEVELS, parameters: { "XA-01": { namespaces: ["a"] } } });
    expect((await project.type(CHECK)).exitCode).toBe(3);
    for (const path of ["policies", "pod.yaml", "guarded", "components", "images.lock.yaml"])
      rmSync(join(project.root, path), { recursive: true });
  });

  it("brings a cluster of the package's own sandbox up, finds nothing to change, and destroys it", async () => {
    small("deployed", { levels: levelsOffBut("IM-01") });
    await comesAndGoes("deployed");
  });

  itWhole("does so with the example's own environment", () => comesAndGoes("dev"));

  it("leaves the files of the repository as they are", () => {
    for (const path of ["Pulumi.yaml", "Pulumi.dev.yaml", "index.js", "environments/dev.yaml"]) {
      expect(project.read(path)).toBe(readFileSync(join(example, path), "utf8"));
    }
  });
});
