/**
 * Argo CD's own programs, as their own ServiceAccounts, beside three real clusters that hold the platform: a repository is
 * really read, changes really arrive, step by step, by the accounts and credentials that are rendered, past the rules.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { stringify } from "yaml";
import { imageRef } from "../../components/images";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { prepareSandboxSecrets } from "../../lifecycle/credentials";
import { installedTools } from "../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
import { describeWhole } from "../support/whole";
import { settings, web } from "./argo-cd/desired";
import { GitHost } from "./argo-cd/git-host";
import { RunningArgoCd } from "./argo-cd/running";

jest.setTimeout(900_000);

const program = installedTools().find(({ tool }) => tool === "argocd")?.path ?? "";
const has = (command: string) => spawnSync(command, ["version"]).status === 0;
const canRun = program !== "" && has("git") && has("openssl");

/** In the order in which a change reaches them. */
const CLUSTERS = ["east", "west", "hub"];

interface Application {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly health?: { readonly status: string };
    readonly history?: readonly { readonly deployStartedAt: string; readonly deployedAt: string }[];
    readonly operationState?: {
      readonly phase: string;
      readonly syncResult?: {
        readonly resources?: readonly { readonly kind: string; readonly status?: string; readonly message: string }[];
      };
    };
  };
}

