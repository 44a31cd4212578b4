import { describe, expect, it } from "@jest/globals";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { RulesPolicy } from "../../../policies/pack/policy";
import { isSeenTogether, SeenResources } from "../../../policies/pack/stack";
import type { RuleSettings } from "../../../policies/parameters";
import { offBut } from "../../support/rules";

const AWS = ["AW-01", "AW-02", "AW-03", "AW-04"];
const at = (level: RuleSettings["level"], ...ids: string[]) =>
  Object.fromEntries(ids.map((id) => [id, { level, parameters: {} }]));
const policy = new RulesPolicy({
  clusters: { "dev/hub": { environment: "dev", rules: { ...offBut("NW-01"), ...at("warn", "NW-01") } } },
  infrastructure: { environment: "dev", rules: at("deny", ...AWS) },
});

const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

interface Shown {
  readonly type: string;
  readonly name?: string;
  readonly properties: object;
  readonly of?: Record<string, string[]>;
  readonly cluster?: string;
}

/** `name policy level` of each violation, once everything was shown. */
function judged(...resources: Shown[]): string[] {
  const seen = new SeenResources();
  const entries = resources.map(({ type, name = "logs", properties, of = {}, cluster = "dev/hub" }) => {
    const urn = urnOf(type, name);
    seen.see(urn, { type, properties, provider: type.startsWith("aws") ? {} : { clusterIdentifier: cluster } });
    return { urn, dependencies: of };
  });
  return seen
    .violations(entries, policy)
    .map(({ urn, policy: id, isMandatory, message }) =>
      [urn.split("::").at(-1), id, isMandatory ? "refuses" : "reports", /undetermined/.exec(message)?.[0]]
        .filter((word) => word !== undefined)
        .join(" "),
    );
}

const logs = { type: BUCKET, properties: { bucket: "acme-logs" } };
const its = { bucket: "acme-logs" };
const blocked = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const rules = (key: unknown) => [
  { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } },
];
const all = [
  { type: BLOCK, properties: { ...its, ...blocked } },
  { type: ENCRYPTION, properties: { ...its, rules: rules("arn:aws:kms:eu-central-1:111122223333:key/1") } },
  { type: VERSIONING, properties: { ...its, versioningConfiguration: { status: "Enabled" } } },
];

describe("a bucket in a stack", () => {
  it("is judged with what further resources say of it", () => expect(judged(logs, ...all)).toEqual([]));

  it("is refused for each of them that is missing", () =>
    expect(judged(logs)).toEqual(["logs AW-01 refuses", "logs AW-02 refuses", "logs AW-03 refuses"]));

  it("does not get what is said of another one", () => {
    const media = { type: BUCKET, name: "media", properties: { bucket: "acme-media" } };
    expect(judged(logs, media, ...all)).toEqual(["media AW-01 refuses", "media AW-02 refuses", "media AW-03 refuses"]);
  });

  it("is joined by the dependency where its name is not known yet", () => {
    const unnamed = all.map((one) => ({
      ...one,
      properties: { ...one.properties, bucket: unknownValue },
      of: { bucket: [urnOf(BUCKET, "logs")] },
    }));
    const media = { type: BUCKET, name: "media", properties: { bucket: "acme-media" } };
    expect(judged(logs, ...unnamed)).toEqual([]);
    expect(judged(logs, media, ...unnamed)).toHaveLength(3);
  });

  it("is left open, and reported, where a part may be another one's", () => {
    const [block, ...others] = all;
    const open = { type: BLOCK, properties: { ...block?.properties, bucket: unknownValue } };
    expect(judged(logs, open, ...others)).toEqual(["logs AW-01 reports undetermined"]);
  });

  it("has a key of its own where the ARN that is not known yet is a key's of the stack, and of nothing else", () => {
    const [block, encryption, versioning] = all as [Shown, Shown, Shown];
    const keyFrom = (...urns: string[]) => ({
      ...encryption,
      properties: { ...its, rules: rules(unknownValue) },
      of: { rules: urns },
    });
    const key = urnOf("fleetwright:stacks:ManagedCluster$aws:kms/key:Key", "objects");
    expect(judged(logs, block, versioning, keyFrom(key))).toEqual([]);
    const other = urnOf("pulumi:pulumi:StackReference", "keys");
    expect(judged(logs, block, versioning, keyFrom(other))).toEqual(["logs AW-02 reports undetermined"]);
  });

  it("is judged by what the program gives it, in the names of version 6 too", () =>
    expect(
      judged(
        { ...logs, type: "aws:s3/bucketV2:BucketV2" },
        ...all.slice(0, 1),
        { ...(all[1] as Shown), type: `${ENCRYPTION.replaceAll("Configuration", "ConfigurationV2")}` },
        { ...(all[2] as Shown), type: "aws:s3/bucketVersioningV2:BucketVersioningV2" },
      ),
    ).toEqual([]));

  it("was refused where nothing is known of the rules of clouds, and says nothing more in the end", () => {
    const without = new RulesPolicy({ clusters: {} });
    const [refusal, ...others] = without.violations({ type: BUCKET, properties: its, provider: {} });
    expect(refusal).toMatchObject({ policy: "rules", isMandatory: true });
    expect(refusal?.message).toContain("nothing is known of the rules of a cloud's resources");
    expect(others).toEqual([]);
    const seen = new SeenResources();
    seen.see(urnOf(BUCKET, "logs"), { type: BUCKET, properties: its, provider: {} });
    expect(seen.violations([{ urn: urnOf(BUCKET, "logs"), dependencies: {} }], without)).toEqual([]);
  });
});

