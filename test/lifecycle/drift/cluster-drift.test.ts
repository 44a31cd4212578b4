/** Clusters that are ill, or others than they should be: what cannot be looked at is unknown, and never drift. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { keyOf } from "../../../components/kube-object";
import { clusterDrift } from "../../../lifecycle/drift/cluster-drift";
import { type Answers, FakeCluster } from "../../support/fake-cluster";
import { entryOf, owned } from "./owned-object";

const MARK = "/api/v1/namespaces/fleetwright-system/configmaps/identity";
const LABEL = "labelSelector=app.kubernetes.io%2Fmanaged-by%3Dfleetwright&limit=100&continue=";
const labels = { "app.kubernetes.io/managed-by": "fleetwright" };
const mark = { environment: "dev", cluster: "hub", stack: "dev" };

const configMap: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "shop", labels },
  data: { level: "1" },
};
const role: KubeObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "view", namespace: "shop", labels },
  rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
};
const declared = [configMap, role].map((object) => ({ component: "cluster-base", object }));
const stored = (object: KubeObject) => owned(object, entryOf("fleetwright", object));
const recorded = new Map(
  [configMap, role].map((object) => [keyOf(object), { declared: object, stored: stored(object) }]),
);
const healthy: Answers = {
  [MARK]: { data: mark, metadata: {} },
  "/api/v1": { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] },
  "/apis/rbac.authorization.k8s.io/v1": { resources: [{ name: "roles", kind: "Role", namespaced: true }] },
  [`/api/v1/configmaps?${LABEL}`]: { metadata: {}, items: [stored(configMap)] },
  [`/apis/rbac.authorization.k8s.io/v1/roles?${LABEL}`]: { metadata: {}, items: [stored(role)] },
};

let fake: FakeCluster;
beforeEach(() => {
  fake = new FakeCluster();
});
afterEach(() => fake.dispose());

const look = (answers: Answers, context = "hub", state: typeof recorded = recorded) => {
  fake.answer(answers);
  return clusterDrift({ access: { kubeconfig: "none", context }, mark, declared, recorded: state });
};

describe("a cluster", () => {
  it("that is as it was deployed has no drift", async () => {
    expect(await look(healthy)).toMatchObject({ objects: 2, undeployed: 0, drift: [], foreign: [], unknown: [] });
  });

  it("that cannot be reached is unknown", async () => {
    expect(await look(healthy, "absent")).toMatchObject({
      objects: 0,
      drift: [],
      unknown: [{ cluster: "hub", what: "cluster", reason: 'context absent: error: context "absent" does not exist' }],
    });
  });

  it("that is another one is unknown, and nothing of it is compared", async () => {
    const other = { data: { ...mark, cluster: "east" }, metadata: { uid: "2" } };
    expect(await look({ ...healthy, [MARK]: other })).toMatchObject({
      objects: 0,
      drift: [],
      unknown: [{ what: "cluster", reason: "context hub leads to cluster east of environment dev (stack dev)" }],
    });
  });

  it("that may not be read whole is unknown in that part only", async () => {
    const forbidden = { ...healthy, [`/apis/rbac.authorization.k8s.io/v1/roles?${LABEL}`]: 403 };
    const { drift, objects, unknown } = await look(forbidden);
    expect({ drift, objects }).toEqual({ drift: [], objects: 1 });
    expect(unknown).toEqual([
      expect.objectContaining({
        what: "rbac.authorization.k8s.io/v1 Role",
        reason: expect.stringContaining("answered 403"),
      }),
    ]);
  });

  it("that no longer serves a kind lost its objects, and one whose object lost its label has it still", async () => {
    const { "/apis/rbac.authorization.k8s.io/v1": _, ...without } = healthy;
    const { labels: __, ...metadata } = configMap.metadata;
    const found = await look({
      ...without,
      [`/api/v1/configmaps?${LABEL}`]: { metadata: {}, items: [] },
      "/api/v1/namespaces/shop/configmaps/settings": owned({ ...configMap, metadata } as KubeObject),
    });
    expect(found.drift.map(({ kind, object, path }) => `${kind} ${object.kind} ${path}`).sort()).toEqual([
      "deleted Role ",
      "removed ConfigMap metadata.labels",
    ]);
  });

  it("to which nothing was deployed has no drift, but what waits for it", async () => {
    const lists = { [`/api/v1/configmaps?${LABEL}`]: { metadata: {}, items: [] } };
    expect(await look({ ...healthy, ...lists }, "hub", new Map())).toMatchObject({ drift: [], undeployed: 2 });
  });

  it("with more objects of our label than anybody knows has orphans; what a controller made is none", async () => {
    const copy = (name: string, more: object) =>
      owned(
        { ...configMap, metadata: { name, namespace: "shop", labels, ...more } },
        entryOf("kubectl-create", configMap),
      );
    const items = [
      stored(configMap),
      copy("copy", {}),
      copy("made", { ownerReferences: [{ kind: "Deployment", name: "x" }] }),
    ];
    const { drift } = await look({ ...healthy, [`/api/v1/configmaps?${LABEL}`]: { metadata: {}, items } });
    expect(drift.map(({ kind, manager, object }) => [kind, object.name, manager])).toEqual([
      ["orphan", "copy", "kubectl-create"],
    ]);
  });
});
