import { describe, expect, it } from "@jest/globals";
import { recordedAt, recordedByCluster, SEALED } from "../../../lifecycle/drift/deployed-state";

const provider = "urn:pulumi:dev::team::fleetwright:components:ClusterPlatform$pulumi:providers:kubernetes::hub::id-1";
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const object = (name: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "shop" },
  data: secret,
});
const name =
  "urn:pulumi:dev::team::fleetwright:components:ClusterPlatform$x$kubernetes:core/v1:Secret::hub:Secret/shop/a";
const resource = (more: object) => ({
  urn: name,
  type: "kubernetes:core/v1:Secret",
  provider,
  ...more,
});

describe("a state", () => {
  it("says by cluster what was deployed, and what the API server made of it", () => {
    const stored = { ...object("a"), metadata: { ...object("a").metadata, uid: "1" } };
    const clusters = recordedByCluster([
      resource({ inputs: object("a"), outputs: stored }),
      resource({ inputs: object("b"), outputs: object("b") }), // written down from the cluster after a killed run
      resource({ inputs: object("c"), delete: true }),
      resource({ inputs: object("d"), provider: "urn:pulumi:dev::team::pulumi:providers:kubernetes::own::id-2" }),
    ]);
    expect([...clusters.keys()]).toEqual(["hub"]);
    expect([...(clusters.get("hub") ?? [])].map(([key, { stored: made }]) => [key, made !== undefined])).toEqual([
      ["/Secret/shop/a", true],
      ["/Secret/shop/b", false],
    ]);
  });

  it("says of what lies in no namespace that it lies in none, though the provider took it for such", () => {
    const constraint = {
      apiVersion: "constraints.gatekeeper.sh/v1beta1",
      kind: "ImageTag",
      metadata: { name: "im-01", namespace: "default" },
    };
    const urn =
      "urn:pulumi:dev::team::fleetwright:components:ClusterPlatform$x$kubernetes:c/v1:ImageTag::hub:ImageTag/im-01";
    const [[key] = []] = [...(recordedByCluster([resource({ urn, inputs: constraint })]).get("hub") ?? [])];
    expect(key).toBe("constraints.gatekeeper.sh/ImageTag//im-01");
  });

  it("keeps its secrets to itself, and says that they are some", () => {
    expect(recordedAt(object("a"), [{ field: "data" }, { field: "password" }])).toBe(SEALED);
    expect(recordedAt(object("a"), [{ field: "data" }])).toBe(SEALED);
    expect(recordedAt(object("a"), [{ field: "type" }])).toBeUndefined();
  });
});
