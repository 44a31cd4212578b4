import { beforeAll, describe, expect, it } from "@jest/globals";
import { ClusterBaseChart } from "../../../components/cluster-base";
import { checkFlow } from "../../../components/flow";
import { istioFlows, istioNamespaces } from "../../../components/istio";
import type { IstioArgs } from "../../../components/istio/settings";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import { ensureUpstream } from "../../../components/upstream";
import { type Endpoint, isReachable } from "../../support/reachability";
import { containerOf, find, mesh, type Rendered, render } from "./mesh";

beforeAll(() => ensureUpstream(), 300_000);

const GATEWAYS = ["ingress", "egress", "eastwest"] as const;
const service = (objects: readonly KubeObject[], name: string): Rendered =>
  find(objects, `Service/istio-${name}gateway`);

describe("gateways", () => {
  it("are pods of their own: nothing is injected into them", () => {
    for (const name of GATEWAYS) {
      const { metadata, spec } = find(render(), `Deployment/istio-${name}gateway`).spec.template;
      expect(metadata.labels["sidecar.istio.io/inject"]).toBe("false");
      expect(spec.containers.map((each: Rendered) => [each.name, each.image])).toEqual([
        ["istio-proxy", mesh.images.proxy],
      ]);
      expect(spec.automountServiceAccountToken).toBe(false);
    }
  });

  it("are selected by the labels that their Services and Gateway objects name", () => {
    const objects = render({ egressHosts: ["api.example.com"] });
    for (const name of GATEWAYS) {
      const { labels } = find(objects, `Deployment/istio-${name}gateway`).spec.template.metadata;
      expect(labels).toMatchObject(service(objects, name).spec.selector);
      expect(labels.istio).toBe(`${name}gateway`);
    }
    expect(find(objects, "Gateway/cross-network-gateway").spec.selector).toEqual({ istio: "eastwestgateway" });
    expect(find(objects, "Gateway/egress").spec.selector).toEqual({ istio: "egressgateway" });
  });

  it("have Services whose every port leads to a port of the pod", () => {
    for (const name of GATEWAYS) {
      const ports = containerOf(render(), `Deployment/istio-${name}gateway`).ports.map((port: Rendered) => port.name);
      for (const { targetPort } of service(render(), name).spec.ports) expect(ports).toContain(targetPort);
    }
  });

  it("face the world, but for the egress gateway", () => {
    expect(GATEWAYS.map((name) => service(render(), name).spec.type)).toEqual([
      "LoadBalancer",
      "ClusterIP",
      "LoadBalancer",
    ]);
    expect(GATEWAYS.map((name) => service(render(), name).spec.ports.map(({ port }: Rendered) => port))).toEqual([
      [15_021, 80, 443],
      [443],
      [15_021, 15_443],
    ]);
  });

  it("tell every istiod of the mesh the way into their network", () => {
    expect(service(render(), "eastwest").metadata.labels["topology.istio.io/network"]).toBe("central");
    expect(service(render(), "ingress").metadata.labels).not.toHaveProperty(["topology.istio.io/network"]);
    expect(containerOf(render(), "Deployment/istio-eastwestgateway").env).toContainEqual({
      name: "ISTIO_META_REQUESTED_NETWORK_VIEW",
      value: "central",
    });
  });

  it("have none to other networks where there is none", () => {
    const same: Partial<IstioArgs> = { peers: [{ cluster: "east", network: "central" }] };
    for (const args of [same, { peers: [] }]) {
      const names = render(args).flatMap(({ metadata }) => [metadata.name, metadata.namespace]);
      expect(names).toContain("istio-ingressgateway");
      expect(names.filter((name) => /eastwest|cross-network/.test(name ?? ""))).toEqual([]);
      expect(istioNamespaces({ ...mesh, ...args }).map(({ name }) => name)).toEqual([
        "istio-system",
        "istio-cni",
        "istio-ingress",
        "istio-egress",
      ]);
    }
  });

  it("take the annotations and ranges that their cloud is to know", () => {
    const serviceAnnotations = { "service.beta.kubernetes.io/aws-load-balancer-type": "external" };
    const objects = render({ gateways: { ingress: { serviceAnnotations, sourceRanges: ["203.0.113.0/24"] } } });
    expect(service(objects, "ingress").metadata.annotations).toEqual(serviceAnnotations);
    expect(service(objects, "ingress").spec.loadBalancerSourceRanges).toEqual(["203.0.113.0/24"]);
    expect(service(objects, "eastwest").metadata.annotations).toBeUndefined();
  });

  it("serve certificates only where clients come in", () => {
    const roles = render().filter(({ kind, metadata }) => kind === "Role" && metadata.namespace !== "istio-system");
    expect(roles.map(({ metadata, rules }) => [metadata.namespace, rules])).toEqual([
      ["istio-ingress", [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }]],
    ]);
  });
});

