import { describe, expect, it } from "@jest/globals";
import { objectsOfState } from "../../../lifecycle/destroy-plan/stack-state";
import type { StateResource } from "../../../lifecycle/engine-state";

const urn = (type: string, name: string) => `urn:pulumi:dev::team::${type}::${name}`;
const PLATFORM = urn("fleetwright:components:ClusterPlatform", "hub");
const PROVIDER = urn("fleetwright:components:ClusterPlatform$pulumi:providers:kubernetes", "hub");
const COMPONENT = urn("fleetwright:components:ClusterPlatform$fleetwright:components:ArgoCd", "hub-argo-cd");

/** An object of the cluster, after others by name. */
function object(kind: string, name: string, after: readonly string[] = [], rest: object = {}): StateResource {
  const [namespace, own = namespace] = name.includes("/") ? name.split("/") : [undefined, name];
  return {
    urn: urn(`x$kubernetes:core/v1:${kind}`, `hub:${kind}/${name}`),
    type: `kubernetes:core/v1:${kind}`,
    custom: true,
    parent: COMPONENT,
    provider: `${PROVIDER}::0b5f`,
    dependencies: after,
    inputs: { apiVersion: "v1", kind, metadata: { name: own ?? name, ...(namespace && { namespace }) } },
    ...rest,
  };
}
const component = (urnOf: string, parent?: string): StateResource => ({
  urn: urnOf,
  type: urnOf.split("::")[2]?.split("$").at(-1) ?? "",
  custom: urnOf === PROVIDER,
  ...(parent && { parent }),
});

const namespace = object("Namespace", "shop");
const settings = object("ConfigMap", "shop/settings", [namespace.urn]);
const pod = object("Pod", "shop/cart", [settings.urn]);
const lonely = object("ConfigMap", "shop/lonely");
const above = [component(PLATFORM), component(PROVIDER, PLATFORM), component(COMPONENT, PLATFORM)];

describe("the objects of a state", () => {
  it("go in waves as the engine has them: what depends on nothing goes last, whoever depends on it", () => {
    const objects = objectsOfState([...above, namespace, settings, pod, lonely]);
    expect(objects.map(({ name, wave }) => [name, wave])).toEqual([
      ["shop", 3],
      ["settings", 2],
      ["cart", 1],
      ["lonely", 3],
    ]);
  });

  it("know their cluster, their component and their place", () => {
    expect(objectsOfState([...above, namespace, settings])[1]).toEqual({
      urn: settings.urn,
      cluster: "hub",
      component: "argo-cd",
      group: "",
      kind: "ConfigMap",
      namespace: "shop",
      name: "settings",
      wave: 1,
      protected: false,
      retained: false,
    });
  });

  it("lie where the cluster has them: the provider guesses a namespace for what has none", () => {
    const guessed = object("Quota", "default/one", [], { outputs: { metadata: { name: "one" } } });
    expect(objectsOfState([guessed])[0]).not.toHaveProperty("namespace");
  });

  it("wait for what their properties and `deletedWith` name, as for any other dependency", () => {
    const objects = objectsOfState([
      namespace,
      object("ConfigMap", "shop/a", [], { propertyDependencies: { data: [namespace.urn] } }),
      object("ConfigMap", "shop/b", [], { deletedWith: namespace.urn }),
    ]);
    expect(objects.map(({ wave }) => wave)).toEqual([2, 1, 1]);
  });

  it("say when the engine refuses to delete them, or only forgets them", () => {
    const kept = objectsOfState([
      object("Namespace", "a", [], { protect: true }),
      object("Namespace", "b", [], { retainOnDelete: true }),
    ]);
    expect(kept.map((one) => [one.protected, one.retained])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("are none where nothing was deployed", () => {
    expect(objectsOfState([])).toEqual([]);
    expect(objectsOfState(above)).toEqual([]);
  });
});
