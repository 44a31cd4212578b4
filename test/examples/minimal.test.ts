/** A team's own repository: how little it is, and what it becomes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { check } from "../../policies/check";
import { loadEnvironment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { renderedObjects } from "../../stacks/render";
import { expectGolden } from "../support/golden";
import { renderedSummary } from "./rendered-summary";

const project = join(packageRoot(), "examples", "minimal");
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

beforeAll(() => ensureUpstream(), 60_000);

describe("examples/minimal", () => {
  it("is a package, a project, a stack, an environment, and a program of one line", () => {
    const files = readdirSync(project).filter((name) => name !== "node_modules" && name !== ".fleetwright");
    expect(files.sort()).toEqual(
      [".gitignore", "Pulumi.dev.yaml", "Pulumi.yaml", "README.md", "environments", "index.js", "package.json"].sort(),
    );
    expect(readFileSync(join(project, "index.js"), "utf8")).toBe('module.exports = require("fleetwright");\n');
  });

  it("depends on this version and on nothing else", () => {
    const { name, version } = json(join(packageRoot(), "package.json"));
    expect(json(join(project, "package.json")).dependencies).toEqual({ [name]: version });
  });

  it("becomes one cluster with all components, of which no rule refuses anything", () => {
    const environment = loadEnvironment("dev", project);
    const rendered = renderedObjects(environment);
    expectGolden("examples/minimal", renderedSummary(rendered));
    const { results, summary } = check(
      rendered.map(({ object }) => object),
      { parameters: {}, environment: policyParameters(environment) },
    );
    expect(results.filter(({ verdict, level }) => verdict === "deny" && level === "deny")).toEqual([]);
    expect(summary.allow).toBeGreaterThan(0);
    expect(summary.undetermined).toBe(0);
  });
});
