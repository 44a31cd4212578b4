import { beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { clusterParts } from "../../components/cluster-parts";
import type { KubeObject } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { clusterArgs } from "../../stacks/cluster-args";
import { crossClusterCredentials } from "../../stacks/credentials";
import { type Environment, EnvironmentError, parseEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

const CLUSTERS = ["hub", "east", "west"];

function environment(change: object = {}, clusters = CLUSTERS, components: object = {}): Environment {
  const fleet = sandboxEnvironment(...clusters);
  const own = { ...fleet.components, istio: { management: "managed" }, ...components };
  return parseEnvironment(stringify({ ...fleet, components: own, ...change }), "environments/test.yaml");
}

const references = (of: Environment) =>
  Object.keys(of.clusters).flatMap((cluster) =>
    clusterParts(clusterArgs(of, cluster, "test")).flatMap(({ secrets }) =>
      (secrets ?? []).map((reference) => ({ cluster, ...reference })),
    ),
  );

const secretsOf = (of: Environment) => renderedObjects(of).filter(({ component }) => component === "external-secrets");

describe("what crosses clusters", () => {
  it("is access of every istiod to every other cluster, both ways", () => {
    const pairs = crossClusterCredentials(environment()).flatMap(({ cluster, consumers }) =>
      consumers.map((consumer) => `${consumer.cluster} → ${cluster}`),
    );
    expect(pairs.sort()).toEqual(
      CLUSTERS.flatMap((from) => CLUSTERS.filter((to) => to !== from).map((to) => `${from} → ${to}`)).sort(),
    );
  });

  it("is issued for exactly the references that the components have", () => {
    const fleet = environment();
    const issued = references(fleet)
      .filter(({ origin }) => origin === "issued")
      .flatMap(({ cluster, keys, name, namespace }) =>
        [...new Set(Object.values(keys).map(({ entry }) => entry))].map(
          (entry) => `${cluster} ${namespace}/${name} ${entry}`,
        ),
      );
    const consumed = crossClusterCredentials(fleet).flatMap(({ consumers, entry }) =>
      consumers.map(({ cluster, namespace, secretName }) => `${cluster} ${namespace}/${secretName} ${entry}`),
    );
    expect(consumed.length).toBe(6);
    expect(issued.sort()).toEqual(consumed.sort());
  });

  it("is named after its purpose and its cluster, once each", () => {
    const names = crossClusterCredentials(environment()).map(({ name }) => name);
    expect(names).toEqual(["istio-remote-hub", "istio-remote-east", "istio-remote-west"]);
  });

  it("is read by an account that exists in the cluster, whose rights end at reading", () => {
    const objects = renderedObjects(environment()).filter(({ cluster }) => cluster === "east");
    const [{ namespace, serviceAccount } = { namespace: "", serviceAccount: "" }] = crossClusterCredentials(
      environment(),
    );
    const of = (kind: string) => objects.map(({ object }) => object).filter((object) => object.kind === kind);
    expect(of("ServiceAccount").map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toContain(
      `${namespace}/${serviceAccount}`,
    );
    const bound = (object: KubeObject) =>
      (object.subjects as { name: string }[]).some(({ name }) => name === serviceAccount);
    const bindings = [...of("ClusterRoleBinding"), ...of("RoleBinding")].filter(bound);
    const roles = bindings.map(({ roleRef }) => (roleRef as { name: string }).name);
    const verbs = of("ClusterRole")
      .filter(({ metadata }) => roles.includes(metadata.name))
      .flatMap(({ rules }) => (rules as { verbs: string[] }[]).flatMap((rule) => rule.verbs));
    expect(new Set(verbs)).toEqual(new Set(["get", "list", "watch"]));
  });

  it("is access of Argo CD to every cluster that has a tenant, its own included", () => {
    const tenants = {
      shop: { team: "payments", clusters: ["hub", "west"], namespaces: { shop: { cpu: "1", memory: "1Gi" } } },
    };
    const fleet = environment({ tenants }, CLUSTERS, {
      istio: { management: "off" },
      argoCd: { management: "managed" },
    });
    expect(crossClusterCredentials(fleet).map(({ consumers, name }) => [name, consumers])).toEqual(
      ["hub", "west"].map((cluster) => [
        `argo-cd-${cluster}`,
        [{ cluster: "hub", namespace: "argocd", secretName: `cluster-${cluster}` }],
      ]),
    );
    const secrets = references(fleet).filter(({ namespace }) => namespace === "argocd");
    expect(secrets.map(({ cluster, name }) => `${cluster} ${name}`)).toEqual([
      "hub cluster-west",
      "hub cluster-hub",
      "hub argocd-secret",
      "hub argocd-redis",
    ]);
    expect(secrets[0]).toMatchObject({
      labels: { "argocd.argoproj.io/secret-type": "cluster" },
      plain: { namespaces: "shop", clusterResources: "false" },
    });
  });

  it("is nothing in a mesh of one cluster, and where the mesh is somebody else's", () => {
    expect(crossClusterCredentials(environment({}, ["hub"]))).toEqual([]);
    expect(crossClusterCredentials(environment({}, CLUSTERS, { istio: { management: "external" } }))).toEqual([]);
  });
});

describe("the store of an environment", () => {
  it("is the sandbox's own in a sandbox, without a word", () => {
    const sandbox = environment();
    const stores = secretsOf(sandbox).flatMap(({ object }) =>
      object.kind === "ExternalSecret"
        ? [(object.spec as { secretStoreRef: { name: string } }).secretStoreRef.name]
        : [],
    );
    expect(stores.length).toBeGreaterThanOrEqual(6);
    expect(stores).toEqual(references(sandbox).map(() => "sandbox"));
  });

  it("is the team's where the environment names it", () => {
    const team = environment({ secretStore: { kind: "external-secrets", name: "vault" } });
    expect(JSON.stringify(secretsOf(team).map(({ object }) => object.spec))).toContain('"name":"vault"');
    expect(secretsOf(team).every(({ object }) => object.kind === "ExternalSecret")).toBe(true);
  });

  it("is none elsewhere: whoever keeps secrets brings them", () => {
    expect(secretsOf(environment({ sandbox: undefined }))).toEqual([]);
  });

  it("holds the CA that all clusters share, where the environment names its Secret", () => {
    const shared = environment({}, CLUSTERS, { certManager: { caSecretName: "fleet-ca" } });
    const found = references(shared).filter(({ name }) => name === "fleet-ca");
    expect(found.map(({ cluster, namespace }) => `${cluster} ${namespace}`)).toEqual(
      CLUSTERS.map((cluster) => `${cluster} cert-manager`),
    );
    expect(new Set(found.flatMap(({ keys }) => Object.values(keys).map(({ entry }) => entry)))).toEqual(
      new Set(["fleetwright/test/ca"]),
    );
  });

  it.each<[string, object, string]>([
    [
      "the sandbox's, elsewhere",
      { sandbox: undefined, secretStore: { kind: "sandbox" } },
      "these clusters are not the sandbox's",
    ],
    ["an operator's without a name", { secretStore: { kind: "external-secrets" } }, "secretStore.name: is missing"],
    ["the sandbox's with a name", { secretStore: { kind: "sandbox", name: "x" } }, "the sandbox has one store"],
    ["tokens for ever", { credentials: { lifetimeHours: 721 } }, "credentials.lifetimeHours is 721"],
    ["tokens for no time", { credentials: { lifetimeHours: 0 } }, "credentials.lifetimeHours is 0"],
  ])("is refused: %s", (_, change, message) => {
    expect(() => environment(change)).toThrow(message);
    expect(() => environment(change)).toThrow(EnvironmentError);
  });
});
