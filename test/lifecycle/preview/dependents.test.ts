/** What hangs on an object that goes, counted by an API server. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { dependentsOf } from "../../../lifecycle/preview/dependents";
import { LiveCluster } from "../../../stacks/live-cluster";
import { FakeCluster } from "../../support/fake-cluster";

let fake: FakeCluster;
let live: LiveCluster;
beforeAll(() => {
  fake = new FakeCluster();
});
afterEach(() => live.close());
afterAll(() => fake.dispose());

const namespace = async (pods: object) => {
  const path = (plural: string) => `/api/v1/namespaces/shop/${plural}?limit=1`;
  fake.answer({ [path("pods")]: pods, [path("persistentvolumeclaims")]: { items: [] } });
  live = await LiveCluster.open({ kubeconfig: "kubeconfig", context: "hub" });
  return dependentsOf(live, { cluster: "hub", apiVersion: "v1", kind: "Namespace", namespace: "", name: "shop" }, {});
};

describe("what goes with a namespace", () => {
  it("is counted beyond the first page", async () => {
    expect(await namespace({ items: [{}], metadata: { remainingItemCount: 6 } })).toEqual({ pods: 7, claims: 0 });
  });

  it("is nothing where the API server's list of metadata is null, as it is when it is empty", async () => {
    expect(await namespace({ items: null })).toEqual({ pods: 0, claims: 0 });
  });
});
