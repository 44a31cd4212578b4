import { beforeAll, describe, expect, it } from "@jest/globals";
import { clusterObjects } from "../../components/cluster-parts";
import { ensureUpstream } from "../../components/upstream";
import { clusterArgs } from "../../stacks/cluster-args";
import { loadEnvironment } from "../../stacks/environment";
import { OBJECT_USERS, podRolesOf } from "../../stacks/object-access";
import { environmentOf, file } from "./managed-cluster/environment";

beforeAll(() => ensureUpstream(), 300_000);

describe("access to objects", () => {
  it.each(["hub", "east"])("is given to accounts that pods of cluster %s have", (cluster) => {
    const rendered = clusterObjects(clusterArgs(loadEnvironment("dev"), cluster, "dev"));
    const accounts = rendered
      .filter(({ object }) => object.kind === "ServiceAccount")
      .map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`);
    const users = OBJECT_USERS.filter(({ clusters }) => clusters === "all" || cluster === "hub");
    const listed = users.flatMap(({ accounts: each, namespace }) =>
      Object.keys(each).map((account) => `${namespace}/${account}`),
    );
    expect(listed.length).toBeGreaterThan(1);
    expect(listed.filter((account) => !accounts.includes(account))).toEqual([]);
  });

  it("is not given where somebody names a role of his own, or a store that is not Amazon's", () => {
    const role = "arn:aws:iam::111122223333:role/logs";
    const own = environmentOf({ ...file, objectStore: { ...file.objectStore, roleArns: { loki: role } } });
    expect(podRolesOf(own, "hub").map(({ namespace }) => namespace)).not.toContain("loki");
    const elsewhere = environmentOf({ ...file, objectStore: { ...file.objectStore, endpoint: "s3.example" } });
    expect(podRolesOf(elsewhere, "hub")).toEqual([]);
  });
});
