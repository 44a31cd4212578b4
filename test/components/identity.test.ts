import { describe, expect, it } from "@jest/globals";
import { IdentityChart } from "../../components/identity";
import { objectsOf } from "../../components/kube-object";
import { IDENTITY } from "../../components/order";
import { expectGolden } from "../support/golden";

const objects = objectsOf(new IdentityChart({ environment: "dev", cluster: "hub", stack: "dev" }));

describe("identity", () => {
  it("renders the reviewed manifest", () => expectGolden("identity", objects));

  it("says which environment, cluster and stack a cluster belongs to, and nothing else", () => {
    expect(objects.map(({ data }) => data)).toEqual([{ environment: "dev", cluster: "hub", stack: "dev" }]);
  });

  it("lies where every program looks for it", () => {
    expect(objects.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }))).toEqual([IDENTITY]);
  });
});
