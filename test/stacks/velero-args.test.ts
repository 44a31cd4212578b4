import { describe, expect, it } from "@jest/globals";
import type { Environment } from "../../stacks/environment";
import { veleroArgs } from "../../stacks/velero-args";
import { environmentOf, file } from "./managed-cluster/environment";

const args = (environment: Environment) => veleroArgs(environment, "hub", (name) => name);
const { objectStore: _, ...withoutStore } = file;
const managed = (management: string) => ({ components: { velero: { management } } });

describe("backups of an environment", () => {
  it("are made where it has a bucket for them", () =>
    expect(args(environmentOf())?.store).toEqual({ kind: "s3", bucket: "acme-backups", region: "eu-central-1" }));

  it("are not made where it has none, or says that they are somebody else's", () => {
    const { velero: _velero, ...buckets } = file.objectStore.buckets;
    expect(args(environmentOf({ ...file, objectStore: { ...file.objectStore, buckets } }))).toBeUndefined();
    for (const management of ["external", "off"]) {
      expect(args(environmentOf({ ...file, ...managed(management) }))).toBeUndefined();
    }
  });

  it("are asked for in vain without a bucket: the file is refused", () =>
    expect(() =>
      environmentOf({
        ...withoutStore,
        components: {
          thanos: { management: "off" },
          loki: { management: "off" },
          velero: { management: "managed" },
        },
      }),
    ).toThrow("objectStore.buckets.velero"));

  it("are of the tenants of the cluster", () => {
    const tenants = {
      shop: { team: "payments", namespaces: { shop: { cpu: "1", memory: "1Gi" } } },
      other: { team: "payments", clusters: ["west"], namespaces: { other: { cpu: "1", memory: "1Gi" } } },
    };
    const environment = environmentOf({ ...file, teams: { payments: { group: "acme:payments" } }, tenants });
    expect(args(environment)?.tenants).toEqual([{ name: "shop", namespaces: ["shop"] }]);
  });
});
