import { describe, expect, it } from "@jest/globals";
import { experimentFaults } from "../../stacks/experiment-checks";

const experiment = {
  hypothesis: "Nobody notices.",
  slo: "checkout",
  target: { tenant: "shop", namespace: "shop", labels: { app: "cart" } },
  fault: { kind: "pod-failure" },
  blastRadius: { percent: 25 },
  duration: "10m",
  abort: "slo",
};

const file = {
  purpose: "development",
  clusters: { hub: { zones: ["h-a", "h-b", "h-c"] }, east: { zones: ["e-a", "e-b"] } },
  tenants: {
    shop: { namespaces: { shop: {}, "shop-jobs": {} } },
    catalogue: { clusters: ["east"], namespaces: { catalogue: {} } },
  },
  slos: { checkout: { tenant: "shop" }, hub: { clusters: ["hub"] } },
  components: { chaosMesh: { targets: ["shop"] } },
};

/** The faults of a file with these experiments, as sentences. */
const faults = (experiments: Record<string, object>, changes: object = {}) =>
  experimentFaults({ ...file, experiments, ...changes }).map(({ message, path }) => `${path.join(".")}: ${message}`);

describe("an experiment of an environment", () => {
  it("is taken where all is well", () => expect(faults({ a: experiment })).toEqual([]));

  it.each<[string, object, object, string]>([
    [
      "an objective that nobody stated",
      { slo: "speed" },
      {},
      "experiments.a.slo: no such objective: slos has checkout, hub",
    ],
    [
      "an objective that is not measured there",
      { slo: "hub" },
      {},
      "experiments.a.slo: is not measured in cluster east: name its clusters, hub, in target.clusters",
    ],
    [
      "a tenant that nobody knows",
      { target: { ...experiment.target, tenant: "shops" } },
      {},
      "experiments.a.target.tenant: no such tenant: tenants has shop, catalogue",
    ],
    [
      "a tenant that has not opted in",
      {},
      { components: { chaosMesh: { targets: [] } } },
      "experiments.a.target.tenant: has not opted in: components.chaosMesh.targets names tenants whose pods may be hit",
    ],
    ...["kube-system", "chaos-mesh", "catalogue", "default"].map((namespace): [string, object, object, string] => [
      `protected namespace ${namespace}`,
      { target: { ...experiment.target, namespace } },
      {},
      "experiments.a.target.namespace: is protected, for it is none of tenant shop, which has shop, shop-jobs: an experiment never reaches namespaces of Kubernetes, of the platform or of another tenant",
    ]),
    [
      "a cluster without the tenant",
      { target: { ...experiment.target, clusters: ["west"] } },
      {},
      "experiments.a.target.clusters.0: does not carry tenant shop: hub, east do",
    ],
    [
      "too large a share",
      { blastRadius: { percent: 51 } },
      {},
      "experiments.a.blastRadius.percent: is too large a share: at most 50 in development",
    ],
    [
      "a share too large for production",
      { blastRadius: { percent: 35 } },
      { purpose: "production", components: { chaosMesh: { management: "managed", targets: ["shop"] } } },
      "experiments.a.blastRadius.percent: is too large a share: at most 34 in production",
    ],
    [
      "too long",
      { duration: "61m" },
      {},
      "experiments.a.duration: must last 60–3600 seconds in development: shorter shows nothing, longer is no longer an experiment",
    ],
    [
      "too long for production",
      { duration: "31m" },
      { purpose: "production", components: { chaosMesh: { management: "managed", targets: ["shop"] } } },
      "experiments.a.duration: must last 60–1800 seconds in production: shorter shows nothing, longer is no longer an experiment",
    ],
    [
      "too short",
      { duration: "59s" },
      {},
      "experiments.a.duration: must last 60–3600 seconds in development: shorter shows nothing, longer is no longer an experiment",
    ],
    [
      "no time to recover",
      { cleanup: { within: "119s" } },
      {},
      "experiments.a.cleanup.within: must last 120–3600 seconds in development: four checks in a row take a minute",
    ],
    [
      "a zone that the cluster has not",
      { fault: { kind: "zone-loss", zone: "h-a" }, blastRadius: { percent: 34 } },
      {},
      "experiments.a.fault.zone: cluster east has no such zone, its zones are e-a, e-b: name the zone's cluster in target.clusters",
    ],
    [
      "a zone that is more than said",
      {
        fault: { kind: "zone-loss", zone: "e-a" },
        blastRadius: { percent: 34 },
        target: { ...experiment.target, clusters: ["east"] },
      },
      {},
      "experiments.a.blastRadius.percent: a zone of cluster east is 50 percent of its zones: the loss of one is no less, and at most 50 in development",
    ],
    [
      "Chaos Mesh off",
      {},
      { purpose: "production" },
      "experiments: Chaos Mesh is off in this environment: set components.chaosMesh.management to managed, or declare no experiment",
    ],
  ])("is refused with %s", (_, change, changes, sentence) => {
    expect(faults({ a: { ...experiment, ...change } }, changes)).toEqual([sentence]);
  });

  it("is refused with everything that is wrong, at once", () => {
    const wrong = { ...experiment, slo: "x", blastRadius: { percent: 99 }, duration: "9999m" };
    expect(faults({ a: wrong, b: { ...wrong, target: { tenant: "nobody" } } })).toHaveLength(7);
  });

  it("passes over what has the wrong shape: that is the schema's to say", () => {
    expect(faults({ a: { slo: 1, target: [], duration: 5, blastRadius: "x", window: 3 } })).toEqual([]);
  });

  it("is judged by no bound where the purpose is not known: that is the schema's to say", () => {
    expect(
      faults({ a: { ...experiment, blastRadius: { percent: 99 }, duration: "99m" } }, { purpose: "play" }),
    ).toEqual([]);
    expect(faults({ a: { ...experiment, duration: "1s" } }, { purpose: "play" })).toHaveLength(1);
  });

  it("needs tenants that exist to opt in", () => {
    expect(faults({}, { components: { chaosMesh: { targets: ["shops"] } } })).toEqual([
      "components.chaosMesh.targets.0: no such tenant: tenants has shop, catalogue",
    ]);
  });
});

describe("two experiments", () => {
  const overlaps = (change: object) => faults({ a: experiment, b: { ...experiment, ...change } });

  it("do not hit the same pods at the same time", () => {
    expect(overlaps({})).toEqual([
      "experiments.b.window: overlaps with experiment a, which may hit the same pods of cluster hub at the same time: give one of them another day, or a time 20 minutes apart",
    ]);
  });

  it.each<[string, object]>([
    ["on another day", { window: { day: "monday" } }],
    ["at another time", { window: { time: "10:20" } }],
    ["on other pods", { target: { ...experiment.target, labels: { app: "web" } } }],
    ["in another namespace", { target: { ...experiment.target, namespace: "shop-jobs" } }],
  ])("may be there %s", (_, change) => expect(overlaps(change)).toEqual([]));

  it.each<[string, object]>([
    ["one after the other has begun", { window: { time: "10:19" } }],
    ["one before the other has ended", { window: { time: "09:41" } }],
    ["labels that the same pods may carry", { target: { ...experiment.target, labels: { tier: "web" } } }],
  ])("are refused with %s", (_, change) => expect(overlaps(change)).toHaveLength(1));

  it("may be there in different clusters", () => {
    const of = (cluster: string) => ({ ...experiment, target: { ...experiment.target, clusters: [cluster] } });
    expect(faults({ a: of("hub"), b: of("east") })).toEqual([]);
    expect(faults({ a: of("hub"), b: of("hub") })).toHaveLength(1);
  });
});
