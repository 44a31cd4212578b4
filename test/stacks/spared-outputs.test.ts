import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spareOutputs } from "../../stacks/spared-outputs";

interface Response {
  setUrn(urn: string): void;
  setId(id: string): void;
  setObject(object: unknown): void;
  getUrn(): string;
  getId(): string;
  getObject(): { toJavaScript(): unknown };
  serializeBinary(): Uint8Array;
}
const fromSdk = createRequire(require.resolve("@pulumi/pulumi"));
const { RegisterResourceResponse } = fromSdk("./proto/resource_pb") as {
  RegisterResourceResponse: {
    new (): Response;
    deserializeBinary(bytes: Uint8Array): Response;
    deserializeBinaryFromReader: unknown;
  };
};
const { Struct } = fromSdk("google-protobuf/google/protobuf/struct_pb") as {
  Struct: { fromJavaScript(object: object): unknown };
};

/** What a program hears of a resource. */
function heard(urn: string) {
  const response = new RegisterResourceResponse();
  response.setUrn(urn);
  response.setId("shop/web");
  response.setObject(Struct.fromJavaScript({ metadata: { uid: "1" }, list: [{ a: 1 }] }));
  const decoded = RegisterResourceResponse.deserializeBinary(response.serializeBinary());
  return { urn: decoded.getUrn(), id: decoded.getId(), outputs: decoded.getObject().toJavaScript() };
}

describe("what the engine says of a resource", () => {
  const whole = RegisterResourceResponse.deserializeBinaryFromReader;
  beforeAll(() => spareOutputs());
  afterAll(() => {
    RegisterResourceResponse.deserializeBinaryFromReader = whole;
  });

  it("is its name and id, where it is an object of a cluster", () => {
    const urn =
      "urn:pulumi:dev::team::fleetwright:components:ClusterPlatform$fleetwright:components:ClusterBase$kubernetes:core/v1:Namespace::hub:Namespace/shop";
    expect(heard(urn)).toEqual({ urn, id: "shop/web", outputs: {} });
  });

  it.each([
    "urn:pulumi:dev::team::aws:eks/cluster:Cluster::hub",
    "urn:pulumi:dev::team::kubernetes:core/v1:Namespace::own",
    "urn:pulumi:dev::team::other:ClusterPlatform$kubernetes:core/v1:Namespace::own",
  ])("is all of it for %s", (urn) => {
    expect(heard(urn)).toEqual({ urn, id: "shop/web", outputs: { metadata: { uid: "1" }, list: [{ a: 1 }] } });
  });
});
