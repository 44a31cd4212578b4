/** Which object a resource of the engine is. */
import { describe, expect, it } from "@jest/globals";
import { objectName } from "../../../lifecycle/preview/object-name";

const provider = "urn:pulumi:dev::team::a:b:C$pulumi:providers:kubernetes::hub::1";
function nameOf(type: string, logical: string, metadata?: object) {
  const urn = `urn:pulumi:dev::team::a:b:C$${type}::${logical}`;
  const state = { type, urn, inputs: { metadata } };
  const { name, namespace } = objectName({ type, urn, provider, ...(metadata ? { new: state } : {}) } as never, [
    "hub",
  ]);
  return [namespace, name];
}

describe("an object's name", () => {
  it("is what its inputs say, of a resource that a team registers", () => {
    expect(nameOf("kubernetes:core/v1:Pod", "own", { name: "web", namespace: "shop" })).toEqual(["shop", "web"]);
    expect(nameOf("kubernetes:core/v1:Namespace", "own", { name: "shop" })).toEqual(["", "shop"]);
  });

  it("is the platform's own of what the engine did not get to", () => {
    expect(nameOf("kubernetes:core/v1:Pod", "hub:Pod/shop/web")).toEqual(["shop", "web"]);
    expect(nameOf("kubernetes:core/v1:Namespace", "hub:Namespace/shop")).toEqual(["", "shop"]);
  });

  it("has no namespace where the provider took a kind that is not served yet for one that lies in namespaces", () => {
    const type = "kubernetes:constraints.gatekeeper.sh/v1beta1:FleetwrightStorageModes";
    const metadata = { name: "sc-02", namespace: "default" };
    expect(nameOf(type, "hub:FleetwrightStorageModes/sc-02", metadata)).toEqual(["", "sc-02"]);
  });
});
