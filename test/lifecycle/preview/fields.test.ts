import { describe, expect, it } from "@jest/globals";
import type { PropertyDiff } from "../../../lifecycle/engine-event";
import { changedFields, unknownPaths } from "../../../lifecycle/preview/fields";
import { formatPath, parsePath } from "../../../lifecycle/preview/property-path";
import type { PlannedResource } from "../../../lifecycle/preview/steps";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const BLINDED = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
const state = (inputs: object, outputs = inputs) => ({
  urn: "",
  type: "",
  inputs: { ...inputs },
  outputs: { ...outputs },
});

/** An update from one object to another; `live` is what was last read. */
function planned(
  before: object,
  after: object,
  { diff = {}, live = before }: { diff?: Record<string, PropertyDiff["diffKind"]>; live?: object } = {},
): PlannedResource {
  const detailedDiff = Object.fromEntries(Object.entries(diff).map(([path, diffKind]) => [path, { diffKind }]));
  const [old, next] = [state(before, live), state(after)];
  return {
    urn: "",
    type: "",
    operation: "update",
    old,
    new: next,
    keys: [],
    detailedDiff,
    provider: "",
    failed: false,
  };
}

const paths = (resource: PlannedResource) => changedFields(resource).fields.map(({ path }) => path);

describe("changed fields", () => {
  it("are told by path, kind of change and value", () => {
    const before = { kind: "Deployment", spec: { replicas: 2, image: "a", old: true } };
    const after = { kind: "Deployment", spec: { replicas: 3, image: "a", new: [1] } };
    expect(changedFields(planned(before, after)).fields).toEqual([
      { path: "spec.replicas", change: "update", from: "2", to: "3" },
      { path: "spec.old", change: "delete", from: "true" },
      { path: "spec.new", change: "add" },
    ]);
  });

  it("say which of them replaces the object", () => {
    const change = planned(
      { reclaimPolicy: "Delete" },
      { reclaimPolicy: "Retain" },
      { diff: { reclaimPolicy: "update-replace" } },
    );
    expect(changedFields(change).fields).toEqual([
      { path: "reclaimPolicy", change: "update", replaces: true, from: "Delete", to: "Retain" },
    ]);
  });

  it("leave out what the provider lists although it is the same before, after, and when it was last read", () => {
    const one = { spec: { a: 1, b: { c: 2 } } };
    expect(changedFields(planned(one, one, { diff: { "spec.a": "update", "spec.b.c": "update" } }))).toEqual({
      fields: [],
      hidden: [expect.stringContaining("the same before, after"), expect.stringContaining("the same before, after")],
    });
  });

  it("leave out what is not among what is applied", () => {
    const change = planned(
      { spec: {} },
      { spec: {} },
      { diff: { "spec.injected": "delete" }, live: { spec: { injected: 1 } } },
    );
    expect(changedFields(change)).toEqual({
      fields: [],
      hidden: [expect.stringContaining("not among what is applied")],
    });
  });

  it("keep what was changed by hand since it was applied", () => {
    const change = planned(
      { spec: { a: 1 } },
      { spec: { a: 1 } },
      { diff: { "spec.a": "update" }, live: { spec: { a: 9 } } },
    );
    expect(changedFields(change).fields).toEqual([{ path: "spec.a", change: "update", from: "9", to: "1" }]);
  });

  it("leave out a certificate that the cluster fills in, and only there", () => {
    const hook = (ca: string, annotations: object) => ({
      metadata: { annotations },
      webhooks: [{ clientConfig: { caBundle: ca } }],
    });
    const injected = { "cert-manager.io/inject-ca-from": "a/b" };
    expect(paths(planned(hook("old", injected), hook("new", injected)))).toEqual([]);
    expect(paths(planned(hook("old", {}), hook("new", {})))).toEqual(["webhooks[0].clientConfig.caBundle"]);
  });

  it.each([
    [
      "a Secret",
      { kind: "Secret", stringData: { user: "CANARY-1" } },
      { kind: "Secret", stringData: { user: "CANARY-2" } },
    ],
    ["a field by its name", { spec: { adminPassword: "CANARY-1" } }, { spec: { adminPassword: "CANARY-2" } }],
    [
      "a variable by its neighbour",
      { env: [{ name: "API_TOKEN", value: "CANARY-1" }] },
      { env: [{ name: "API_TOKEN", value: "CANARY-2" }] },
    ],
    ["what the engine blinded", { spec: { a: BLINDED } }, { spec: { a: "CANARY-2", adminSecret: "CANARY-3" } }],
  ])("tell no value of %s", (what, before, after) => {
    const { fields } = changedFields(planned(before, after));
    expect(fields.length).toBeGreaterThan(0);
    const told = JSON.stringify(fields.filter(({ path }) => !(what.includes("blinded") && path === "spec.a")));
    expect(told).not.toContain("CANARY");
  });

  it("believe the provider of a Secret, whose values look alike before and after", () => {
    const secret = { kind: "Secret", data: { a: BLINDED } };
    expect(changedFields(planned(secret, secret, { diff: { "data.a": "update" } }))).toEqual({
      fields: [{ path: "data.a", change: "update" }],
      hidden: [],
    });
  });

  it("are unknown by name, but for the mark by which a replacement is announced", () => {
    const after = {
      metadata: { annotations: { "fleetwright.dev/replaced": UNKNOWN } },
      spec: { host: UNKNOWN, "a.b": [UNKNOWN] },
    };
    expect(unknownPaths({ new: state(after) })).toEqual(["spec.host", 'spec["a.b"][0]']);
    expect(paths(planned({ metadata: { annotations: {} } }, { metadata: after.metadata }))).toEqual([]);
  });
});

it.each(["spec", "spec.a[0].b", 'metadata.annotations["a.b/c"]', 'a["with \\"quotes\\""][12]'])(
  "a path is read as it is written: %s",
  (text) => {
    expect(formatPath(parsePath(text))).toBe(text);
  },
);