describe("the network", () => {
  const base = (args: Partial<IstioArgs>) =>
    objectsOf(
      new ClusterBaseChart({
        kubernetes: "1.35",
        owner: "platform",
        teams: { payments: { group: "acme:payments" } },
        tenants: {
          shop: { team: "payments", namespaces: Object.fromEntries(["shop", "shop-jobs"].map((name) => [name, size])) },
        },
        platformNamespaces: istioNamespaces({ ...mesh, ...args }),
        network: { serviceCidrs: ["10.96.0.0/16"], apiServerCidrs: ["172.16.0.0/28"] },
        flows: istioFlows({ ...mesh, ...args }),
      }),
    );
  const size = { cpu: "1", memory: "1Gi", pods: 10, storage: "1Gi" };
  const policies = (args: Partial<IstioArgs> = {}) => base(args).filter(({ kind }) => kind === "NetworkPolicy");
  const namespaces = Object.fromEntries(
    ["shop", "shop-jobs", "istio-system", "istio-cni", "istio-ingress", "istio-egress", "istio-eastwest"].map(
      (name) => [name, { "kubernetes.io/metadata.name": name }],
    ),
  );
  const pod = (namespace: string, name: string, part: string): Endpoint => ({
    address: "10.244.1.1",
    namespace,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/component": part },
  });
  const cart: Endpoint = { address: "10.244.1.2", namespace: "shop", labels: { app: "cart" } };
  const istiod = pod("istio-system", "istiod", "discovery");
  const gateway = (name: string) => pod(`istio-${name}`, `istio-${name}gateway`, "istio-proxy");
  const outside: Endpoint = { address: "198.51.100.7" };
  const apiServer: Endpoint = { address: "172.16.0.1" };
  const reaches = (from: Endpoint, to: Endpoint, port: number, args?: Partial<IstioArgs>) =>
    isReachable(policies(args), namespaces, { from, to, port, protocol: "TCP" });

  it("has flows that are right in themselves", () => {
    for (const flow of istioFlows(mesh)) checkFlow(flow);
    expect(istioFlows(mesh).length).toBeGreaterThan(10);
  });

  it("leads proxies and gateways to istiod by TLS, and to none of its other ports", () => {
    for (const from of [cart, ...GATEWAYS.map(gateway)]) {
      expect([15_012, 8080, 15_010, 15_014, 15_017].map((port) => reaches(from, istiod, port))).toEqual([
        true,
        false,
        false,
        false,
        false,
      ]);
    }
  });

  it("leads the API server to istiod's webhooks, and istiod to the API server", () => {
    expect(reaches(apiServer, istiod, 15_017)).toBe(true);
    expect(reaches(istiod, apiServer, 6443)).toBe(true);
    expect(reaches(outside, istiod, 15_017)).toBe(false);
    expect(reaches(gateway("ingress"), apiServer, 6443)).toBe(false);
  });

  it("leads clients in by the ingress gateway and on to tenants' programs", () => {
    expect([8080, 8443, 15_021, 15_020, 15_000].map((port) => reaches(outside, gateway("ingress"), port))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(reaches(gateway("ingress"), cart, 9000)).toBe(true);
    expect(reaches(outside, cart, 9000)).toBe(false);
  });

  it("leads from network to network by their gateways, where there are other networks", () => {
    expect(reaches(outside, gateway("eastwest"), 15_443)).toBe(true);
    expect(reaches(gateway("eastwest"), cart, 9000)).toBe(true);
    expect(reaches(cart, outside, 15_443)).toBe(true);
    expect(reaches(cart, outside, 15_443, { peers: [] })).toBe(false);
  });

  it("leads out by the egress gateway alone, and only where a host is named", () => {
    const named = { egressHosts: ["api.example.com"] };
    expect(reaches(cart, gateway("egress"), 8443)).toBe(true);
    expect(reaches(gateway("egress"), outside, 443)).toBe(false);
    expect(reaches(gateway("egress"), outside, 443, named)).toBe(true);
    expect(reaches(cart, outside, 443, named)).toBe(false);
  });
});
