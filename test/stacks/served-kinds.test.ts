import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { unservedKinds } from "../../stacks/served-kinds";
import { FakeCluster } from "../support/fake-cluster";

const access = { kubeconfig: "kubeconfig", context: "hub" };
let fake: FakeCluster;
beforeAll(() => {
  fake = new FakeCluster();
});
afterEach(() => fake.answer({}));
afterAll(() => fake.dispose());

const definition = (kind: string, versions: readonly { name: string; served: boolean }[]) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.example.com` },
  spec: { group: "example.com", names: { kind }, versions },
});
const lists = (version: string, ...kinds: string[]) => ({
  items: [
    {
      metadata: { name: "example.com" },
      versions: [{ version, resources: kinds.map((kind) => ({ responseKind: { kind } })) }],
    },
  ],
});
const widget = definition("Widget", [
  { name: "v1", served: true },
  { name: "v1alpha1", served: false },
]);

describe("the kinds that an API server offers", () => {
  it("are there when it lists each served version of each definition", async () => {
    fake.answer({ "/apis": lists("v1", "Widget", "Gadget") });
    expect(await unservedKinds(access, [widget, definition("Gadget", [{ name: "v1", served: true }])])).toEqual([]);
  });

  it("are named when it does not list them in time, as one of several of a group", async () => {
    fake.answer({ "/apis": lists("v1", "Widget") });
    const both = definition("Gadget", [
      { name: "v1", served: true },
      { name: "v2", served: true },
    ]);
    expect(await unservedKinds(access, [widget, both], 600)).toEqual([
      "example.com/v1/Gadget",
      "example.com/v2/Gadget",
    ]);
  });

  it("are asked for again while the API server is too busy to answer", async () => {
    fake.answer({ "/apis": 503 });
    expect(await unservedKinds(access, [widget], 600)).toEqual(["example.com/v1/Widget"]);
    expect(readFileSync(fake.callsLog, "utf8").match(/^\/apis$/gm)?.length).toBeGreaterThan(1);
  });
});
