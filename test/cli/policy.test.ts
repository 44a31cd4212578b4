import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Option } from "commander";
import { stringify } from "yaml";
import { policyCommand } from "../../cli/policy";
import { packageRoot } from "../../components/package-root";
import { casesOf } from "../../policies/cases";
import { findTool } from "../../policies/compile/tool";
import { catalogue } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { ProjectError } from "../../stacks/project";
import { sandboxEnvironment } from "../support/environments";
import { itWhole } from "../support/whole";

/** Decides which rules Gatekeeper's own engine is asked about. */
const SEED = 7;

describe("fleetwright policy", () => {
  let folder: string;
  let printed: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-policy-"));
    printed = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  /** As `cli/main.ts` puts it together. */
  const run = async (...words: string[]) => {
    const command = policyCommand();
    for (const verb of command.commands) {
      verb.addOption(new Option("-o, --output <format>").default("table"));
      verb.addOption(new Option("--json").implies({ output: "json" }));
    }
    await command.parseAsync(words, { from: "user" });
    return process.exitCode ?? 0;
  };
  const pod = (image: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: app, namespace: shop }\nspec: { containers: [{ name: app, image: "${image}" }] }\n`;
  /** A pod that is allowed but for what is said of its image, and a cluster whose registry holds it. */
  const sound = (image: string) =>
    `{ apiVersion: v1, kind: Pod, metadata: { name: app, namespace: shop }, spec: { securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } },
       containers: [{ name: app, image: "${image}", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } },
       resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } },
       readinessProbe: { httpGet: { path: /ready, port: 80 } }, livenessProbe: { httpGet: { path: /live, port: 80 } } }] } }`;
  const digest = `sha256:${"0".repeat(64)}`;

  it("exits 3 when a rule whose level is deny denies, and prints one document", async () => {
    const params = write("params.yaml", "IM-03: { registries: [ghcr.io/acme] }\n");
    expect(await run("check", "-f", write("pod.yaml", pod("ghcr.io/acme-evil/a")), "--params", params, "--json")).toBe(
      3,
    );
    const document = JSON.parse(printed);
    expect(Object.keys(document)).toEqual([
      "apiVersion",
      "kind",
      "results",
      "summary",
      "unjudged",
      "ended",
      "ending",
      "skipped",
    ]);
    expect(document.results.find(({ id }: { id: string }) => id === "IM-03")).toEqual({
      id: "IM-03",
      rule: "image-registry",
      verdict: "deny",
      level: "deny",
      refuses: true,
      resource: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "app" },
      path: "spec.containers[0].image",
      message:
        "spec.containers[0].image is ghcr.io/acme-evil/a, which lies in none of the allowed registries: ghcr.io/acme",
    });
    expect(document.summary).toMatchObject({ undetermined: 3 });
  });

  it("exits 0 when nothing is denied, several files given", async () => {
    const one = write("one.yaml", sound(`a@${digest}`));
    const two = write("two.yaml", sound(`b:1@${digest}`));
    expect(await run("check", "-f", one, "-f", two, "--json")).toBe(0);
    // for want of parameters: IM-03, IM-04, IM-05 and SC-10 of each
    expect(JSON.parse(printed).summary).toMatchObject({ deny: 0, undetermined: 8 });
  });

  describe("in a project with exemptions", () => {
    const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const exempt = (name: string, expires: string) => ({
      rule: "IM-01",
      owner: "search",
      reason: "The vendor publishes no versions of it.",
      expires,
      environments: ["dev"],
      object: { kind: "Pod", namespace: "shop", name },
    });
    const project = (...exemptions: object[]) => {
      write("exemptions.yaml", stringify({ exemptions }));
      jest.spyOn(process, "cwd").mockReturnValue(folder);
      const environment = write("dev.yaml", stringify(sandboxEnvironment("hub")));
      return ["check", "-e", environment, "-f", write("pod.yaml", sound("ghcr.io/acme/app:latest"))];
    };

    it("allows what is exempt, shows in the document who agreed to it, and counts it", async () => {
      const words = project(exempt("app", day(5)));
      expect(await run(...words, "--json")).toBe(0);
      const { ended, ending, results, summary } = JSON.parse(printed);
      const [result] = results.filter(({ id }: { id: string }) => id === "IM-01");
      expect(result).toMatchObject({
        verdict: "allow",
        path: "spec.containers[0].image",
        exemption: { owner: "search", expires: day(5), kind: "Pod", namespace: "shop", name: "app" },
      });
      expect(summary.exempted).toBe(1);
      expect(ended).toEqual([]);
      expect(ending).toMatchObject([{ id: "IM-01", message: expect.stringContaining("ends in 5 days") }]);
      printed = "";
      expect(await run(...words)).toBe(0);
      expect(printed).toMatch(/^IM-01: the exemption of Pod shop\/app ends in 5 days/m);
      expect(printed).toMatch(/ allowed, 1 of them by exemption$/m);
    });

    it("exits 3 when one has ended, though nothing that is judged is denied", async () => {
      const words = project(exempt("app", day(30)), exempt("other", "2026-01-31"));
      expect(await run(...words)).toBe(3);
      expect(printed).toContain(
        "IM-01: the exemption of Pod shop/other ended on 2026-01-31, owner search: have the object",
      );
    });

    it("lists every fault of the file, and judges nothing", async () => {
      const words = project({ ...exempt("app", day(5)), owner: "" }, { ...exempt("b", day(5)), rule: "IM-99" });
      await expect(run(...words)).rejects.toThrow(/exemptions\.yaml: 2 faults, nothing was changed/);
      expect(printed).toBe("");
    });
  });

  it("shows people how many objects no rule looks at, and no blanks at the ends of lines", async () => {
    const misspelt = "apiVersion: v1\nkind: Deployment\nmetadata: { name: app }\nspec: { template: {} }\n";
    await run("check", "-f", write("a.yaml", misspelt), "-f", write("b.yaml", pod("nginx")), "--rules", "PS,IM-01");
    expect(printed).toContain("\nobjects of no kind that the rules look at: 1\n");
    expect(printed).not.toMatch(/ $/m);
  });

  it("shows people only what asks for attention", async () => {
    await run("check", "-f", write("pod.yaml", sound(`a@${digest}`)));
    expect(printed).toMatch(/^IM-03 +undetermined +deny +Pod shop\/app/m);
    expect(printed).not.toMatch(/^IM-01/m);
    expect(printed).toMatch(/0 denied, 4 undetermined, 7 allowed\n$/);
  });

  it("lets only the rules judge that are asked for, on anybody's manifests", async () => {
    await run("check", "-f", write("pod.yaml", pod("nginx")), "--rules", "IM-01,pod-security,SC", "--json");
    const ids = new Set(JSON.parse(printed).results.map(({ id }: { id: string }) => id));
    expect([...ids]).toEqual(["IM-01", "PS-01", "PS-02", "SC-10"]);
  });

  it("is bad input when a rule is asked for that there is not, and names those that there are", async () => {
    const wrong = run("check", "-f", write("pod.yaml", pod("nginx")), "--rules", "IM-01,imagetag");
    await expect(wrong).rejects.toMatchObject({ code: "RuleUnknown", exitCode: 2 });
    await expect(wrong).rejects.toThrow(/no rule is called "imagetag": [\s\S]*IM-01 {2}image-tag\n/);
  });

  it("is bad input, exit 2, when a manifest cannot be read, with every fault", async () => {
    const wrong = run("check", "-f", write("a.yaml", "a: [\n"), "-f", write("b.yaml", "b: [\n"), "--json");
    await expect(wrong).rejects.toMatchObject({ code: "ManifestInvalid", exitCode: 2 });
    await expect(wrong).rejects.toHaveProperty("faults.length", 2);
    expect(printed).toBe("");
  });

  it("is bad input when parameters are of no rule or not of its shape", async () => {
    const params = write("params.yaml", "IM-3: {}\nSC-01: { provisioners: ebs }\n");
    const wrong = run("check", "-f", write("pod.yaml", pod("a")), "--params", params);
    await expect(wrong).rejects.toMatchObject({ code: "ParametersInvalid", exitCode: 2 });
    await expect(wrong).rejects.toHaveProperty("faults.length", 2);
  });

  describe("new", () => {
    const begin = (name: string) => run("new", name, "--id", "XA-01");

    it("writes nothing outside of a project, where the installed package would be the only place", async () => {
      jest.spyOn(process, "cwd").mockReturnValue(folder);
      await expect(begin("host-network")).rejects.toThrow(ProjectError);
      expect(existsSync(policiesPath("rules", "host-network"))).toBe(false);
      await expect(run("compile")).rejects.toThrow(ProjectError);
    });

    it("writes into the rules of the project that it is asked in", async () => {
      write("Pulumi.yaml", "name: team\nruntime: nodejs\n");
      jest.spyOn(process, "cwd").mockReturnValue(folder);
      await begin("host-network");
      expect(readdirSync(join(folder, "policies", "rules", "host-network"))).toContain("rule.rego");
      expect(existsSync(policiesPath("rules", "host-network"))).toBe(false);
    });

    it("writes into the checkout's own rules there", async () => {
      jest.spyOn(process, "cwd").mockReturnValue(packageRoot());
      await expect(begin("image-tag")).rejects.toThrow("policies/rules/image-tag is there already");
    });
  });

  // test/policies/cases.test.ts has every case by the compiled rules; Gatekeeper's own engine takes a minute for all
  const some = catalogue().rules.filter((_, index) => index % 4 === SEED % 4);

  async function runsCases(least: number, ...words: string[]): Promise<void> {
    expect(await run("test", ...words, "-o", "json")).toBe(0);
    const { failures, summary } = JSON.parse(printed);
    expect(failures).toEqual([]);
    expect(summary).toMatchObject({ failed: 0, gator: findTool("gator") ? "passed" : "skipped" });
    expect(summary.passed).toBeGreaterThanOrEqual(least);
  }

  it(`runs the cases of ${some.length} of ${catalogue().rules.length} rules, seed ${SEED}`, () =>
    runsCases(some.flatMap(casesOf).length, "--rules", some.map(({ id }) => id).join()));

  itWhole("runs the cases of every rule", () => runsCases(2300));
});
