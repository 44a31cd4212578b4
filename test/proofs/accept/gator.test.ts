import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import type { KubeObject } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { policiesPath } from "../../../policies/folder";
import { gator } from "../../../proofs/accept/gator";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../../stacks/environment";
import { renderedObjects } from "../../../stacks/render";

const built = installedTools().find(({ tool }) => tool === "gator");

(built ? describe : describe.skip)("gator on what is rendered (skipped where it is not built)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  const environment = loadEnvironment("dev", packageRoot());
  let objects: readonly KubeObject[];
  beforeAll(async () => {
    await ensureUpstream();
    objects = renderedObjects(environment)
      .filter(({ cluster }) => cluster === "east")
      .map(({ object }) => object);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const judge = (of: readonly KubeObject[]) =>
    gator.judge(built?.path ?? "", { name: "east", objects: of, environment, imageRef: () => "" }, folder);

  it("takes every template and constraint, and denies none of the objects beside them", async () => {
    const verdicts = await judge(objects);
    const constraints = objects.filter(({ apiVersion }) => apiVersion.startsWith("constraints.gatekeeper.sh/"));
    expect(constraints.length).toBeGreaterThan(10);
    expect(verdicts).toHaveLength(2 * constraints.length);
    expect(verdicts.filter(({ message }) => message !== undefined)).toEqual([]);
  });

  it("names the object that a constraint denies, under the constraint", async () => {
    const [workload] = objects.filter(({ kind }) => kind === "Deployment");
    const foreign = structuredClone(workload) as KubeObject & {
      spec: { template: { spec: { containers: { image: string }[] } } };
    };
    for (const container of foreign.spec.template.spec.containers) container.image = "foreign.example/app:1.0";
    const policies = objects.filter(({ apiVersion }) => /^(constraints|templates)\.gatekeeper\.sh\//.test(apiVersion));
    const refused = (await judge([...policies, foreign])).filter(({ message }) => message !== undefined);
    expect(refused.map(({ file }) => file)).toContain("east/gatekeeper/FleetwrightImageRegistry/im-03");
    expect(refused[0]?.message).toContain(`Deployment/${foreign.metadata.namespace}/${foreign.metadata.name}: `);
  });

  it("refuses a template that its engine cannot compile, in its words", async () => {
    const template = parse(readTemplate().replaceAll("violation contains", "violation contians")) as KubeObject;
    const [{ file, message } = { file: "", message: "" }] = await judge([template]);
    expect(file).toBe("east/gatekeeper");
    expect(message).toMatch(/fleetwrightimagetag|rego_parse_error/);
  });
});

const readTemplate = () => readFileSync(policiesPath("compiled", "templates", "image-tag.yaml"), "utf8");
