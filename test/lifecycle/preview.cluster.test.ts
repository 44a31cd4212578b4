/** A change of every kind on one cluster, previewed by the command that users type: real engine, real API server, real Gatekeeper. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import type { Change, PreviewReport } from "../../lifecycle/preview/report";
import { onlyRules, sandboxEnvironment } from "../support/environments";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const CANARIES = ["canary-before-4711", "canary-after-4711"];
const OF_GATEKEEPER = "docker.io/someone/proxy:latest";
const project = new TestProject();
const testEnvironment = () => ({ ...sandboxEnvironment(), ...onlyRules("IM-01", "IM-03") });

/** A component of the team's own; `v` is what a pull request changes. */
const component = `
const { existsSync } = require("node:fs");
const isAfter = existsSync(__dirname + "/../after");
const at = (name) => ({ name, namespace: "shop" });
const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const container = (image, securityContext = restricted) => ({ name: "main", image, securityContext });
const pod = { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } };
const web = (replicas, image) => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: at("web"), spec: {
  replicas, selector: { matchLabels: { app: "web" } },
  template: { metadata: { labels: { app: "web" } }, spec: { ...pod, containers: [container(image)] } } } });
const digest = "@sha256:" + "1".repeat(64);
exports.objects = () => [
  { apiVersion: "v1", kind: "ConfigMap", metadata: at("greeting"), data: { text: isAfter ? "good day" : "hello" } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: at("random"), data: { text: String(process.hrtime.bigint()) } },
  { apiVersion: "v1", kind: "Secret", metadata: at("key"), stringData: { code: isAfter ? "${CANARIES[1]}" : "${CANARIES[0]}" } },
  web(2, "ghcr.io/acme/web:" + (isAfter ? "2.0.0" : "1.0.0") + digest),
  ...(isAfter ? [
    { apiVersion: "v1", kind: "ConfigMap", metadata: at("fresh"), data: {} },
    // no rule of this environment forbids it, and the API server does
    { apiVersion: "v1", kind: "Pod", metadata: at("privileged"), spec: { containers: [container("ghcr.io/acme/p:1.0.0" + digest, { privileged: true })] } },
    // rules and Gatekeeper forbid it alike
    { apiVersion: "v1", kind: "Pod", metadata: at("elsewhere"), spec: { ...pod, containers: [container("${OF_GATEKEEPER}")] } },
  ] : [
    { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: at("disk"),
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "standard", resources: { requests: { storage: "1Gi" } } } },
  ]),
];
`;

/** Types \`fleetwright preview\` and reads what it says. */
async function preview(...words: readonly string[]) {
  const bin = `${packageRoot()}/bin/fleetwright`;
  const { exitCode, stderr, stdout } = await execa("node", [bin, "preview", ...words, "--json"], {
    cwd: project.root,
    reject: false,
  });
  const report = JSON.parse(stdout) as PreviewReport;
  return { exitCode, report, told: `${stdout}\n${stderr}`, stack: report.stacks?.[0] };
}

const found = (report: PreviewReport, kind: string, name: string): Change => {
  const change = report.stacks.flatMap(({ changes }) => changes).find((one) => one.kind === kind && one.name === name);
  if (!change) throw new Error(`no change of ${kind} ${name}`);
  return change;
};

beforeAll(async () => {
  project.environment("test", testEnvironment());
  project.write("components/desk.js", component);
  await project.stack("test", "test");
  await project.start("hub");
  await project.succeed("up --yes --skip-preview");
});
afterAll(() => project.dispose());

describe("a preview of what is deployed", () => {
  it("changes nothing but what is made anew at every rendering, which is hidden and counted", async () => {
    const { exitCode, report, stack } = await preview("--expect-no-changes");
    expect(stack?.error).toBeUndefined();
    expect(found(report, "ConfigMap", "random").hidden).toContain("made anew at every rendering");
    expect({ exitCode, changes: stack?.changes.length, hidden: report.summary.hidden }).toEqual({
      exitCode: 0,
      changes: 1,
      hidden: 1,
    });
  });
});

