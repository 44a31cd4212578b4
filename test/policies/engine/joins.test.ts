import { describe, expect, it } from "@jest/globals";
import { type Joinable, joinAll } from "../../../policies/engine/joins";
import type { Path } from "../../../policies/engine/path";

const resource = (kind: string, name: string | undefined, change: Partial<Joinable> = {}): Joinable => ({
  id: `${kind} ${name}`,
  scope: "dev/hub",
  dependencies: {},
  object:
    kind === "Namespace"
      ? { apiVersion: "v1", kind, metadata: name === undefined ? {} : { name } }
      : {
          apiVersion: "networking.k8s.io/v1",
          kind,
          metadata: { name: "default-deny", ...(name === undefined ? {} : { namespace: name }) },
        },
  ...change,
});
const place: Path[] = [["metadata", "namespace"]];
const policy = (namespace: string | undefined, change: Partial<Joinable> = {}) =>
  resource("NetworkPolicy", namespace, change);
const shop = resource("Namespace", "shop");
const search = resource("Namespace", "search");

/** By namespace the ids of its policies, `?` for one that may be another's. */
const joined = (...resources: Joinable[]) =>
  Object.fromEntries(
    joinAll(resources).map(({ id, subject }) => {
      const { networkPolicies } = subject.object.joined as { networkPolicies: unknown[] };
      const ids = networkPolicies.map((one) =>
        one === null ? "?" : resources.find(({ object }) => object === one)?.id,
      );
      const holes = (subject.unknown ?? []).filter((path) => path[0] === "joined" && path.length === 3);
      expect(holes).toHaveLength(ids.filter((one) => one === "?").length);
      return [id, ids];
    }),
  );

describe("joinAll", () => {
  it("joins by the name that both say", () =>
    expect(joined(shop, search, policy("shop"), policy("elsewhere"))).toEqual({
      "Namespace shop": ["NetworkPolicy shop"],
      "Namespace search": [],
    }));

  it("never joins across clusters", () =>
    expect(joined(shop, policy("shop", { scope: "dev/east" }))).toEqual({ "Namespace shop": [] }));

  it("joins by the dependency while the name is not known yet", () =>
    expect(
      joined(shop, search, policy(undefined, { unknown: place, dependencies: { metadata: ["Namespace shop"] } })),
    ).toEqual({ "Namespace shop": ["NetworkPolicy undefined"], "Namespace search": [] }));

  it.each([
    ["several", { metadata: ["Namespace shop", "Namespace search"] }],
    ["none that there is", { metadata: ["Secret name"] }],
    ["nothing", {}],
  ])("leaves it open whose a part is where the dependency names %s", (_which, dependencies) =>
    expect(joined(shop, search, policy(undefined, { unknown: place, dependencies }))).toEqual({
      "Namespace shop": ["?"],
      "Namespace search": ["?"],
    }),
  );

  it("leaves it open as well where the whole's own name is not known yet", () => {
    const unnamed = resource("Namespace", undefined, { unknown: [["metadata", "name"]] });
    expect(joined(unnamed, policy("shop"))).toEqual({ "Namespace undefined": ["?"] });
  });

  it("takes a part that names nothing for nobody's", () =>
    expect(joined(shop, policy(undefined))).toEqual({ "Namespace shop": [] }));

  it("keeps what is not known inside of a part", () => {
    const [found] = joinAll([shop, policy("shop", { unknown: [["spec", "podSelector"]] })]);
    expect(found?.subject.unknown).toEqual([["joined", "networkPolicies", 0, "spec", "podSelector"]]);
  });

  it("takes nothing that an object says of itself for what belongs to it", () => {
    const lying = { ...shop, object: { ...shop.object, joined: { networkPolicies: [{ spec: { podSelector: {} } }] } } };
    expect(joinAll([lying])[0]?.subject.object.joined).toEqual({ networkPolicies: [] });
  });
});
