import { describe, expect, it } from "@jest/globals";
import {
  namespacesOn,
  projectName,
  sourceUid,
  TENANT_HEADERS,
  TENANT_NAME_LENGTH,
  type Tenant,
  type TenantStore,
  tenantHeader,
  tenantNameFault,
} from "../../components/tenant";

const size = { cpu: "1", memory: "1Gi", pods: 1, storage: "1Gi" };
const shop: Tenant = {
  name: "shop",
  team: "payments",
  group: "acme:payments",
  clusters: ["east"],
  namespaces: { shop: size, "shop-jobs": size },
};

describe("a tenant", () => {
  it("is named to each store in that store's own header", () =>
    expect((["loki", "jaeger", "thanos"] as const).map((store) => tenantHeader(store, "shop"))).toEqual([
      { "X-Scope-OrgID": "shop" },
      { "x-tenant": "shop" },
      { "THANOS-TENANT": "shop" },
    ]));

  it("has its namespaces where it runs, and none elsewhere", () =>
    expect([namespacesOn(shop, "east"), namespacesOn(shop, "west")]).toEqual([["shop", "shop-jobs"], []]));

  it("has a project of its own name", () => expect(projectName(shop)).toBe("shop"));

  it("has a name from which every derived name fits", () => {
    const longest = "a".repeat(TENANT_NAME_LENGTH);
    expect(tenantNameFault(longest)).toBeUndefined();
    expect(tenantNameFault(`${longest}a`)).toContain("has 33 characters, must be at most 32");
    const stores = Object.keys(TENANT_HEADERS) as TenantStore[];
    expect(Math.max(...stores.map((store) => sourceUid(store, longest).length))).toBeLessThanOrEqual(40);
  });

  it.each(["platform", "default", "default-tenant", "fake"])("is not called %s, which means something else", (name) =>
    expect(tenantNameFault(name)).toMatch(/^is .*: choose another name$/),
  );

  it("may be called like something that every object has", () =>
    expect(tenantNameFault("constructor")).toBeUndefined());
});
