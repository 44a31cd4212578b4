import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { ArgoCdChart } from "../../../components/argo-cd";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { argocd } from "../../../proofs/accept/argocd";
import { applicationsOf } from "../../../proofs/accept/argocd-applications";
import { rightsMeant } from "../../../proofs/accept/argocd-rights";
import { firstLost } from "../../../proofs/accept/lost";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { argoCdArgs } from "../../../stacks/argo-cd-args";
import { loadEnvironment } from "../../../stacks/environment";
import type { Rendered } from "../../components/argo-cd/rendered";

beforeAll(() => ensureUpstream(), 300_000);

const dev = loadEnvironment("dev", packageRoot());
const image = (name: string) => `registry.example/${name}`;

const rendered = (): Rendered[] => {
  const args = argoCdArgs(dev, "hub", image);
  if (!args) throw new Error("the hub has Argo CD");
  return structuredClone(objectsOf(new ArgoCdChart(args)));
};

describe("the Applications of an ApplicationSet", () => {
  const set = () => rendered().find(({ kind }) => kind === "ApplicationSet");

  it("are its template with the values of each element, and its patch", () => {
    const applications: Rendered[] = applicationsOf(set());
    expect(applications.map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.source.path])).toEqual([
      ["argocd", "shop-hub", "clusters/hub"],
      ["argocd", "shop-east", "clusters/east"],
      ["argocd", "shop-west", "clusters/west"],
    ]);
    expect(applications[0].spec.syncPolicy.automated).toEqual({ allowEmpty: false, prune: false, selfHeal: true });
  });

  it("cannot be told where an element lacks a value", () => {
    const lacking = set();
    delete lacking.spec.generators[0].list.elements[1].path;
    expect(() => applicationsOf(lacking)).toThrow("ApplicationSet dev: an element has no path");
  });
});

describe("the rights that an environment means", () => {
  it("are a team's to look at and synchronise what is its own, and at nothing else", () => {
    const said = rightsMeant(dev)
      .filter(({ action, resource }) => resource === "applications" && /^(get|sync|delete)$/.test(action))
      .map(({ action, allowed, object, who }) => `${who} ${allowed ? "may" : "may not"} ${action} ${object}`);
    expect(said).toEqual([
      "acme:payments may get shop/any",
      "acme:payments may sync shop/any",
      "acme:payments may not delete shop/any",
      "acme:payments may not get catalogue/any",
      "acme:payments may not sync catalogue/any",
      "acme:search may get catalogue/any",
      "acme:search may sync catalogue/any",
      "acme:search may not delete catalogue/any",
      "acme:search may not get shop/any",
      "acme:search may not sync shop/any",
      "nobody may not get any/any",
    ]);
  });
});

describe("what a program has not read", () => {
  it.each<[unknown, string | undefined]>([
    [{ a: { b: [1, 2] } }, undefined],
    [{ a: {}, c: false, d: "", e: [] }, undefined],
    [{ a: { b: [1, 3] } }, "a.b.1"],
    [{ a: { x: 1 } }, "a.x"],
    [{ c: [{ x: 1 }] }, "c.0.x"],
  ])("of %j is told by its path", (written, path) => {
    expect(firstLost(written, { a: { b: [1, 2] } })).toBe(path);
  });
});

const built = installedTools().find(({ tool }) => tool === "argocd");

