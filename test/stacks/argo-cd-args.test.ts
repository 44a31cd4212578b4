import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { argoCdArgs } from "../../stacks/argo-cd-args";
import { argoRolloutsArgs } from "../../stacks/argo-rollouts-args";
import { type Environment, parseEnvironment } from "../../stacks/environment";
import { sandboxEnvironment } from "../support/environments";

const GITOPS = { repository: "https://git.example/shop.git", revision: "main" };

function environment(argoCd: object = {}, shop: object = {}, more: object = {}): Environment {
  const file = sandboxEnvironment("hub", "east", "west");
  const components = { ...file.components, argoCd, argoRollouts: {} };
  const tenants = { shop: { ...file.tenants.shop, ...shop } };
  return parseEnvironment(stringify({ ...file, components, tenants, ...more }), "environments/test.yaml");
}

const image = (of: string) => `registry.example/${of}:v1`;
const hubOf = (of: Environment) => argoCdArgs(of, "hub", image)?.hub;

describe("Argo CD of an environment", () => {
  it("runs on the hub, and has an account where a cluster has tenants' namespaces", () => {
    const fleet = environment({}, { clusters: ["east"] });
    expect(argoCdArgs(fleet, "east", image)).toEqual({ tenantNamespaces: ["shop"] });
    expect(argoCdArgs(fleet, "west", image)).toEqual({ tenantNamespaces: [] });
    expect(hubOf(fleet)?.tenants).toMatchObject([{ name: "shop", group: "acme:payments", clusters: ["east"] }]);
  });

  it("is nothing where it is off", () => {
    expect(argoCdArgs(environment({ management: "off" }), "hub", image)).toBeUndefined();
  });

  it("lets a change reach each spoke by itself, then the hub, unless the environment says otherwise", () => {
    expect(hubOf(environment())?.steps).toEqual([["east"], ["west"], ["hub"]]);
    const steps = [["west"], ["hub", "east"]];
    expect(hubOf(environment({ steps }))?.steps).toEqual(steps);
  });

  it("connects to the API servers of the spokes", () => {
    expect(hubOf(environment())?.apiServerCidrs).toEqual(["127.0.0.1/32"]);
  });

  it("synchronises what a tenant keeps in Git into the first of its namespaces, and prunes nothing", () => {
    const [shop] = hubOf(environment({}, { gitops: GITOPS }))?.tenants ?? [];
    expect(shop?.delivery).toEqual({ ...GITOPS, path: ".", namespace: "shop", prune: false });
    expect(hubOf(environment())?.tenants[0]?.delivery).toBeUndefined();
  });

  it.each<[string, object, object, string]>([
    [
      "a cluster that there is not",
      { steps: [["east"], ["west"], ["hub"], ["north"]] },
      {},
      "no such cluster: the environment has hub, east, west",
    ],
    [
      "a cluster without a step",
      { steps: [["east"], ["hub"]] },
      {},
      "has no step for west: a change would never reach there",
    ],
    [
      "a cluster in two steps",
      {
        steps: [
          ["east", "west"],
          ["hub", "east"],
        ],
      },
      {},
      "stands in two steps",
    ],
    [
      "a namespace that is another's",
      {},
      { gitops: { ...GITOPS, namespace: "x" } },
      "no such namespace: the tenant has shop",
    ],
    ["a repository that is a pattern", {}, { repositories: ["https://git.example/*"] }, "must be a Git address"],
    [
      "a repository without encryption",
      {},
      { gitops: { ...GITOPS, repository: "http://git.example/a" } },
      "must be a Git address",
    ],
    ["a path that leads out", {}, { gitops: { ...GITOPS, path: "../other" } }, "must be a relative path without .."],
    ["an address without encryption", { url: "http://argocd.example.com" }, {}, "must be an address such as"],
  ])("refuses %s", (_, argoCd, shop, message) => {
    expect(() => environment(argoCd, shop)).toThrow(message);
  });
});

describe("Argo Rollouts of an environment", () => {
  const slos = {
    shop: { tenant: "shop", objective: 0.99, sli: { kind: "istio", service: "shop", namespace: "shop" } },
  };
  const withPrometheus = (management: string) => {
    const { components } = sandboxEnvironment();
    return environment(
      {},
      {},
      { slos, components: { ...components, argoRollouts: {}, istio: {}, prometheus: { management } } },
    );
  };

  it("judges canaries by the objectives of the cluster, where the platform's Prometheus can be asked", () => {
    const analyses = (of: Environment) => argoRolloutsArgs(of, "east", image)?.analyses?.map(({ name }) => name);
    expect(analyses(withPrometheus("managed"))).toEqual(["slo-shop"]);
    expect(analyses(withPrometheus("off"))).toEqual([]);
  });

  it("writes in the namespaces of the cluster's tenants, on every cluster", () => {
    const fleet = environment({}, { clusters: ["east"] });
    expect(["hub", "east"].map((name) => argoRolloutsArgs(fleet, name, image)?.tenantNamespaces)).toEqual([
      [],
      ["shop"],
    ]);
  });
});