describe("a preview of a change", () => {
  let result: Awaited<ReturnType<typeof preview>>;
  beforeAll(async () => {
    const environment = testEnvironment();
    environment.storageClasses.standard.reclaimPolicy = "Retain";
    project.environment("test", environment);
    project.write("after", "");
    result = await preview("--comment", "preview.md");
  });

  it("knows each object's operation, and exits 3", () => {
    const { exitCode, report } = result;
    const operations = (
      [
        ["ConfigMap", "greeting"],
        ["ConfigMap", "fresh"],
        ["Deployment", "web"],
        ["PersistentVolumeClaim", "disk"],
        ["StorageClass", "standard"],
        ["Secret", "key"],
      ] as const
    ).map(([kind, name]) => found(report, kind, name).operation);
    expect(operations).toEqual(["update", "create", "update", "delete", "replace", "update"]);
    expect(exitCode).toBe(3);
  });

  it("says what it interrupts, and whom", () => {
    const { report, stack } = result;
    expect(found(report, "PersistentVolumeClaim", "disk").interrupts).toEqual([
      expect.stringContaining("all data on it are deleted (class standard)"),
    ]);
    expect(found(report, "Deployment", "web").interrupts).toEqual(["its 2 pods restart, a few at a time"]);
    expect(found(report, "StorageClass", "standard").fields).toEqual([
      { path: "reclaimPolicy", change: "update", replaces: true, from: "Delete", to: "Retain" },
    ]);
    expect(stack?.tenants).toEqual([expect.objectContaining({ tenant: "shop", team: "payments", destructive: 1 })]);
  });

  it("shows as refused what the API server forbids, in its own words, although the engine says nothing of it", () => {
    const privileged = found(result.report, "Pod", "privileged");
    expect(privileged).toMatchObject({ operation: "refused", asked: "create" });
    expect(privileged.refusals).toEqual([
      { by: "admission", message: expect.stringContaining("violates PodSecurity") },
    ]);
    const elsewhere = found(result.report, "Pod", "elsewhere").refusals;
    expect(elsewhere.map(({ by, id }) => id ?? by)).toEqual(["IM-01", "IM-03", "admission"]);
    expect(elsewhere.at(-1)?.message).toMatch(/denied the request: \[im-0\d\] [\s\S]*\[im-0\d\]/);
  });

  it("asks about everything that changes", () => {
    expect(result.stack?.clusters[0]?.admission).toMatchObject({ refused: 2, notAsked: [] });
  });

  it("repeats no secret, neither in the document nor in the comment", async () => {
    const text = (await execa("cat", ["preview.md"], { cwd: project.root })).stdout;
    expect(text).toContain("⛔ the API server refuses");
    for (const canary of [...CANARIES, ...CANARIES.map((one) => Buffer.from(one).toString("base64"))]) {
      expect(`${text}${result.told}`).not.toContain(canary);
    }
  });

  it("changes nothing in the cluster", async () => {
    expect(await project.read("hub", "get pods --namespace=shop --output=name")).not.toMatch(/privileged|elsewhere/);
    expect(await project.read("hub", "get storageclass standard --output=jsonpath={.reclaimPolicy}")).toBe("Delete");
  });
});

describe("a preview without the cluster", () => {
  it("compares with the last state, says what that costs, and fails where clusters are required", async () => {
    const kubeconfig = join(project.root, ".fleetwright", "default", "kubeconfig");
    const nowhere = readFileSync(kubeconfig, "utf8").replaceAll(/https:\/\/127\.0\.0\.1:\d+/g, "https://127.0.0.1:1");
    writeFileSync(kubeconfig, nowhere);
    const { exitCode, report, stack } = await preview("--require-clusters");
    expect(found(report, "StorageClass", "standard").operation).toBe("replace");
    expect(stack?.clusters[0]).toMatchObject({ reached: false, admission: { asked: 0 } });
    expect(stack?.notKnown.join("\n")).toMatch(
      /cluster hub cannot be reached .*compared with the last known state only; its admission was not asked/,
    );
    // rules refuse as before, whether the cluster answers or not
    expect(exitCode).toBe(3);
  });

  it("ends with 2 where there is no such stack", async () => {
    const { exitCode, told } = await preview("--stack", "none");
    expect(exitCode).toBe(2);
    expect(told).toContain("StackUnknown");
  });
});
