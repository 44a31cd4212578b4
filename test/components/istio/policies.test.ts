import { beforeAll, describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { ensureUpstream } from "../../../components/upstream";
import { find, type Rendered, render } from "./mesh";

beforeAll(() => ensureUpstream(), 300_000);

const ofKind = (objects: readonly KubeObject[], wanted: string): Rendered[] =>
  objects.filter(({ kind }) => kind === wanted);

/** A request as an AuthorizationPolicy sees it: who, to which pod, on which port and path. */
interface Request {
  readonly from?: { readonly namespace: string; readonly account: string };
  readonly to: { readonly namespace: string; readonly labels?: Record<string, string> };
  readonly port?: number;
  readonly path?: string;
}

/** Whether the policies allow a request: at least one of those that hold for the pod has a rule that matches it. */
function isAllowed(objects: readonly KubeObject[], { from, to, path = "/", port = 8080 }: Request): boolean {
  const principal = from && `dev.mesh.internal/ns/${from.namespace}/sa/${from.account}`;
  const holds = ofKind(objects, "AuthorizationPolicy").filter(
    ({ metadata, spec }) =>
      [to.namespace, "istio-system"].includes(metadata.namespace) &&
      Object.entries(spec.selector?.matchLabels ?? {}).every(([label, value]) => to.labels?.[label] === value),
  );
  // without any policy Istio would allow all
  expect(holds.length).toBeGreaterThan(0);
  const hasPrefix = (pattern: string) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  const sourceMatches = ({ source }: Rendered) =>
    (source.namespaces?.includes(from?.namespace) ?? true) && (source.principals?.includes(principal) ?? true);
  const operationMatches = ({ operation }: Rendered) =>
    (operation.ports?.includes(String(port)) ?? true) && !(operation.notPaths ?? []).some(hasPrefix);
  return holds.some(({ spec }) =>
    (spec.rules ?? []).some(
      (rule: Rendered) => (rule.from?.some(sourceMatches) ?? true) && (rule.to?.some(operationMatches) ?? true),
    ),
  );
}

const cart = { namespace: "shop", account: "cart" };
const job = { namespace: "shop-jobs", account: "report" };
const stranger = { namespace: "catalogue", account: "search" };
const ingressGateway = { namespace: "istio-ingress", account: "istio-ingressgateway" };
const gateway = (name: string) => ({ namespace: `istio-${name}`, labels: { istio: `${name}gateway` } });

describe("the mesh's policies", () => {
  it("demand mutual TLS of every program of the mesh", () => {
    const [strict, ...others] = ofKind(render(), "PeerAuthentication");
    expect(others).toEqual([]);
    expect(strict.metadata).toMatchObject({ name: "default", namespace: "istio-system" });
    expect(strict.spec).toEqual({ mtls: { mode: "STRICT" } });
  });

  it("allow nothing by themselves, in any namespace", () => {
    expect(find(render(), "AuthorizationPolicy/default-deny", "istio-system").spec).toEqual({ action: "ALLOW" });
    expect(isAllowed(render(), { from: cart, to: { namespace: "istio-system" } })).toBe(false);
    expect(isAllowed(render(), { from: cart, to: { namespace: "another" } })).toBe(false);
  });

  it("let a tenant's programs talk to one another, and no other tenant's to them", () => {
    const objects = render();
    expect(isAllowed(objects, { from: cart, to: { namespace: "shop" } })).toBe(true);
    expect(isAllowed(objects, { from: job, to: { namespace: "shop" } })).toBe(true);
    expect(isAllowed(objects, { from: cart, to: { namespace: "shop-jobs" } })).toBe(true);
    expect(isAllowed(objects, { from: stranger, to: { namespace: "shop" } })).toBe(false);
    expect(isAllowed(objects, { to: { namespace: "shop" } })).toBe(false);
  });

  it("let the ingress gateway to tenants' programs, and no other program of its namespace", () => {
    expect(isAllowed(render(), { from: ingressGateway, to: { namespace: "shop" } })).toBe(true);
    const other = { namespace: "istio-ingress", account: "default" };
    expect(isAllowed(render(), { from: other, to: { namespace: "shop" } })).toBe(false);
  });

  it("let clients to the ingress gateway, but never to a profile", () => {
    const request = (path: string, port = 8443) => isAllowed(render(), { to: gateway("ingress"), port, path });
    expect([request("/"), request("/cart", 8080), request("/debugging")]).toEqual([true, true, true]);
    expect([request("/debug/pprof"), request("/debug/pprof/heap")]).toEqual([false, false]);
    expect(request("/", 15_020)).toBe(false);
  });

  it("let other networks to the east-west gateway on its one port", () => {
    const request = (port: number) => isAllowed(render(), { to: gateway("eastwest"), port });
    expect([request(15_443), request(8443)]).toEqual([true, false]);
  });

  it("let tenants to the egress gateway, and nobody else; nobody at all where there are none", () => {
    const none = { tenants: [{ name: "empty", namespaces: [] }], tenantNamespaces: [] };
    const request = (from: typeof cart | undefined, tenants = true) =>
      isAllowed(tenants ? render() : render(none), {
        ...(from ? { from } : {}),
        to: gateway("egress"),
        port: 8443,
      });
    expect([request(cart), request(stranger), request(ingressGateway), request(undefined)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(request(cart, false)).toBe(false);
    expect(find(render(none), "AuthorizationPolicy/allow-tenants").spec).not.toHaveProperty("rules");
  });

  it("are made only in namespaces that this cluster has", () => {
    const places = ofKind(render({ tenantNamespaces: ["shop"] }), "AuthorizationPolicy").map(
      ({ metadata }) => metadata.namespace,
    );
    expect(places.sort()).toEqual(["istio-eastwest", "istio-egress", "istio-ingress", "istio-system", "shop"]);
  });

  it("know the ingress gateway by the mesh's own trust domain", () => {
    const { rules } = find(
      render({ trustDomain: "acme.example" }),
      "AuthorizationPolicy/allow-tenant-and-ingress",
    ).spec;
    expect(rules[1].from[0].source.principals).toEqual(["acme.example/ns/istio-ingress/sa/istio-ingressgateway"]);
  });
});
