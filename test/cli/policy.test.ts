import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Option } from "commander";
import { policyCommand } from "../../cli/policy";

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
    expect(Object.keys(document)).toEqual(["apiVersion", "kind", "results", "summary", "skipped"]);
    expect(document.results.find(({ id }: { id: string }) => id === "IM-03")).toEqual({
      id: "IM-03",
      rule: "image-registry",
      verdict: "deny",
      level: "deny",
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

  it("shows people only what asks for attention", async () => {
    await run("check", "-f", write("pod.yaml", sound(`a@${digest}`)));
    expect(printed).toMatch(/^IM-03 +undetermined +deny +Pod shop\/app/m);
    expect(printed).not.toMatch(/^IM-01/m);
    expect(printed).toMatch(/0 denied, 4 undetermined, 7 allowed\n$/);
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

  it("runs the cases of every rule", async () => {
    expect(await run("test", "-o", "json")).toBe(0);
    const { failures, summary } = JSON.parse(printed);
    expect(failures).toEqual([]);
    expect(summary.failed).toBe(0);
    expect(summary.passed).toBeGreaterThanOrEqual(190);
  });
});
