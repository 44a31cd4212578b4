import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { argoRolloutsArgs } from "../../stacks/argo-rollouts-args";
import { type Environment, EnvironmentError, parseEnvironment } from "../../stacks/environment";
import { slosOn } from "../../stacks/slo-args";
import { tenantsOf, tenantsOn } from "../../stacks/tenants";
import { sandboxEnvironment } from "../support/environments";

const sli = { kind: "istio", service: "checkout", namespace: "shop" };
const own = { kind: "availability", errors: "failures_total", total: "calls_total" };
const shop = { team: "payments", clusters: ["east"], namespaces: { shop: { cpu: "8", memory: "16Gi" } } };

const fleet = sandboxEnvironment("hub", "east");
const file = (slos: object, tenant: object = shop) =>
  stringify({ ...fleet, components: { ...fleet.components, istio: {} }, tenants: { shop: tenant }, slos });
const environment = (slos: object) => parseEnvironment(file(slos), "environments/dev.yaml");

function faults(slos: object): string[] {
  try {
    parseEnvironment(file(slos), "environments/dev.yaml");
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ message, path }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe("tenants of an environment", () => {
  it("run in every cluster unless they say where, and carry their team's group", () => {
    const everywhere = parseEnvironment(file({}, { ...shop, clusters: undefined }), "environments/dev.yaml");
    expect(tenantsOf(everywhere).map(({ clusters, group, team }) => [clusters, group, team])).toEqual([
      [["hub", "east"], "acme:payments", "payments"],
    ]);
    expect(tenantsOn(environment({}), "hub")).toEqual([]);
    expect(tenantsOn(environment({}), "east").map(({ name }) => name)).toEqual(["shop"]);
  });
});

describe("objectives of an environment", () => {
  it("judge the canaries of every cluster in which they are measured, where there is a Prometheus to ask", () => {
    const parsed = environment({ checkout: { tenant: "shop", objective: 0.999, sli } });
    const managed = { management: "managed" } as const;
    const ours = { argoRollouts: { ...parsed.components.argoRollouts, ...managed } };
    const metrics = { prometheus: { ...parsed.components.prometheus, ...managed } };
    const checked: Environment = { ...parsed, components: { ...parsed.components, ...ours, ...metrics } };
    const judges = (cluster: string, of = checked) =>
      argoRolloutsArgs(of, cluster, (image) => image)?.analyses?.map(({ name, threshold }) => [name, threshold]);
    expect(judges("east")).toEqual([["slo-checkout", 0.0144]]);
    expect(judges("hub")).toEqual([]);
    const { components } = checked;
    const without = {
      ...checked,
      components: { ...components, prometheus: { ...components.prometheus, management: "off" } },
    };
    expect(judges("east", without as Environment)).toEqual([]);
  });

  it("are measured where their tenant runs, and its team is told", () => {
    const slos = environment({ checkout: { tenant: "shop", objective: 0.999, sli } });
    expect(slosOn(slos, "hub")).toEqual([]);
    expect(slosOn(slos, "east")).toEqual([
      {
        name: "checkout",
        tenant: "shop",
        team: "payments",
        service: "checkout",
        objective: 0.999,
        windowDays: 30,
        sli,
      },
    ]);
  });

  it("are the platform's own without a tenant, and measured everywhere or where they say", () => {
    const slos = environment({
      api: { objective: 0.99, sli: own },
      hubs: { objective: 0.99, sli: own, clusters: ["hub"] },
    });
    expect(slosOn(slos, "hub").map(({ name, team }) => [name, team])).toEqual([
      ["api", "platform"],
      ["hubs", "platform"],
    ]);
    expect(slosOn(slos, "east").map(({ name }) => name)).toEqual(["api"]);
  });

  it.each<[string, object, string]>([
    ["a tenant that is not there", { tenant: "shed", sli }, "slos.x.tenant: no such tenant: tenants has shop"],
    [
      "a cluster without the tenant",
      { tenant: "shop", clusters: ["hub"], sli },
      "slos.x.clusters[0]: tenant shop does not run there",
    ],
    ["a cluster that is not there", { clusters: ["west"], sli: own }, "slos.x.clusters[0]: no such cluster"],
    [
      "a namespace of somebody else",
      { tenant: "shop", sli: { ...sli, namespace: "till" } },
      "slos.x.sli.namespace: tenant shop has no such namespace",
    ],
    ["what is no selector", { sli: { ...own, errors: "rate(x[1m])" } }, "slos.x.sli.errors: must be a series selector"],
    ["a service with braces", { service: "{{ x }}", sli: own }, "slos.x.service: must be 1–63 characters without"],
    ["an objective that is no share", { objective: 99.9, sli: own }, "slos.x.objective"],
  ])("refuse %s", (_, slo, fault) =>
    expect(faults({ x: { objective: 0.99, ...slo } })).toEqual([expect.stringContaining(fault)]),
  );

  it("are told of each expression that does not end", () =>
    expect(
      faults({ x: { objective: 0.99, sli: { kind: "raw", errors: "rate(x[$window]", total: "y[$window]'" } } }),
    ).toEqual([
      'slos.x.sli.errors: must be PromQL: "(" is never closed',
      "slos.x.sli.total: must be PromQL: a text begins with ' and does not end",
    ]));
});
