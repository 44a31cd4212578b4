import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { findObject, type PlacedObject } from "../../stacks/object-search";

const object = (apiVersion: string, kind: string, name: string, namespace?: string, rest: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: namespace === undefined ? { name } : { name, namespace },
  ...rest,
});

const definition = object(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "gateways.networking.istio.io",
  undefined,
  {
    spec: {
      group: "networking.istio.io",
      names: { kind: "Gateway", plural: "gateways", singular: "gateway", shortNames: ["gw"] },
    },
  },
);

const all: PlacedObject[] = [
  ...["hub", "east"].map((cluster) => ({
    cluster,
    component: "istio",
    object: object("apps/v1", "Deployment", "istiod", "istio-system"),
  })),
  { cluster: "hub", component: "istio", object: definition },
  { cluster: "hub", component: "istio", object: object("networking.istio.io/v1", "Gateway", "public", "ingress") },
  { cluster: "hub", component: "own", object: object("gateway.networking.k8s.io/v1", "Gateway", "public", "shop") },
  ...["a", "b"].map((namespace) => ({
    cluster: "hub",
    component: "cluster-base",
    object: object("networking.k8s.io/v1", "NetworkPolicy", "default-deny", namespace),
  })),
];

const found = (words: string, namespace?: string) =>
  findObject(all, { words, namespace }).map(
    ({ cluster, object: { kind, metadata } }) => `${cluster} ${kind} ${metadata.name}`,
  );

describe("an object is found", () => {
  it.each([
    "deployment/istiod",
    "deploy/istiod",
    "deployments/istiod",
    "deployments.apps/istiod",
    "Deployment/istiod",
    "deployments.v1.apps/istiod",
  ])("by %s, on every cluster that has it", (words) =>
    expect(found(words)).toEqual(["hub Deployment istiod", "east Deployment istiod"]),
  );

  it("by the short name that its definition brings", () => {
    expect(found("gw/public")).toEqual(["hub Gateway public"]);
    expect(found("gateways.networking.istio.io/public")).toEqual(["hub Gateway public"]);
  });

  it("in the namespace that is named, where others have one of its name", () => {
    expect(found("netpol/default-deny", "b")).toEqual(["hub NetworkPolicy default-deny"]);
  });

  it("not where two are meant: both are listed, as they can be asked for", () => {
    expect(() => found("netpol/default-deny")).toThrow(
      "netpol/default-deny means 2 objects: say which, with -n or the kind's group.\n" +
        "  networkpolicies.networking.k8s.io/default-deny -n a, on hub\n" +
        "  networkpolicies.networking.k8s.io/default-deny -n b, on hub",
    );
    expect(() => found("gateway/public")).toThrow("gateways.gateway.networking.k8s.io/public -n shop, on hub");
  });

  it("not where there is none: the nearest are named", () => {
    expect(() => found("deploy/istoid")).toThrow(
      "there is no deploy/istoid. Nearest are\n  deployments.apps/istiod -n istio-system, on hub, east",
    );
    expect(() => found("deploy/istiod", "istio")).toThrow("there is no deploy/istiod in namespace istio");
    expect(() => found("deplyoment/istiod")).toThrow(
      'nothing here is of a kind "deplyoment". Nearest are\n  deployments.apps',
    );
  });
});
