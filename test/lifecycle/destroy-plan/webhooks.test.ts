import { describe, expect, it } from "@jest/globals";
import { deafApis } from "../../../lifecycle/destroy-plan/aggregated-apis";
import type { Webhook } from "../../../lifecycle/destroy-plan/snapshot";
import { deafWebhooks } from "../../../lifecycle/destroy-plan/webhooks";
import { live, resource, scene } from "../../support/live-scene";

const CONFIGURATION = "ValidatingWebhookConfiguration/guard";
const service = { namespace: "guard", name: "guard" };
const webhook = (more: Partial<Webhook> = {}): Webhook => ({
  name: "guard.acme.example",
  clientConfig: { service },
  failurePolicy: "Fail",
  rules: [{ apiGroups: [""], operations: ["DELETE"], resources: ["configmaps"], scope: "*" }],
  ...more,
});
const stack = [resource("ConfigMap/shop/settings", 2), resource("Namespace/shop", 4)];
const shop = live("Namespace/shop", { labels: { team: "payments" } });
const objects = [live("ConfigMap/shop/settings", { labels: { app: "cart" } }), shop, live(CONFIGURATION)];

/** A cluster with the webhook; its Service answers where there is a slice with a ready pod. */
function guarded(more: Partial<Webhook> = {}, { answers = false, own = 0 } = {}) {
  const name = { ...service, uid: "Service/guard/guard" };
  return scene({
    stack: own > 0 ? [...stack, resource(CONFIGURATION, own)] : stack,
    objects: [...objects, live("Service/guard/guard")],
    namespaces: [{ metadata: shop.metadata }],
    webhookConfigurations: [
      {
        kind: "ValidatingWebhookConfiguration",
        metadata: live(CONFIGURATION).metadata,
        webhooks: [webhook(more)],
      },
    ],
    services: [{ metadata: name, spec: { selector: { app: "guard" } } }],
    endpointSlices: answers
      ? [
          {
            metadata: { name: "x", namespace: "guard", uid: "x", labels: { "kubernetes.io/service-name": "guard" } },
            endpoints: [{ conditions: { ready: true } }],
          },
        ]
      : [],
  });
}
const verdicts = (more: Partial<Webhook> = {}, options = {}) =>
  deafWebhooks(guarded(more, options)).map(({ verdict }) => verdict);

describe("a webhook that nobody answers", () => {
  it("refuses the deletion of what it is asked about, and is ended by name", () => {
    expect(deafWebhooks(guarded())).toEqual([
      {
        cluster: "hub",
        verdict: "hangs",
        object: { group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration", name: "guard" },
        count: 1,
        waitsFor: "Service guard/guard",
        why: "webhook guard.acme.example has nobody to answer and fails closed: it refuses the deletion of ConfigMap shop/settings",
        cure: "kubectl --context=hub delete validatingwebhookconfiguration guard",
      },
    ]);
  });

  it("only delays where it fails open", () => {
    const [found] = deafWebhooks(guarded({ failurePolicy: "Ignore", timeoutSeconds: 7 }));
    expect([found?.verdict, found?.why]).toEqual(["slow", expect.stringContaining("up to 7 s")]);
  });

  it("matters not where it is answered, or goes before what it judges", () => {
    expect(verdicts({}, { answers: true })).toEqual([]);
    expect(verdicts({}, { own: 1 })).toEqual([]);
    expect(verdicts({}, { own: 2 })).toEqual(["hangs"]);
  });

  it.each<[string, Partial<Webhook>, readonly string[]]>([
    ["another operation", { rules: [{ apiGroups: [""], operations: ["CREATE"], resources: ["configmaps"] }] }, []],
    ["another group", { rules: [{ apiGroups: ["apps"], operations: ["*"], resources: ["*"] }] }, []],
    ["every kind", { rules: [{ apiGroups: ["*"], operations: ["*"], resources: ["*/*"] }] }, ["hangs"]],
    [
      "what lies in no namespace",
      { rules: [{ apiGroups: [""], operations: ["*"], resources: ["*"], scope: "Cluster" }] },
      ["hangs"],
    ],
    ["another namespace", { namespaceSelector: { matchLabels: { team: "search" } } }, []],
    [
      "namespaces but this",
      { namespaceSelector: { matchExpressions: [{ key: "team", operator: "NotIn", values: ["payments"] }] } },
      [],
    ],
    ["this namespace", { namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists" }] } }, ["hangs"]],
    ["other labels", { objectSelector: { matchLabels: { app: "search" } } }, []],
  ])("is asked by its rules: %s", (_, more, expected) => {
    expect(verdicts(more)).toEqual(expected);
  });

  it("leaves open what conditions in CEL would spare, and what a URL answers", () => {
    expect(verdicts({ matchConditions: [{ name: "mine" }] })).toEqual(["unknown"]);
    expect(verdicts({ clientConfig: { url: "https://guard.acme.example/v1" } })).toEqual(["unknown"]);
  });

  it("is asked about the change that takes a finalizer off", () => {
    const rules = [{ apiGroups: [""], operations: ["UPDATE"], resources: ["configmaps"] }];
    expect(verdicts({ rules })).toEqual([]);
    const held = live("ConfigMap/shop/settings", { finalizers: ["acme.example/held"] });
    const found = deafWebhooks(
      scene({ ...guarded({ rules }).snapshot, stack, objects: [held, shop, live(CONFIGURATION)] }),
    );
    expect(found.map(({ verdict }) => verdict)).toEqual(["hangs"]);
  });

  it("stays behind where its program goes and it does not", () => {
    const { snapshot } = guarded({ rules: [] }, { answers: true });
    const found = deafWebhooks(
      scene({
        ...snapshot,
        stack: [...stack, resource("Namespace/guard", 4)],
        objects: [...snapshot.objects, live("Namespace/guard")],
      }),
    );
    expect(found.map(({ verdict }) => verdict)).toEqual(["left"]);
  });
});

describe("an aggregated API that does not answer", () => {
  const api = (status: string) => ({
    metadata: live("APIService/v1.acme.example").metadata,
    spec: { group: "acme.example", version: "v1", service },
    status: { conditions: [{ type: "Available", status, message: "no endpoints" }] },
  });
  const found = (status: string, ...more: ReturnType<typeof resource>[]) =>
    deafApis(
      scene({
        ...guarded({}, { answers: true }).snapshot,
        stack: [...stack, ...more],
        objects: [...objects, live("APIService/v1.acme.example")],
        apiServices: [api(status)],
      }),
    );

  it("keeps every namespace", () => {
    expect(found("False")).toMatchObject([
      {
        verdict: "hangs",
        why: "this API does not answer (no endpoints), and no namespace can be deleted meanwhile: shop",
        cure: "kubectl --context=hub delete apiservices.apiregistration.k8s.io v1.acme.example",
      },
    ]);
  });

  it("matters not where it answers, or goes before the namespaces", () => {
    expect(found("True")).toEqual([]);
    expect(found("False", resource("APIService/v1.acme.example", 3))).toEqual([]);
    expect(found("False", resource("APIService/v1.acme.example", 5))).toHaveLength(1);
  });
});
