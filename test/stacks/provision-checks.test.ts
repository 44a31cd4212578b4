import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { EnvironmentError, parseEnvironment } from "../../stacks/environment";
import { managedClusterArgs } from "../../stacks/managed-cluster-args";
import { environmentOf, file } from "./managed-cluster/environment";

/** Faults of the file once a value of it was replaced. */
function faultsWith(path: string, value: unknown): string[] {
  const changed = structuredClone(file) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, changed);
  parent[last] = value;
  try {
    parseEnvironment(stringify(changed), "environments/prod.yaml");
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map((fault) => `${fault.path}: ${fault.message}`);
    throw error;
  }
  return [];
}

describe("the provision of a cluster", () => {
  it("is that of a cluster that exists, unless the file says otherwise", () => {
    const { provision, ...hub } = file.clusters.hub;
    expect(provision.kind).toBe("eks");
    const { clusters } = environmentOf({ ...file, clusters: { hub } });
    expect(clusters.hub?.provision).toEqual({ kind: "existing" });
  });

  it("may be taken as it is", () => expect(faultsWith("owner", "platform")).toEqual([]));

  const eks = "clusters.west.provision.eks";
  it.each([
    ["clusters.west.cloud", "gcp", "clusters.west.cloud: must be aws: the cluster's provision is eks"],
    [
      "clusters.west.kubernetes",
      "1.31",
      "clusters.west.kubernetes: must be a minor whose add-ons are pinned for EKS: 1.34, 1.35",
    ],
    [
      "sandbox",
      {},
      "clusters.hub.provision.kind: must be existing: the clusters of this environment are the sandbox's",
    ],
    [
      `${eks}.account`,
      "999999999999",
      `${eks}.account: must be 111122223333, as of the others: pods of all clusters share the environment's buckets`,
    ],
    [
      `${eks}.nodeCidrs`,
      ["10.17.0.0/18", "10.17.64.0/18"],
      `${eks}.nodeCidrs: must have 3 ranges, one in each of the cluster's zones`,
    ],
    [
      `${eks}.publicCidrs`,
      ["10.17.192.0/24", "10.17.193.0/24", "10.99.0.0/24"],
      `${eks}.publicCidrs: has 10.99.0.0/24, must lie in 10.17.0.0/16, the first of network.podCidrs`,
    ],
    [
      "clusters.west.network.apiServerCidrs",
      ["10.17.0.0/24", "10.17.241.0/24", "10.17.242.0/24"],
      "clusters.west.network.apiServerCidrs: has 10.17.0.0/24, which lies in another subnet's range, too",
    ],
    ["clusters.west.provision", { kind: "eks" }, `${eks}: must be there for kind eks, and for no other`],
    ["clusters.west.provision.kind", "existing", `${eks}: must be there for kind eks, and for no other`],
    [`${eks}.admins`, [], `${eks}.admins: must have at least 1 item`],
    [`${eks}.nodeGroups`, {}, `${eks}.nodeGroups: must have at least one group`],
    [`${eks}.nodeGroups.general.maxNodes`, 2, `${eks}.nodeGroups.general.maxNodes: must be at least minNodes`],
  ])("refuses %s: %j", (path, value, fault) => expect(faultsWith(path, value)).toContain(fault));

  it("refuses names that AWS has no room for", () => {
    const environment = { ...environmentOf(), name: "production-of-the-whole-company-worldwide" };
    expect(() => managedClusterArgs(environment, "hub")).toThrow("must be at most 40 characters");
  });

  it("refuses a version of an add-on that there is not", () => {
    const given = structuredClone(file) as unknown as {
      clusters: { hub: { provision: { eks: { addonVersions?: Record<string, string> } } } };
    };
    given.clusters.hub.provision.eks.addonVersions = { "core-dns": "v1.13.2-eksbuild.1" };
    expect(() => managedClusterArgs(environmentOf(given), "hub")).toThrow(
      'environments/prod.yaml: clusters.hub: provision.eks.addonVersions has "core-dns", must be one of vpc-cni',
    );
  });
});
