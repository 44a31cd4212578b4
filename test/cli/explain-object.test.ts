import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Option } from "commander";
import { stringify } from "yaml";
import { explainCommand } from "../../cli/explain";
import { sandboxEnvironment } from "../support/environments";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fleetwright-explain-"));
  writeFileSync(join(folder, "small.yaml"), stringify(sandboxEnvironment()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("fleetwright explain of an object", () => {
  let printed: string;
  beforeEach(() => {
    printed = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  /** As `cli/main.ts` puts it together. */
  const run = (...words: string[]) => {
    const command = explainCommand().exitOverride();
    command.addOption(new Option("-o, --output <format>").default("table"));
    command.addOption(new Option("--json").implies({ output: "json" }));
    return command.parseAsync([...words, "-e", join(folder, "small.yaml")], { from: "user" });
  };

  it("says with its line what decides it, who makes it, what the rules say and who may exempt it", async () => {
    await run("quota/shop", "-n", "shop", "--cluster", "hub");
    expect(printed).toContain("ResourceQuota shop/shop on hub of small\n");
    expect(printed).toContain("component     cluster-base, made by components/cluster-base.ts\n");
    expect(printed).toMatch(/small\.yaml:\d+ {2}tenants\.shop\.namespaces\.shop\.cpu: "8"\n {6}spec\.hard/);
    expect(printed).toContain(
      "by an entry in exemptions.yaml, agreed by whoever merges there; team payments answers for it",
    );
  });

  it("answers machines with one document", async () => {
    await run("ns/shop", "--json");
    expect(JSON.parse(printed)).toMatchObject({
      kind: "ObjectExplanation",
      cluster: "hub",
      resource: { apiVersion: "v1", kind: "Namespace", namespace: "", name: "shop" },
      component: { name: "cluster-base" },
      decisions: expect.arrayContaining([
        expect.objectContaining({
          path: "tenants.shop.team",
          value: "payments",
          isSet: true,
          line: expect.any(Number),
        }),
      ]),
      summary: { deny: 0 },
    });
  });

  it.each([
    [["deploy/cert-manger"], "ObjectUnknown", "deployments.apps/cert-manager -n cert-manager, on hub"],
    [["sa/default-token", "-n", "nowhere"], "ObjectUnknown", "there is no sa/default-token in namespace nowhere"],
    [["netpol/default-deny"], "ObjectAmbiguous", "networkpolicies.networking.k8s.io/default-deny -n shop, on hub"],
    [["ns/shop", "--cluster", "west"], "ClusterUnknown", "small.yaml has hub"],
    [["IM-03", "--cluster", "hub"], "UsageInvalid", "--cluster: only of an object"],
  ])("%j ends with 2 and says what there is", async (words, code, sentence) => {
    const failure = await run(...words).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code, exitCode: 2, message: expect.stringContaining(sentence) });
  });
});
