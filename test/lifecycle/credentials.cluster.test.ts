/** Two real clusters that are let into one another: tokens really issued, used, rotated and refused, and found nowhere but where they belong. */
import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { parse } from "yaml";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { prepareSandboxSecrets } from "../../lifecycle/credentials";
import { secretStore } from "../../lifecycle/credentials/secret-store";
import { killCluster, stopSandbox } from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../stacks/environment";
import { oneRuleEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
import { isWhole, itWhole } from "../support/whole";

jest.setTimeout(900_000);

const CLUSTERS = ["hub", "east"] as const;
const project = new TestProject();
const stateHome = process.env.XDG_STATE_HOME;
const environment = () => loadEnvironment("dev", project.root);
const storeOf = () => secretStore(environment(), project.root);
/** Every token that was ever in the store. */
const tokens = new Set<string>();

async function credentials(...words: string[]) {
  const { exitCode, stderr, stdout } = await execa(
    process.execPath,
    [join(packageRoot(), "dist", "cli", "main.js"), "credentials", ...words, "--json"],
    { cwd: project.root, reject: false },
  );
  for (const cluster of CLUSTERS) {
    const entry = await storeOf().get(`fleetwright/dev/istio-remote/${cluster}`);
    if (entry?.token) tokens.add(entry.token);
  }
  const document = JSON.parse(stdout) as {
    results: { name: string; outcome: string; message?: string }[];
    summary: Record<string, number>;
  };
  const outcomes = Object.fromEntries(document.results.map(({ name, outcome }) => [name, outcome]));
  return { exitCode, text: stdout + stderr, ...document, outcomes };
}

/** A value of a Secret. */
async function secretValue(cluster: string, namespace: string, name: string, key: string): Promise<string> {
  const path = `-n ${namespace} get secret ${name} -o jsonpath={.data.${key.replaceAll(".", "\\.")}}`;
  return Buffer.from(await project.read(cluster, path), "base64").toString("utf8");
}

/** The kubeconfig by which one cluster reads the other. */
const kubeconfigIn = (cluster: string, peer: string) =>
  secretValue(cluster, "istio-system", `istio-remote-secret-${peer}`, peer);

/** kubectl with a kubeconfig and nothing else. */
async function as(kubeconfig: string, words: string) {
  const file = join(project.root, "remote.kubeconfig");
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const access = [`--kubeconfig=${file}`, `--cache-dir=${join(project.root, ".kube-remote")}`];
  const { all, exitCode } = await execa(toolPath("kubectl"), [...access, ...words.split(" ")], {
    all: true,
    reject: false,
  });
  return { exitCode, text: all };
}

beforeAll(async () => {
  process.env.XDG_STATE_HOME = join(project.root, "state-home");
  await ensureUpstream();
  const { components, ...fleet } = oneRuleEnvironment(...CLUSTERS);
  project.environment("dev", {
    ...fleet,
    sandbox: { withoutController: ["istio"] },
    components: { ...components, istio: { management: "managed" }, certManager: { caSecretName: "fleet-ca" } },
  });
  await project.stack("dev", "dev");
  const prepared = await prepareSandboxSecrets(environment(), project.root);
  expect(prepared.map(({ name, outcome }) => `${name} ${outcome}`)).toContain("ca issued");
  await project.start(...CLUSTERS);
  await project.succeed("up --yes --skip-preview");
}, 600_000);

afterAll(async () => {
  await project.dispose();
  delete process.env.XDG_STATE_HOME;
  if (stateHome !== undefined) process.env.XDG_STATE_HOME = stateHome;
}, 60_000);

describe("one CA for a fleet", () => {
  it("is on every cluster, and each mesh has an intermediate of its own that it signed", async () => {
    const roots = await Promise.all(
      CLUSTERS.map((cluster) => secretValue(cluster, "cert-manager", "fleet-ca", "tls.crt")),
    );
    expect(new Set(roots).size).toBe(1);
    const root = new X509Certificate(roots[0] ?? "");
    const mesh = await Promise.all(
      CLUSTERS.map(
        async (cluster) => new X509Certificate(await secretValue(cluster, "istio-system", "cacerts", "tls.crt")),
      ),
    );
    expect(mesh.map((one) => [one.ca, one.checkIssued(root), one.verify(root.publicKey)])).toEqual(
      CLUSTERS.map(() => [true, true, true]),
    );
    expect(new Set(mesh.map(({ fingerprint256 }) => fingerprint256)).size).toBe(2);
    for (const cluster of CLUSTERS) {
      const trusted = new X509Certificate(await secretValue(cluster, "istio-system", "cacerts", "ca.crt"));
      expect(trusted.fingerprint256).toBe(root.fingerprint256);
    }
  });
});

describe("credentials", () => {
  it("are missing until they are issued, which holds nothing up and is said", async () => {
    const condition = "-o jsonpath={.status.conditions[0].message}";
    const said = await project.read("hub", `-n istio-system get externalsecret istio-remote-secret-east ${condition}`);
    expect(said).toContain("there is no fleetwright/dev/istio-remote/east in the store");
  });

  it("are issued to each other cluster, in the form that istiod reads", async () => {
    const { exitCode, outcomes } = await credentials("issue");
    expect(outcomes).toMatchObject({ "istio-remote-hub": "issued", "istio-remote-east": "issued", ca: "kept" });
    expect(exitCode).toBe(0);
    const labelled = "-n istio-system get secret -l istio/multiCluster=true -o name";
    await eventually(() => project.read("hub", labelled), "secret/istio-remote-secret-east");
    const { users } = parse(await kubeconfigIn("hub", "east")) as { users: { user: object }[] };
    expect(users.map(({ user }) => Object.keys(user))).toEqual([["token"]]);
  });

  it("let a cluster read the other, and do nothing else there", async () => {
    const kubeconfig = await kubeconfigIn("hub", "east");
    const read = await as(kubeconfig, "get services --all-namespaces -o name");
    expect(read.text).toContain("service/kubernetes");
    const identity = await as(kubeconfig, "get configmap identity -n fleetwright-system");
    expect(identity.text).toContain(
      'User "system:serviceaccount:istio-system:istio-reader-service-account" cannot get',
    );
    const written = await as(kubeconfig, "create namespace intruder");
    expect(written.text).toContain("cannot create resource");
  });

  it("are kept when they are asked for again", async () => {
    const before = await kubeconfigIn("hub", "east");
    expect((await credentials("issue")).summary).toMatchObject({ issued: 0, renewed: 0, failed: 0 });
    expect(await kubeconfigIn("hub", "east")).toBe(before);
  });

  it("are handed over before the old ones are let go, which are refused afterwards", async () => {
    const old = await kubeconfigIn("hub", "east");
    const { exitCode, outcomes } = await credentials("rotate", "istio-remote-east", "--grace-seconds", "0");
    expect([exitCode, outcomes]).toEqual([0, { "istio-remote-east": "renewed" }]);
    const fresh = await kubeconfigIn("hub", "east");
    expect(fresh).not.toBe(old);
    expect((await as(fresh, "get namespaces -o name")).exitCode).toBe(0);
    // the API server remembers for ten seconds that it took a token
    await eventually(async () => /Unauthorized|must be logged in/.test((await as(old, "get namespaces")).text), true);
    const bound = await project.read("east", "-n istio-system get secret -l fleetwright.dev/credential -o name");
    expect(bound.trim().split("\n")).toHaveLength(1);
  });

  itWhole("stay valid while one who needs them cannot be reached, and are ended when it is back", async () => {
    await killCluster(project.sandbox, "hub");
    const { exitCode, results } = await credentials("rotate", "istio-remote-east", "--grace-seconds", "0");
    expect(exitCode).toBe(4);
    expect(results[0]).toMatchObject({
      outcome: "incomplete",
      message: expect.stringContaining("the token before stays valid until this is run again"),
    });
    await project.start(...CLUSTERS);
    expect((await credentials("issue", "istio-remote-east", "--grace-seconds", "0")).outcomes).toEqual({
      "istio-remote-east": "kept",
    });
    const bound = await project.read("east", "-n istio-system get secret -l fleetwright.dev/credential -o name");
    expect(bound.trim().split("\n")).toHaveLength(1);
  });

  it("come back when somebody deletes or changes their Secret", async () => {
    const wanted = await kubeconfigIn("hub", "east");
    await project.kubectl("hub", "-n istio-system delete secret istio-remote-secret-east");
    await eventually(() => kubeconfigIn("hub", "east").catch(() => ""), wanted);
  });
});

describe("a canary", () => {
  it("appears in no state, log, preview or message: of all tokens that there ever were, none does", async () => {
    const preview = await project.succeed("preview --diff --expect-no-changes");
    const exported = await project.succeed("stack export --show-secrets");
    const listed = await credentials("list").catch(() => ({ text: "" }));
    const key = (await storeOf().get("fleetwright/dev/ca"))?.key?.split("\n")[1] ?? "";
    const secrets = [...tokens, key].flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
    expect(tokens.size).toBeGreaterThanOrEqual(isWhole ? 4 : 3);
    const instance = join(project.root, ".fleetwright");
    const files = readdirSync(instance, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map(({ name, parentPath }) => join(parentPath, name))
      // etcd is where a cluster keeps its Secrets
      .filter((file) => !/\/etcd\//.test(file));
    expect(files.some((file) => file.endsWith("supervisor.log"))).toBe(true);
    expect(files.some((file) => file.includes("/state/.pulumi/stacks/"))).toBe(true);
    const said = [preview.text, exported.text, listed.text, ...files.map((file) => readFileSync(file, "latin1"))];
    expect(
      said.flatMap((text, index) =>
        secrets.some((secret) => text.includes(secret)) ? [files[index - 3] ?? index] : [],
      ),
    ).toEqual([]);
  });
});

describe("the end of the sandbox", () => {
  it("takes the store", async () => {
    const folder = join(project.root, "state-home", "fleetwright", "secrets");
    expect(readdirSync(folder)).toHaveLength(1);
    await stopSandbox(project.sandbox);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });
});
