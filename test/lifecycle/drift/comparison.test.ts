/** Objects that are drawn by lot, respelt and filled in as an API server does it: never drift; and one field that somebody takes: always. */
import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { type Difference, differences } from "../../../lifecycle/drift/comparison";
import type { Recorded } from "../../../lifecycle/drift/deployed-state";
import { type Fields, isFields, spelt } from "../../../lifecycle/drift/field-path";
import { verdictOf } from "../../../lifecycle/drift/verdict";
import { entryOf, fieldsOf, owned } from "./owned-object";

/** Whole numbers below a bound, from a linear congruential generator (the constants are those of Numerical Recipes). */
function lot(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** What a user may write, and what an API server makes of it. */
const SPELLINGS: readonly (readonly [unknown, unknown])[] = [
  ["0.5", "500m"],
  ["1000m", "1"],
  [2, "2"],
  ["1024Mi", "1Gi"],
  ["0.1", "100m"],
  ["1e3", "1k"],
  ["500m", "500m"],
  [{}, undefined],
  [[], undefined],
  [null, undefined],
  ["", undefined],
];

/** A Deployment as declared, and as stored with defaults. */
function drawn(draw: (bound: number) => number): { declared: KubeObject; stored: KubeObject } {
  const resources = Array.from({ length: 1 + draw(4) }, (_, index) => {
    const [written, kept] = SPELLINGS[draw(SPELLINGS.length)] ?? ["", ""];
    return { name: `acme.example/r${index}`, written, kept };
  });
  const containers = Array.from({ length: 1 + draw(3) }, (_, index) => ({ name: `c${index}`, image: `i${draw(9)}` }));
  const ports = Array.from({ length: draw(3) }, (_, index) => ({ containerPort: 80 + index }));
  const of = (which: "written" | "kept", filled: boolean) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cart", namespace: "shop", labels: { "app.kubernetes.io/managed-by": "fleetwright" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "cart" } },
      ...(filled ? { revisionHistoryLimit: 10 } : {}),
      template: {
        spec: {
          containers: containers.map((one) => ({
            ...one,
            ...(ports.length > 0 ? { ports: ports.map((port) => (filled ? { ...port, protocol: "TCP" } : port)) } : {}),
            resources: Object.fromEntries(
              resources.flatMap((some) => (some[which] === undefined ? [] : [[some.name, some[which]]])),
            ),
            ...(filled ? { imagePullPolicy: "IfNotPresent" } : {}),
          })),
          // never merged, and filled in within
          tolerations: [{ key: "x", operator: "Exists", ...(filled ? { effect: "NoExecute" } : {}) }],
        },
      },
    },
  });
  return { declared: of("written", false), stored: of("kept", true) };
}

/** An injector's container before ours, an autoscaler's replicas, somebody's label: none of it is declared. */
function withOthers(stored: KubeObject): KubeObject {
  const spec = stored.spec as { template: { spec: { containers: object[] } } };
  const sidecar = { name: "a-proxy", image: "p" };
  const containers = [sidecar, ...spec.template.spec.containers];
  return {
    ...stored,
    metadata: { ...stored.metadata, labels: { ...stored.metadata.labels, team: "x" } },
    spec: { ...spec, template: { spec: { ...spec.template.spec, containers } } },
  };
}
const injector = entryOf("injector", {
  metadata: { labels: { team: "x" } },
  spec: { template: { spec: { containers: [{ name: "a-proxy", image: "p" }] } } },
});
const suspects = (found: readonly Difference[], recorded?: Recorded) =>
  found.filter((one) => verdictOf(one, recorded, false) === "suspect").map(({ path }) => spelt(path));

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

describe("what was deployed", () => {
  it("is never drift, however it is spelt, filled in and added to", () => {
    for (const seed of SEEDS) {
      const { declared, stored } = drawn(lot(seed));
      const ours = entryOf("fleetwright", { ...stored, spec: declaredWithin(declared.spec, stored.spec) as Fields });
      const live = owned(withOthers(stored), ours, injector);
      const recorded = { declared, stored: owned(stored, ours) };
      expect({ seed, found: suspects(differences(declared, live), recorded) }).toEqual({ seed, found: [] });
    }
  });

  it("is drift in exactly the field that somebody took, or took away", () => {
    for (const seed of SEEDS) {
      const draw = lot(seed);
      const { declared, stored } = drawn(draw);
      const ours = entryOf("fleetwright", { ...stored, spec: declaredWithin(declared.spec, stored.spec) as Fields });
      const recorded = { declared, stored: owned(stored, ours) };
      const fields = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"c0"}', "f:image"];
      const isGone = draw(2) === 0;
      const without = JSON.parse(JSON.stringify(ours)) as { fieldsV1: Tree };
      delete at(without.fieldsV1, fields.slice(0, -1))["f:image"];
      const changed = JSON.parse(JSON.stringify(withOthers(stored))) as {
        spec: { template: { spec: { containers: { name: string; image?: string }[] } } };
      };
      const container = changed.spec.template.spec.containers.find(({ name }) => name === "c0");
      if (isGone) delete container?.image;
      else if (container) container.image = "other";
      const image = { spec: { template: { spec: { containers: [{ name: "c0", image: "other" }] } } } };
      const editor = { ...entryOf("kubectl-edit", image), fieldsV1: isGone ? {} : fieldsOf(image) };
      const live = owned(changed as unknown as KubeObject, without, injector, editor);
      expect({ seed, found: suspects(differences(declared, live), recorded) }).toEqual({
        seed,
        found: ["spec.template.spec.containers[name=c0].image"],
      });
    }
  });
});