(built ? describe : describe.skip)("Argo CD's own program (skipped without argocd)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (objects: readonly KubeObject[]) =>
    argocd.judge(built?.path ?? "", { name: "hub", objects, environment: dev, imageRef: image }, folder);
  /** What is refused of a changed object, and why: of a whole render every question costs the start of its program. */
  const refused = async (changed: string, file: string, change: (object: Rendered) => void) => {
    const keyOf = ({ kind, metadata }: Rendered) => `${kind}/${metadata.name}`;
    const objects = rendered().filter(
      (object) =>
        keyOf(object) === changed ||
        object.metadata.name === basename(file) ||
        (file === "ConfigMap/argocd-rbac-cm" && object.kind === "AppProject"),
    );
    change(objects.find((object) => keyOf(object) === changed));
    return (await judge(objects)).filter(({ message }) => message !== undefined);
  };

  it("accepts settings, rights, projects, Applications and every command line", async () => {
    expect(await judge(rendered())).toEqual(
      [
        "ConfigMap/argocd-cm",
        "ConfigMap/argocd-rbac-cm",
        "AppProject/default",
        "AppProject/shop",
        "AppProject/catalogue",
        "Application/shop-hub",
        "Application/shop-east",
        "Application/shop-west",
        "argocd-applicationset-controller/argocd-applicationset-controller",
        "argocd-repo-server/argocd-repo-server",
        "argocd-server/argocd-server",
        "argocd-application-controller/argocd-application-controller",
      ].map((file) => ({ file: `hub/argocd/${file}` })),
    );
  });

  it.each<[string, string, (object: Rendered) => void, string, string]>([
    [
      "single sign-on that cannot be read",
      "ConfigMap/argocd-cm",
      ({ data }) => Object.assign(data, { "oidc.config": "name: [" }),
      "ConfigMap/argocd-cm",
      "oidc.config",
    ],
    [
      "a policy that is none",
      "ConfigMap/argocd-rbac-cm",
      ({ data }) => Object.assign(data, { "policy.csv": "p, role:payments, projects\n" }),
      "ConfigMap/argocd-rbac-cm",
      "invalid",
    ],
    [
      "a default that lets everybody look",
      "ConfigMap/argocd-rbac-cm",
      ({ data }) => Object.assign(data, { "policy.default": "role:readonly" }),
      "ConfigMap/argocd-rbac-cm",
      "nobody must not get applications any/any",
    ],
    [
      "a team that may delete Applications",
      "AppProject/shop",
      ({ spec }) => spec.roles[0].policies.push("p, proj:shop:team, applications, delete, shop/*, allow"),
      "ConfigMap/argocd-rbac-cm",
      "acme:payments must not delete applications shop/any",
    ],
    [
      "a team whose group is another",
      "AppProject/shop",
      ({ spec }) => Object.assign(spec.roles[0], { groups: ["acme:paiments"] }),
      "ConfigMap/argocd-rbac-cm",
      "acme:payments must get applications shop/any",
    ],
    [
      "a misspelt field of a project",
      "AppProject/shop",
      ({ spec }) => Object.assign(spec, { sourceRepositories: ["https://git.example/shop.git"] }),
      "AppProject/shop",
      "spec.sourceRepositories.0 is not read",
    ],
    [
      "a misspelt field of an Application",
      "ApplicationSet/dev",
      ({ spec }) => Object.assign(spec.template.spec.syncPolicy.retry, { limits: 3 }),
      "Application/shop-hub",
      "spec.syncPolicy.retry.limits is not read",
    ],
    [
      "a misspelt flag",
      "Deployment/argocd-repo-server",
      ({ spec }) => spec.template.spec.containers[0].args.push("--parallelism-limit=10"),
      "argocd-repo-server/argocd-repo-server",
      "unknown flag: --parallelism-limit",
    ],
    [
      "a program that it has not",
      "StatefulSet/argocd-application-controller",
      ({ spec }) => spec.template.spec.containers[0].args.splice(0, 1, "/usr/local/bin/argocd-controller"),
      "argocd-application-controller/argocd-application-controller",
      'there is no program "argocd-controller"',
    ],
    [
      "a setting that is no number",
      "ConfigMap/argocd-cmd-params-cm",
      ({ data }) => Object.assign(data, { "controller.sync.timeout.seconds": "30m" }),
      "argocd-application-controller/argocd-application-controller",
      "Could not parse '30m' as a number from environment ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT",
    ],
  ])("refuses %s, and names it", async (_, name, change, file, reason) => {
    const [only] = await refused(name, file, change);
    expect(only?.file).toBe(`hub/argocd/${file}`);
    expect(only?.message).toContain(reason);
  });
});