describe("a namespace in a stack", () => {
  const shop = { type: NAMESPACE, name: "shop", properties: { metadata: { name: "shop" } } };
  const deny = (namespace: unknown): Shown => ({
    type: NETWORK_POLICY,
    name: "deny",
    properties: {
      metadata: { name: "deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  });

  it("is judged with its policies", () => {
    expect(judged(shop, deny("shop"))).toEqual([]);
    expect(judged(shop)).toEqual(["shop NW-01 reports"]);
    expect(judged(shop, deny("search"))).toEqual(["shop NW-01 reports"]);
  });

  it("does not get the policies of its like in another cluster", () =>
    expect(judged(shop, { ...deny("shop"), cluster: "dev/east" })).toEqual(["shop NW-01 reports"]));

  it("is joined by the dependency where the name is not known yet", () => {
    const of = { metadata: [urnOf(NAMESPACE, "shop")] };
    expect(judged(shop, { ...deny(unknownValue), of })).toEqual([]);
    expect(judged(shop, deny(unknownValue))).toEqual(["shop NW-01 reports undetermined"]);
  });

  it("is found in lists too, as its policies are", () => {
    const list = {
      type: "kubernetes:core/v1:List",
      name: "list",
      properties: {
        items: [
          { apiVersion: "v1", kind: "Namespace", ...shop.properties },
          { apiVersion: "v1", kind: "Namespace", metadata: { name: "search" } },
          { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", ...deny("shop").properties },
        ],
      },
    };
    expect(judged(list)).toEqual(["list NW-01 reports"]);
  });

  it("that is no longer in the stack is not judged", () => {
    const seen = new SeenResources();
    seen.see(urnOf(NAMESPACE, "shop"), { ...shop, provider: { clusterIdentifier: "dev/hub" } });
    expect(seen.violations([], policy)).toEqual([]);
  });
});

describe("isSeenTogether", () => {
  it.each([
    BUCKET,
    BLOCK,
    NAMESPACE,
    NETWORK_POLICY,
    "kubernetes:core/v1:NamespaceList",
    "kubernetes:core/v1:List",
    "kubernetes:core/v1:Pod",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:example.com/v1:Thing",
  ])("keeps %s", (type) => expect(isSeenTogether(type)).toBe(true));
  it.each([
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:core/v1:NamespacePatch",
    "aws:eks/cluster:Cluster",
    "aws:kms/key:Key",
  ])("lets %s go", (type) => expect(isSeenTogether(type)).toBe(false));
});
