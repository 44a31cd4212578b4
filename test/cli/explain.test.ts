import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Option } from "commander";
import { stringify } from "yaml";
import { explainCommand } from "../../cli/explain";
import { sandboxEnvironment } from "../support/environments";

describe("fleetwright explain", () => {
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
    const command = explainCommand();
    command.addOption(new Option("-o, --output <format>").default("table"));
    command.addOption(new Option("--json").implies({ output: "json" }));
    return command.parseAsync(words, { from: "user" });
  };

  it("says what a rule is, by its id in any case and by its name", async () => {
    await run("im-01");
    const byId = printed;
    printed = "";
    await run("image-tag");
    expect(printed).toBe(byId);
    expect(byId).toContain("IM-01 image-tag\nImages name a version or a digest, never latest.\n");
    expect(byId).toMatch(/looks at +Pod, .*Rollout \(argoproj\.io\)/);
    expect(byId).toContain("at Gatekeeper FleetwrightImageTag, constraint im-01");
  });

  it("says of a rule over sets what it looks at, and what an environment makes of it", async () => {
    await run("gr-03", "-e", "dev");
    expect(printed).toContain(
      "GR-03 webhook-self\nA webhook that fails closed is not asked about what its own answer needs.\n",
    );
    expect(printed).toMatch(/looks at +validating and mutating webhook configurations\n/);
    expect(printed).toMatch(
      /judged at +policy check and make up, .*; previews and updates, over what a stack registers/,
    );
    expect(printed).toContain("in this environment\n  dev/hub: deny\n");
  });

  it("says what the clusters of an environment make of it, alike ones together", async () => {
    await run("SC-03", "-e", "dev");
    expect(printed).toContain(
      "  dev/hub, dev/east, dev/west\n    level: deny\n    parameters:\n      zonalProvisioners:\n        - local.csi.fleetwright.dev\n",
    );
  });

  it("lists what is exempt from it there: until when, whose, why, and which fields", async () => {
    await run("PS-03", "-e", "dev");
    const [, exempt = ""] = printed.split("exempt in this environment\n");
    expect(exempt).toContain(
      [
        "  DaemonSet istio-cni/istio-cni-node until 2027-10-31, owner fleetwright",
        "    The node agent writes into folders of the node that belong to root.",
        "    spec.template.spec.securityContext.runAsUser",
      ].join("\n"),
    );
    expect(exempt).toContain("    on dev/hub, dev/east, dev/west\n");
    expect(exempt).toContain("Pods of any DataUpload in velero");
    expect(printed.slice(0, printed.indexOf("exempt in"))).not.toContain("istio-cni");
  });

  it("answers machines with one document", async () => {
    await run("IM-03", "-e", "dev", "--json");
    const { kind, rule, cases, clusters } = JSON.parse(printed);
    expect({ kind, id: rule.id, clusters: Object.keys(clusters) }).toEqual({
      kind: "RuleExplanation",
      id: "IM-03",
      clusters: ["dev/hub", "dev/east", "dev/west"],
    });
    expect(cases.deny).toBeGreaterThan(3);
  });

  it("says of a rule of tier 0 that the API server itself judges by it", async () => {
    await run("gk-01");
    expect(printed).toContain(
      "GK-01 gatekeeper-objects\nOnly the platform's account changes what Gatekeeper consists of.\n",
    );
    expect(printed).toContain("judged at     the API server itself, whether Gatekeeper runs or not");
    printed = "";
    await run("NS-02");
    expect(printed).toContain("NS-02 gatekeeper-exemption");
    printed = "";
    await run("exemption-label", "--json");
    expect(JSON.parse(printed)).toMatchObject({
      kind: "RuleExplanation",
      rule: { id: "NS-02", name: "exemption-label" },
    });
  });

  it("says at which level an environment has a rule of tier 0", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fleetwright-explain-"));
    const file = join(folder, "lax.yaml");
    writeFileSync(file, stringify({ ...sandboxEnvironment("hub"), policy: { levels: { "GK-01": "off" } } }));
    try {
      await run("GK-01", "-e", file);
      expect(printed).toContain("\nin this environment\n  lax/hub: off\n\nsources\n");
      printed = "";
      await run("GK-01", "-e", file, "--json");
      expect(JSON.parse(printed).clusters).toEqual({ "lax/hub": { level: "off" } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names the rules that there are where it knows none of that name", async () => {
    await expect(run("IM-99")).rejects.toThrow(
      /there is no rule IM-99. There are\n {2}AR-01 {2}argo-cd-default-project\n/,
    );
  });
});
