import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { EnvironmentError, parseEnvironment } from "../../stacks/environment";
import { objectStoreOf } from "../../stacks/object-store";
import { objectStoreFaults } from "../../stacks/object-store-checks";
import { sandboxEnvironment } from "../support/environments";

const s3 = {
  kind: "s3",
  region: "eu-central-1",
  buckets: { thanos: "acme-metrics", loki: "acme-logs", velero: "acme-backups" },
};
const environment = (change: object) =>
  parseEnvironment(stringify({ ...sandboxEnvironment("hub"), ...change }), "environments/test.yaml");

function faultsOf(change: object): string[] {
  try {
    environment(change);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe("an environment's object store", () => {
  it("is a folder of each pod's own in a sandbox that names none", () => {
    expect(objectStoreOf(environment({}), "thanos")).toEqual({ kind: "filesystem" });
    expect(objectStoreOf(environment({ objectStore: { kind: "filesystem" } }), "loki")).toEqual({
      kind: "filesystem",
    });
  });

  it("has a bucket per component, in one region of one store, and the role by which its pods are known", () => {
    const roleArn = "arn:aws:iam::111122223333:role/acme/loki";
    const of = environment({
      objectStore: { ...s3, endpoint: "minio.storage.svc:9000", roleArns: { loki: roleArn } },
    });
    const shared = { kind: "s3", region: "eu-central-1", endpoint: "minio.storage.svc:9000" };
    expect(objectStoreOf(of, "thanos")).toEqual({ ...shared, bucket: "acme-metrics" });
    expect(objectStoreOf(of, "loki")).toEqual({ ...shared, bucket: "acme-logs", roleArn });
    expect(objectStoreOf(environment({ objectStore: s3 }), "velero")).toEqual({
      kind: "s3",
      region: "eu-central-1",
      bucket: "acme-backups",
    });
  });

  it("is asked for by name where there is none, and never made up", () => {
    const file = "environments/prod.yaml";
    expect(() => objectStoreOf({ file, objectStore: undefined, sandbox: undefined }, "loki")).toThrow(
      "environments/prod.yaml: objectStore has no bucket for loki, must name it and its region",
    );
  });

  it.each([
    ["without a region", { ...s3, region: undefined }, "region: is missing: buckets of kind s3 live in a region"],
    [
      "two components in one bucket",
      { ...s3, buckets: { ...s3.buckets, velero: "acme-logs" } },
      "buckets.velero: is the bucket of loki too: each component needs one of its own",
    ],
    [
      "a name that no bucket may have",
      { ...s3, buckets: { ...s3.buckets, loki: "Logs" } },
      "buckets.loki: must be 3–63 lower-case letters, digits, '-' and '.', as Amazon S3 names buckets",
    ],
    [
      "a name where an ARN must stand",
      { ...s3, roleArns: { thanos: "thanos" } },
      "roleArns.thanos: must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/thanos",
    ],
    [
      "a file system with a bucket",
      { kind: "filesystem", buckets: {} },
      "buckets: is a field of kind s3: a file system has none, leave it out",
    ],
    ["a URL", { ...s3, endpoint: "https://minio" }, "endpoint: must be host or host:port, without scheme"],
  ])("refuses %s", (_, objectStore, fault) => {
    expect(faultsOf({ objectStore })).toEqual([`objectStore.${fault}`]);
  });

  it("is no file system outside of a sandbox", () => {
    expect(faultsOf({ sandbox: undefined, objectStore: { kind: "filesystem" } })).toContain(
      "objectStore.kind: is for the sandbox only, where nothing outlives its machine: take s3 with the buckets of the components",
    );
  });

  it("must have a bucket for each component that is managed and needs one, unless the sandbox's folders do", () => {
    const message =
      "is missing: name the bucket in which loki keeps what it stores, or set components.loki.management to external or off";
    const fault = { path: ["objectStore", "buckets", "loki"], message };
    const needed = { loki: "managed" };
    expect(objectStoreFaults({}, needed)).toEqual([fault]);
    expect(objectStoreFaults({ components: { loki: { management: "managed" } } }, {})).toEqual([fault]);
    expect(objectStoreFaults({ objectStore: { ...s3, buckets: { thanos: "acme-metrics" } } }, needed)).toEqual([fault]);
    const fine = [
      { objectStore: s3 },
      { components: { loki: { management: "external" } } },
      { components: { loki: { management: "off" } } },
      { sandbox: {} },
    ];
    expect(fine.map((file) => objectStoreFaults(file, needed))).toEqual([[], [], [], []]);
  });

  it("must have each bucket in a sandbox, too, once it is no folder: all that keep objects are managed there", () => {
    const message = (user: string) =>
      `is missing: name the bucket in which ${user} keeps what it stores, or set components.${user}.management to external or off`;
    const objectStore = { ...s3, buckets: { thanos: "acme-metrics" } };
    const of = (components: object) => objectStoreFaults({ sandbox: {}, objectStore, components });
    expect(of({})).toEqual(
      ["loki", "velero"].map((user) => ({ path: ["objectStore", "buckets", user], message: message(user) })),
    );
    expect(of({ loki: { management: "off" }, velero: { management: "external" } })).toEqual([]);
  });
});
