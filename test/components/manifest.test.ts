/** What cdk8s writes of an object, a manifest writes too; it only takes less to do so. */
import { describe, expect, it } from "@jest/globals";
import { ApiObject, App, Chart } from "cdk8s";
import type { KubeObject } from "../../components/kube-object";
import { Manifest } from "../../components/manifest";

const chart = () => new Chart(new App(), "some", { disableResourceNameHashes: true });
const written = (object: KubeObject) => new Manifest(chart(), "one", object).toJson();

const OBJECT: KubeObject = {
  kind: "Deployment",
  spec: {
    template: { b: [{ z: 1, a: null }, null], a: {} },
    empty: [],
    replicas: 0,
    paused: false,
    nothing: undefined,
  },
  metadata: {
    name: "one",
    namespace: "some",
    labels: { z: "1", a: "2" },
    annotations: {},
    finalizers: [],
    ownerReferences: [{ uid: "1", kind: "Node", nothing: [] }],
  },
  data: null,
  apiVersion: "apps/v1",
};

describe("a manifest", () => {
  it("is written as cdk8s writes it, to the order of its keys", () => {
    const asCdk8sDoes = new ApiObject(chart(), "one", OBJECT).toJson();
    expect(JSON.stringify(written(OBJECT))).toBe(JSON.stringify(asCdk8sDoes));
    expect(Object.keys(written(OBJECT))).toEqual(["apiVersion", "kind", "metadata", "spec"]);
  });

  it("refuses what is no plain data, and says of which object", () => {
    expect(() => written({ ...OBJECT, spec: { since: new Date(0) } })).toThrow(
      "Deployment one: a value is of type Date, must be plain data",
    );
  });

  it("shares what many clusters have alike, and leaves what was given as it was", () => {
    const spec = { versions: [{ name: "v1", kind: "b" }] };
    const [one, other] = ["one", "other"].map((name) => written({ ...OBJECT, metadata: { name }, spec }));
    expect(one?.spec).toBe(other?.spec);
    expect(one?.metadata.name).toBe("one");
    expect(Object.keys(spec.versions[0] ?? {})).toEqual(["name", "kind"]);
  });
});
