/** What the pages show of output is what the code prints now. */
import { join } from "node:path";
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { printObject } from "../../cli/explain-object";
import { packageRoot } from "../../components/package-root";
import { proofLevels } from "../../components/proof-levels";
import { ensureUpstream } from "../../components/upstream";
import { countByCluster, fleetRows, fleetTable, plainTable } from "../../lifecycle/fleet";
import { judgeEnvironment } from "../../lifecycle/judgement";
import { check } from "../../policies/check";
import { readManifests } from "../../policies/manifests";
import { EnvironmentError, loadEnvironment, parseEnvironment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { renderedFiles } from "../../stacks/render";
import { filesOf, textOf } from "../support/sources";

beforeAll(() => ensureUpstream(), 300_000);

const environment = loadEnvironment("dev", packageRoot());
const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

describe("README.md", () => {
  const readme = textOf("README.md");

  it("shows the fleet that `make up` prints", () => {
    const files = renderedFiles(environment);
    expect(readme).toContain(fleetTable(fleetRows(environment, countByCluster(files))));
    expect(readme).toContain(`render: ${files.reduce((sum, { objects }) => sum + objects, 0)} objects`);
    const { refused, violations } = judgeEnvironment(environment);
    expect(readme).toContain(`rules: ${violations.length} violations, of which ${refused} refuse`);
  });

  it("shows what is not proved", () => {
    const rows = Object.entries(proofLevels(environment.sandbox?.withoutController));
    const cells = rows.map(([component, { level, notProved }]) => [component, level, notProved.what]);
    expect(readme).toContain(plainTable(["component", "proved at level", "but not"], cells));
  });

  it("shows why the example is refused", () => {
    const { objects } = readManifests([join(packageRoot(), "examples", "refused.yaml")], () => "");
    const { results } = check(objects, { environment: policyParameters(environment), parameters: {} });
    const denials = results.filter(({ level, verdict }) => verdict === "deny" && level === "deny");
    expect(denials.map(({ id }) => id).sort()).toEqual(["IM-01", "IM-03"]);
    for (const { id, message } of denials) expect(readme).toContain(`[${id.toLowerCase()}] ${message}`);
  });
});

describe("the pages", () => {
  it("show the faults of a broken environment as they are told", () => {
    const page = textOf("docs/how-to/first-five-minutes.md");
    const broken = textOf("environments/dev.yaml")
      .replace(/^owner:/m, "ownr:")
      .replace("role: hub", "role: hib")
      .replace("team: search", "team: serch")
      .replace("local-west-c", "local-west-a");
    const faultsOf = () => parseEnvironment(broken, "environments/dev.yaml");
    expect(faultsOf).toThrow(EnvironmentError);
    try {
      faultsOf();
    } catch (error) {
      for (const line of String((error as Error).message)
        .split("\n")
        .slice(0, 4))
        expect(page).toContain(line);
    }
  });

  it("show the refusal at preview in the rule's own words", () => {
    const strict = `${textOf("environments/dev.yaml")}\npolicy: { levels: { IM-02: deny } }\n`;
    const { violations } = judgeEnvironment(parseEnvironment(strict, "environments/dev.yaml"));
    const [refusal] = violations.filter(
      ({ id, level, resource }) => id === "IM-02" && level === "deny" && resource.name === "gatekeeper-audit",
    );
    expect(textOf("docs/how-to/first-five-minutes.md")).toContain(`IM-02: ${refusal?.message}`);
  });

  it("show of an explained object lines that are printed, in their order", async () => {
    const [, excerpt = ""] = /```text\n([\s\S]*?)```/.exec(textOf("docs/how-to/explain-an-object.md")) ?? [];
    let printed = "";
    const stdout = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    try {
      await printObject("ns/shop", { environment: "dev", output: "table" });
    } finally {
      stdout.mockRestore();
    }
    let from = 0;
    for (const line of excerpt.split("\n").filter((one) => one.trim() !== "…")) {
      const at = printed.indexOf(line.replace(/…$/, ""), from);
      expect({ line, isPrinted: at >= 0 }).toEqual({ line, isPrinted: true });
      from = at;
    }
    expect(from).toBeGreaterThan(0);
  });

  it("describe every kind of document and every error code that the command prints", () => {
    const page = textOf("docs/reference/documents.md");
    const cli = filesOf("cli/*.ts").map(textOf).join("\n");
    const kinds = [...cli.matchAll(/printDocument\("(\w+)"/g)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(6);
    expect(kinds.filter((kind) => !page.includes(`\n## ${kind}\n`))).toEqual([]);
    const codes = [...cli.matchAll(/new CliError\(\s*"(\w+)",[\s\S]*?,\s*([2-7])\b/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(6);
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it("name every variable that the program reads or sets", () => {
    const page = textOf("docs/reference/variables.md");
    const code = filesOf("{cli,components,lifecycle,policies,sandbox,stacks}/**/*.ts").map(textOf).join("\n");
    const read = [...code.matchAll(/\b(FLEETWRIGHT_[A-Z_]+)\b/g)].map(([, name = ""]) => name);
    const set = [...textOf("lifecycle/engine-environment.ts").matchAll(/\["([A-Z_]+)",|set\("([A-Z_]+)"/g)];
    const all = new Set([...read, ...set.map(([, listed, later]) => listed ?? later ?? "")]);
    expect(all.size).toBeGreaterThan(12);
    expect([...all].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("say the sentences of interrupted and foreign clusters as the code does", () => {
    const recover = oneLine(textOf("docs/how-to/recover-from-an-interrupted-run.md"));
    for (const words of [
      "the last run on stack dev was killed",
      "its lock (process 4798) is still there",
      "the state does not say how far it came",
      "objects that it made were recorded",
      "that are gone were struck out",
    ]) {
      expect(recover).toContain(words);
    }
    const code = oneLine(textOf("lifecycle/interrupted-run.ts"));
    for (const words of [
      "was killed",
      "is still there",
      "the state does not say how far it came",
      "objects that it made were recorded",
      "that are gone were struck out",
    ]) {
      expect(code).toContain(words);
    }
    const adopt = oneLine(textOf("docs/how-to/adopt-a-cluster.md"));
    for (const words of ["leads to a cluster that is in use", "and carries no mark of", "exists and is taken over"]) {
      expect(adopt).toContain(words);
      expect(oneLine(filesOf("stacks/*.ts").map(textOf).join("\n"))).toContain(words);
    }
  });
});
