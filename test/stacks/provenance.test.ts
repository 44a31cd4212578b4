/** What is said to decide an object does, and what is not said does not: each is held against the file really changed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseDocument, stringify } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { printPath, valueAt } from "../../policies/engine/path";
import { parseEnvironment } from "../../stacks/environment";
import { type Provenance, provenanceOf } from "../../stacks/provenance";
import { alternativesOf } from "../../stacks/provenance/alternatives";
import { changedFields } from "../../stacks/provenance/changed-fields";
import { type SettingPath, settingsOf } from "../../stacks/provenance/settings";
import { render } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

const spec = {
  ...sandboxEnvironment(),
  teams: { payments: { group: "acme:payments" }, search: { group: "acme:search" } },
};
const text = stringify(spec);
let root: string;

beforeAll(async () => {
  await ensureUpstream();
  root = mkdtempSync(join(tmpdir(), "fleetwright-provenance-"));
  mkdirSync(join(root, "components"));
  writeFileSync(
    join(root, "components", "contacts.js"),
    `module.exports = { objects: ({ cluster, environment }) => [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "page", namespace: "shop" }, data: { where: cluster.region, whose: environment.owner } },
    ] };`,
  );
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The object as a file of that text makes it, with everything around it. */
function madeBy(changed: string, component: string, key: string): KubeObject | undefined {
  const objects =
    render(parseEnvironment(changed, "dev.yaml", root))
      .get("hub")
      ?.get(component) ?? [];
  return objects.find((object) => keyOf(object) === key);
}

function textWith(path: SettingPath, value: unknown): string {
  const document = parseDocument(text);
  if (value === null) document.deleteIn(path);
  else document.setIn(path, document.createNode(value));
  return document.toString();
}

const find = (component: string, key: string) =>
  provenanceOf(parseEnvironment(text, "dev.yaml", root), spec, { cluster: "hub", component, key });

const shown = ({ decisions }: Provenance) => decisions.map(({ path }) => printPath(path));

describe("what decides an object", () => {
  it.each([
    ["contacts", "/ConfigMap/shop/page", { owner: ["data.whose"], "clusters.hub.region": ["data.where"] }],
    [
      "storage-classes",
      "storage.k8s.io/StorageClass//standard",
      { "storageClasses.standard.reclaimPolicy": ["reclaimPolicy"] },
    ],
    ["cluster-base", "/Namespace//shop", { "tenants.shop.team": ['metadata.labels["fleetwright.dev/owner"]'] }],
    [
      "gatekeeper",
      "constraints.gatekeeper.sh/FleetwrightImageRegistry//im-03",
      { "images.registries": ["spec.parameters.registries[0]"] },
    ],
    [
      "gatekeeper",
      "apps/Deployment/gatekeeper-system/gatekeeper-controller-manager",
      { "components.gatekeeper.replicas": ["spec.replicas"] },
    ],
  ])("is found for %s %s, and is so when the file is really changed", async (component, key, expected) => {
    const before = madeBy(text, component, key);
    const provenance = await find(component, key);
    for (const [path, fields] of Object.entries(expected)) {
      const decision = provenance.decisions.find((one) => printPath(one.path) === path);
      expect({ path, fields: decision?.fields }).toEqual({ path, fields: expect.arrayContaining(fields) });
    }
    for (const { existence, fields, holds, path, tried } of provenance.decisions) {
      if (!holds || path.length === 0 || printPath(path) === "clusters.hub") continue;
      const after = tried.map((value) => madeBy(textWith(path, value), component, key));
      const seen = after.flatMap((object) => (object ? changedFields(before, object) : []));
      expect({ path, fields: [...new Set(seen)].sort() }).toEqual({ path, fields: [...fields].sort() });
      expect({ path, gone: after.includes(undefined) }).toEqual({ path, gone: existence });
    }
  });

  it("is nothing else: other values of all that is not named leave the object as it is", async () => {
    const [component, key] = ["storage-classes", "storage.k8s.io/StorageClass//standard"];
    const before = madeBy(text, component, key);
    const provenance = await find(component, key);
    const named = [...shown(provenance), ...provenance.unknown.map(({ path }) => printPath(path))];
    const others = settingsOf(spec).filter(({ form, path }) => form === "value" && !named.includes(printPath(path)));
    const changed = others.flatMap((setting) => {
      const texts = alternativesOf(setting, spec).map((value) => textWith(setting.path, value ?? null));
      const valid = texts.find((candidate) => isValid(candidate));
      return valid === undefined ? [] : [{ path: setting.path, after: madeBy(valid, component, key) }];
    });
    expect(changed.length).toBeGreaterThan(15);
    expect(changed.filter(({ after }) => JSON.stringify(after) !== JSON.stringify(before))).toEqual([]);
  });

  it("includes whether it is there at all, and what the file does not say", async () => {
    const quota = await find("cluster-base", "/Namespace//shop");
    expect(quota.decisions.filter(({ existence }) => existence).map(({ path }) => printPath(path))).toContain(
      "tenants.shop.namespaces.shop",
    );
    const replicas = (await find("cert-manager", "apps/Deployment/cert-manager/cert-manager")).decisions.find(
      ({ path }) => printPath(path) === "components.certManager.controllerReplicas",
    );
    expect(replicas).toMatchObject({ isSet: false, fields: ["spec.replicas"] });
    expect(valueAt(spec, replicas?.path ?? [])).toBeUndefined();
  });

  it("is left unknown where time runs out, and said to be", async () => {
    const environment = parseEnvironment(text, "dev.yaml", root);
    const about = { cluster: "hub", component: "cluster-base", key: "/Namespace//shop" };
    const { tried, unknown } = await provenanceOf(environment, spec, about, { seconds: 0 });
    expect(unknown.length).toBeGreaterThan(20);
    expect(unknown.every(({ reason }) => reason === "no time left" || reason === "no other value")).toBe(true);
    expect(tried).toBeLessThan(20);
  });
});

function isValid(candidate: string): boolean {
  try {
    render(parseEnvironment(candidate, "dev.yaml", root));
    return true;
  } catch {
    return false;
  }
}
