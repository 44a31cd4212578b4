import { beforeAll, describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { dependencies } from "../../../components/order";
import { ensureUpstream } from "../../../components/upstream";
import { find, key, type Rendered, render } from "./mesh";

beforeAll(() => ensureUpstream(), 300_000);

const INJECTOR = "MutatingWebhookConfiguration/istio-sidecar-injector";
const VALIDATORS = [
  "ValidatingWebhookConfiguration/istio-validator-istio-system",
  "ValidatingWebhookConfiguration/istiod-default-validator",
];

describe("istio's webhooks", () => {
  it("fail closed, and give up after ten seconds", () => {
    for (const name of [INJECTOR, ...VALIDATORS]) {
      expect(find(render(), name).webhooks).toEqual([
        expect.objectContaining({ failurePolicy: "Fail", timeoutSeconds: 10, sideEffects: "None" }),
      ]);
    }
  });

  it("leave their CA to istiod, which finds them by their revision", () => {
    for (const name of [INJECTOR, ...VALIDATORS]) {
      const { metadata, webhooks } = find(render(), name);
      expect(Object.keys(webhooks[0].clientConfig)).toEqual(["service"]);
      expect(metadata.labels["istio.io/rev"]).toBe("default");
    }
  });

  it("inject pods of labelled namespaces only", () => {
    const injected = (labels: Record<string, string>, pod: Record<string, string> = {}) => {
      const [hook] = find(render(), INJECTOR).webhooks;
      return matches(hook.namespaceSelector, labels) && matches(hook.objectSelector, pod);
    };
    const inMesh = { "kubernetes.io/metadata.name": "shop", "istio.io/rev": "default" };
    expect(injected(inMesh)).toBe(true);
    expect(injected(inMesh, { "sidecar.istio.io/inject": "false" })).toBe(false);
    expect(injected({ "kubernetes.io/metadata.name": "shop" })).toBe(false);
    expect(injected({ ...inMesh, "istio.io/rev": "canary" })).toBe(false);
    expect(injected({ ...inMesh, "istio-injection": "disabled" })).toBe(false);
    for (const name of [
      "kube-system",
      "kube-public",
      "kube-node-lease",
      "istio-system",
      "istio-ingress",
      "istio-cni",
    ]) {
      expect(injected({ ...inMesh, "kubernetes.io/metadata.name": name })).toBe(false);
    }
  });

  it("ask of pods when they are made, and of Istio's own groups, and of nothing else", () => {
    const asked = (name: string) =>
      find(render(), name).webhooks.flatMap(({ rules }: Rendered) =>
        rules.map(({ apiGroups, operations, resources }: Rendered) => [apiGroups, operations, resources]),
      );
    expect(asked(INJECTOR)).toEqual([[[""], ["CREATE"], ["pods"]]]);
    const groups = ["extensions.istio.io", "networking.istio.io", "security.istio.io", "telemetry.istio.io"];
    for (const name of VALIDATORS) expect(asked(name)).toEqual([[groups, ["CREATE", "UPDATE"], ["*"]]]);
  });

  it("check each of Istio's objects once: by the revision it names, or else by the default", () => {
    const [ofRevision, ofNone] = VALIDATORS.map((name) => find(render(), name).webhooks[0].objectSelector);
    expect([
      matches(ofRevision, { "istio.io/rev": "default" }),
      matches(ofNone, { "istio.io/rev": "default" }),
    ]).toEqual([true, false]);
    expect([matches(ofRevision, {}), matches(ofNone, {})]).toEqual([false, true]);
    expect([matches(ofRevision, { "istio.io/rev": "canary" }), matches(ofNone, { "istio.io/rev": "canary" })]).toEqual([
      false,
      false,
    ]);
  });

  it("are made after istiod, and after every object that they would check", () => {
    const objects = render();
    const edges = dependencies(objects.map((object) => ({ component: "istio", object })));
    const precedents = (name: string) => [...(edges.get(fullKey(objects, name)) ?? [])];
    const checked = objects
      .filter(({ apiVersion }) => /\.istio\.io\/v/.test(apiVersion))
      .map(({ metadata }) => metadata.name);
    expect(checked.length).toBeGreaterThan(5);
    for (const name of VALIDATORS) {
      expect(precedents(name)).toContain("apps/Deployment/istio-system/istiod");
      const names = precedents(name).map((each) => each.split("/").at(-1));
      expect(checked.filter((each) => !names.includes(each))).toEqual([]);
    }
    expect(precedents(INJECTOR)).toContain("apps/Deployment/istio-system/istiod");
  });
});

const fullKey = (objects: readonly KubeObject[], name: string) => {
  const found = objects.find((object) => key(object) === name);
  return `admissionregistration.k8s.io/${found?.kind}//${found?.metadata.name}`;
};

/** A label selector, as the API server reads it. */
function matches({ matchExpressions }: Rendered, labels: Record<string, string>): boolean {
  return matchExpressions.every(({ key: label, operator, values = [] }: Rendered) => {
    const value = labels[label];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "DoesNotExist":
        return value === undefined;
      default:
        throw new Error(`no such operator: ${operator}`);
    }
  });
}