interface Tree {
  [step: string]: Tree;
}
const at = (tree: Tree, raws: readonly string[]): Tree => raws.reduce((inner, raw) => inner[raw] ?? {}, tree);

/** Of what is stored only what was declared, for ownership is of that. */
function declaredWithin(declared: unknown, stored: unknown): unknown {
  if (Array.isArray(declared) && Array.isArray(stored))
    return declared.map((one, index) => declaredWithin(one, stored[index]));
  if (!isFields(declared) || !isFields(stored)) return stored ?? declared;
  return Object.fromEntries(
    Object.entries(declared)
      .filter(([name]) => stored[name] !== undefined)
      .map(([name, value]) => [name, declaredWithin(value, stored[name])]),
  );
}

describe("a declared field", () => {
  const declared: KubeObject = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "deploy", namespace: "shop", labels: { a: "1" } },
    subjects: [{ kind: "Group", name: "payments" }],
  };
  const ours = entryOf("fleetwright", declared);
  const stored = owned(declared, ours);
  const mallory = { kind: "User", name: "mallory" };

  it("that is a list which is never merged is another one when an item is put at its end", () => {
    const { "f:subjects": _, ...kept } = ours.fieldsV1;
    const live = owned(
      { ...declared, subjects: [{ kind: "Group", name: "payments" }, mallory] },
      { ...ours, fieldsV1: kept },
      entryOf("kubectl-patch", { subjects: [] }),
    );
    const [found, ...more] = differences(declared, live);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      path: [{ field: "subjects" }],
      isOurs: false,
      owners: [{ manager: "kubectl-patch" }],
    });
    expect(suspects(differences(declared, live), { declared, stored })).toEqual(["subjects"]);
  });

  it("is no less another one when a refresh of the state took it over", () => {
    const { "f:subjects": _, ...kept } = ours.fieldsV1;
    const subjects = [{ kind: "Group", name: "payments" }, mallory];
    const live = owned(
      { ...declared, subjects },
      { ...ours, fieldsV1: kept },
      entryOf("kubectl-patch", { subjects: [] }),
    );
    expect(suspects(differences(declared, live), { declared, stored: live })).toEqual(["subjects"]);
  });

  it("that was put back by somebody, as it was, is as it should be", () => {
    const live = owned(declared, { ...ours, fieldsV1: {} }, entryOf("kubectl-edit", declared));
    expect(differences(declared, live)).toEqual([]);
  });

  it("that is declared otherwise than it was deployed waits for its deployment", () => {
    const next = {
      ...declared,
      subjects: [{ kind: "Group", name: "search" }],
      metadata: { ...declared.metadata, labels: { a: "2", b: "1" } },
    };
    expect(differences(next, stored)).toHaveLength(3);
    expect(suspects(differences(next, stored), { declared, stored })).toEqual([]);
    expect(suspects(differences(next, stored))).toEqual([]); // nor where no state is left
  });

  it("that was changed by our own name, but not by what the state knows, is another deployment's", () => {
    const other = { ...declared, subjects: [{ kind: "Group", name: "others" }] };
    expect(suspects(differences(declared, owned(other, ours)), { declared, stored })).toEqual(["subjects"]);
  });

  it("that the state accepted by a refresh, but is not declared so, is drift all the same", () => {
    const changed = { ...declared, metadata: { ...declared.metadata, labels: { a: "9" } } };
    const live = owned(
      changed,
      { ...ours, fieldsV1: { "f:subjects": {} } },
      entryOf("kubectl-label", { metadata: { labels: { a: "9" } } }),
    );
    expect(suspects(differences(declared, live), { declared: changed, stored: live })).toEqual(["metadata.labels.a"]);
  });

  it("of a Secret is compared as it is stored", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "shop" },
      stringData: { key: "x" },
    };
    const live = (data: string) =>
      owned(
        { ...secret, stringData: undefined, data: { key: data } } as KubeObject,
        entryOf("kubectl-edit", { data: { key: data } }),
      );
    expect(differences(secret, live("eA=="))).toEqual([]);
    expect(differences(secret, live("eQ==")).map(({ path }) => spelt(path))).toEqual(["data.key"]);
  });

  it("by which pods are counted is an autoscaler's, where there is one, and by hand where there is none", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "cart", namespace: "shop" },
      spec: { replicas: 2 },
    };
    const recorded = { declared: deployment, stored: owned(deployment, entryOf("fleetwright", deployment)) };
    const scaled = (manager: string) => {
      const live = owned(
        { ...deployment, spec: { replicas: 5 } },
        entryOf(manager, { spec: { replicas: 5 } }, { subresource: "scale" }),
      );
      return differences(deployment, live)[0] as Difference;
    };
    expect(verdictOf(scaled("kubectl"), recorded, false)).toBe("suspect");
    expect(verdictOf(scaled("keda"), recorded, true)).toBe("delegated");
    expect(verdictOf(scaled("kube-controller-manager"), recorded, false)).toBe("delegated");
  });
});