(canRun ? describeWhole : describe.skip)("running Argo CD (skipped without argocd, git or openssl)", () => {
  const project = new TestProject();
  const stateHome = process.env.XDG_STATE_HOME;
  const host = new GitHost(join(project.root, "git"));
  let argoCd: RunningArgoCd | undefined;

  const environment = () => loadEnvironment("dev", project.root);
  const app = async (name: string): Promise<Application> =>
    JSON.parse(await project.read("hub", `-n argocd get application ${name} -o json`));
  const revisionOn = (cluster: string) =>
    project
      .read(cluster, "-n shop get configmap settings --ignore-not-found -o jsonpath={.data.revision}")
      .then((text) => text.trim());
  const revisions = () => Promise.all(CLUSTERS.map(revisionOn));
  /** Argo CD looks by itself every two minutes. */
  const look = () =>
    project.read("hub", "-n argocd annotate application --all --overwrite argocd.argoproj.io/refresh=normal");
  const everywhere = (revision: string, node?: string) =>
    Object.fromEntries(
      CLUSTERS.map((cluster) => [
        `clusters/${cluster}`,
        [settings(revision), web(cluster === CLUSTERS[0] ? node : undefined)],
      ]),
    );

  async function kubeconfigOf(account: string): Promise<string> {
    const { clusters } = JSON.parse(await project.read("hub", "config view --raw --minify --flatten -o json"));
    const token = (await project.read("hub", `-n argocd create token ${account} --duration=2h`)).trim();
    return stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters,
      users: [{ name: account, user: { token } }],
      contexts: [{ name: account, context: { cluster: clusters[0].name, user: account, namespace: "argocd" } }],
      "current-context": account,
    });
  }

  /** What Argo CD wrote on a cluster, by the API server's own record of who wrote what. */
  async function writtenByArgoCd(cluster: string): Promise<string[]> {
    const kinds = (await project.read(cluster, "api-resources --verbs=list --output=name")).split("\n");
    // the last two are told to be out of use, each time that they are listed
    const left = /^(events|leases|componentstatuses|endpoints)(\.|$)/;
    const listed = kinds.filter((kind) => kind !== "" && !left.test(kind)).join(",");
    const words = `get ${listed} --all-namespaces --ignore-not-found --show-managed-fields -o json`;
    const { items } = JSON.parse(await project.read(cluster, words)) as {
      items: { kind: string; metadata: { namespace?: string; name: string; managedFields?: { manager: string }[] } }[];
    };
    const its = items.filter(({ metadata }) => metadata.managedFields?.some(({ manager }) => /^argocd/.test(manager)));
    return [...new Set(its.map(({ kind, metadata }) => `${metadata.namespace}/${kind}/${metadata.name}`))].sort();
  }

  beforeAll(async () => {
    process.env.XDG_STATE_HOME = join(project.root, "state-home");
    await ensureUpstream();
    await host.start();
    host.commit(everywhere("first"));
    const { components, tenants, ...fleet } = sandboxEnvironment("hub", "east", "west");
    const gitops = { repository: host.url, path: "clusters/{cluster}", revision: "main" };
    const catalogue = { team: "payments", namespaces: { catalogue: { cpu: "4", memory: "8Gi" } } };
    project.environment("dev", {
      ...fleet,
      components: { ...components, argoCd: { management: "managed" } },
      tenants: { shop: { ...tenants.shop, gitops }, catalogue },
    });
    await project.stack("dev", "dev");
    await prepareSandboxSecrets(environment(), project.root);
    await project.start("hub", "east", "west");
    await project.succeed("up --yes --skip-preview");
    const issued = await execa(
      process.execPath,
      [join(packageRoot(), "dist", "cli", "main.js"), "credentials", "issue"],
      { all: true, cwd: project.root, reject: false },
    );
    if (issued.failed) throw new Error(issued.all);
    const secrets = "-n argocd get secret -l argocd.argoproj.io/secret-type=cluster -o name";
    await eventually(async () => (await project.read("hub", secrets)).trim().split("\n").length, 3);
    const password = await project.read("hub", "-n argocd get secret argocd-redis -o jsonpath={.data.auth}");
    const folder = join(project.root, "argo-cd");
    mkdirSync(folder);
    const objects = [...(render(environment()).get("hub")?.values() ?? [])].flat();
    argoCd = new RunningArgoCd({
      program,
      folder,
      objects,
      image: imageRef("argo-cd"),
      password: Buffer.from(password, "base64").toString("utf8"),
      certificate: host.certificate,
      kubeconfigOf,
    });
    await argoCd.start();
  }, 900_000);

  afterAll(async () => {
    await argoCd?.stop();
    await host.stop();
    await project.dispose();
    delete process.env.XDG_STATE_HOME;
    if (stateHome !== undefined) process.env.XDG_STATE_HOME = stateHome;
  }, 60_000);

  it("brings what a repository has to every cluster, one after another", async () => {
    await eventually(revisions, ["first", "first", "first"], 180);
    const first = await Promise.all(
      CLUSTERS.map(async (cluster) => (await app(`shop-${cluster}`)).status?.history?.[0]),
    );
    const times = first.map((sync) => [sync?.deployStartedAt, sync?.deployedAt].map((at) => Date.parse(at ?? "")));
    // each ends before the next one starts; times are whole seconds
    expect(times.flat()).toEqual(times.flat().sort((one, other) => one - other));
    expect(times.flat()).not.toContain(Number.NaN);
  });

  it("waits with the next cluster until everything on the one before is healthy", async () => {
    // a cluster that is still in hand would take the newer revision with it: a step names none
    const steps = "-n argocd get applicationset dev -o jsonpath={.status.applicationStatus[*].status}";
    await eventually(() => project.read("hub", steps), "Healthy Healthy Healthy", 90);
    host.commit(everywhere("second", "nowhere"));
    await look();
    await eventually(revisions, ["second", "first", "first"], 90);
    await eventually(async () => (await app("shop-east")).status?.health?.status, "Progressing");
    await sleep(15_000); // it would have gone on by then: above it took less
    expect(await revisions()).toEqual(["second", "first", "first"]);
    host.commit(everywhere("third"));
    await look();
    await eventually(revisions, ["third", "third", "third"], 180);
  });

  /** An Application of the tenant's project that somebody makes by hand, synchronised once. */
  async function byHand(name: string, destination: { name: string; namespace: string }): Promise<void> {
    const metadata = { name, namespace: "argocd" };
    const source = { repoURL: host.url, path: name, targetRevision: "main" };
    const spec = { project: "shop", source, destination };
    const operation = { sync: { revision: "main" }, initiatedBy: { username: "somebody" } };
    const application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata, spec, operation };
    const { exitCode, text } = await project.kubectl("hub", "apply --server-side -f -", [application]);
    if (exitCode !== 0) throw new Error(text);
  }
  const phaseOf = async (name: string) => (await app(name)).status?.operationState?.phase;

  it("refuses kinds and namespaces that are not the project's, by its reasons, and applies nothing of the rest", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "stray" }, spec: web().spec.template.spec };
    const elsewhere = { ...settings("stray"), metadata: { name: "stray", namespace: "catalogue" } };
    host.commit({ stray: [{ ...settings("stray"), metadata: { name: "well-behaved" } }, pod, elsewhere] });
    await byHand("stray", { name: "east", namespace: "shop" });
    await eventually(() => phaseOf("stray"), "Failed", 60);
    const resources = (await app("stray")).status?.operationState?.syncResult?.resources ?? [];
    const reasons = resources.filter(({ status }) => status === "SyncFailed").map(({ message }) => message);
    expect(reasons.sort()).toEqual([
      "namespace catalogue is not permitted in project 'shop'",
      "resource :Pod is not permitted in project shop",
    ]);
    const found = await project.read("east", "get pods,configmaps --all-namespaces -o name");
    expect(found).not.toMatch(/\/(stray|well-behaved)$/m);
  });

  it("passes over kinds that are the platform's, and says so", async () => {
    const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] };
    const open = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "open" }, spec };
    host.commit({ opened: [open, { ...settings("opened"), metadata: { name: "opened" } }] });
    await byHand("opened", { name: "east", namespace: "shop" });
    await eventually(() => phaseOf("opened"), "Succeeded", 60);
    expect((await app("opened")).status?.conditions).toMatchObject([
      { type: "ExcludedResourceWarning", message: expect.stringContaining("networking.k8s.io/NetworkPolicy open") },
    ]);
    expect(await project.read("east", "-n shop get networkpolicy open --ignore-not-found -o name")).toBe("");
    await project.read("east", "-n shop get configmap opened");
  });

  it("leads nowhere but to the tenant's namespaces: the project says no to another tenant's, the rules to the platform's", async () => {
    await byHand("foreign", { name: "east", namespace: "catalogue" });
    await eventually(async () => (await app("foreign")).status?.conditions?.[0]?.type, "InvalidSpecError", 60);
    expect((await app("foreign")).status?.conditions?.[0]?.message).toContain("project 'shop'");
    await expect(byHand("platform", { name: "east", namespace: "kube-system" })).rejects.toThrow("[ar-04]");
  });

  it("writes nothing but what the repository has: all that the platform made is as it was", async () => {
    const its = ["shop/ConfigMap/settings", "shop/Deployment/web"];
    expect(await writtenByArgoCd("east")).toEqual(["shop/ConfigMap/opened", ...its]);
    expect(await writtenByArgoCd("west")).toEqual(its);
    const own = (object: string) => object.startsWith("argocd/");
    expect((await writtenByArgoCd("hub")).filter((object) => !own(object))).toEqual(its);
    await project.succeed("preview --refresh --expect-no-changes");
  });

  it.each(["argocd-application-controller", "argocd-applicationset-controller", "argocd-server"])(
    "needs no right that %s does not have",
    (name) => {
      const lines = (argoCd?.logOf(name) ?? "").split("\n");
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.filter((line) => /forbidden/i.test(line))).toEqual([]);
      expect(argoCd?.ended).toEqual([]);
    },
  );
});
