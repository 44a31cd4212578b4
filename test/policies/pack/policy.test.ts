import { describe, expect, it } from "@jest/globals";
import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { isJudged, POLICY_NAME, packConfiguration, RulesPolicy } from "../../../policies/pack/policy";
import type { PolicyParameters } from "../../../policies/parameters";
import { offBut } from "../../support/rules";

const parameters: PolicyParameters = {
  clusters: {
    "dev/hub": {
      environment: "dev",
      rules: {
        ...offBut("IM-01", "IM-02", "IM-03"),
        "IM-01": { level: "deny", parameters: {} },
        "IM-02": { level: "warn", parameters: {} },
        "IM-03": { level: "off", parameters: { registries: ["ghcr.io/acme"] } },
      },
    },
  },
};
const policy = new RulesPolicy(parameters);
const hub = { clusterIdentifier: "dev/hub", context: "hub" };
const podOf = (image: unknown) => ({ metadata: { name: "app" }, spec: { containers: [{ name: "app", image }] } });
const judgePod = (image: unknown, provider: unknown = hub) =>
  policy.violations({ type: "kubernetes:core/v1:Pod", properties: podOf(image), provider });

describe("the configuration of the pack", () => {
  it("stands under the policy that reads it, since the engine takes every key for a policy", () => {
    expect(packConfiguration(parameters)).toEqual({ rules: parameters });
  });
});

describe("isJudged", () => {
  it.each([
    "kubernetes:core/v1:Pod",
    "kubernetes:core/v1:List",
    "kubernetes:core/v1:PodList",
    "kubernetes:apps/v1:DeploymentPatch",
    "kubernetes:apps/v1beta2:Deployment",
    "kubernetes:argoproj.io/v1alpha1:Rollout",
    "kubernetes:storage.k8s.io/v1:StorageClass",
    "kubernetes:storage.k8s.io/v1:StorageClassPatch",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:example.com/v1:Deployment",
    "aws:s3/bucket:Bucket",
    "aws:eks/cluster:Cluster",
  ])("reads %s", (type) => expect(isJudged(type)).toBe(true));

  it.each([
    "kubernetes:core/v1:Patch",
    "kubernetes:core/v1:ConfigMapPatch",
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:yaml/v2:ConfigGroup",
    "kubernetes:kustomize/v2:Directory",
    "pulumi:providers:kubernetes",
    "fleetwright:components:ClusterPlatform",
    "aws:s3/bucketObject:BucketObject",
    "aws:kms/key:Key",
  ])("does not even read %s", (type) => expect(isJudged(type)).toBe(false));
});

describe("RulesPolicy", () => {
  it("is as grave as the resource's own cluster makes the rule, and silent where it is off", () => {
    expect(judgePod("quay.io/a/b").map(({ policy: name, isMandatory }) => [name, isMandatory])).toEqual([
      ["IM-01", true],
      ["IM-02", false],
    ]);
  });

  it("says the rule, the path and the reason", () => {
    expect(judgePod("nginx")[0]).toEqual({
      policy: "IM-01",
      description: "Images name a version or a digest, never latest.",
      message:
        "IM-01: spec.containers[0].image is docker.io/library/nginx without a tag, which means latest: name a version or a digest",
      isMandatory: true,
    });
  });

  it.each([
    ["of another cluster", { clusterIdentifier: "dev/east" }, '"dev/east"'],
    ["whose identifier is a word of the language", { clusterIdentifier: "constructor" }, '"constructor"'],
    ["without an identifier", { context: "hub" }, "of a provider without clusterIdentifier"],
    [
      "whose identifier is not known yet",
      { clusterIdentifier: unknownValue },
      "of a provider without clusterIdentifier",
    ],
    ["that there is none of", null, "of a provider without clusterIdentifier"],
  ])("refuses a resource with a provider %s", (_which, provider, said) => {
    expect(judgePod("nginx:1", provider)).toEqual([
      {
        policy: POLICY_NAME,
        description: "Every rule needs its parameters.",
        message: `undetermined: nothing is known of the rules of the cluster ${said}: type eval "$(fleetwright env <environment>)" and run pulumi again`,
        isMandatory: true,
      },
    ]);
  });

  it.each([
    ["none", undefined, "no configuration"],
    ["an empty one", {}, "clusters: Invalid input: expected record, received undefined"],
    [
      "a wrong level",
      { clusters: { a: { environment: "a", rules: { "IM-01": { level: "no", parameters: {} } } } } },
      "clusters.a.rules.IM-01.level",
    ],
  ])("refuses every judged resource when the configuration is %s", (_which, configuration, said) => {
    const [violation, ...others] = new RulesPolicy(configuration).violations({
      type: "kubernetes:core/v1:Pod",
      properties: podOf("nginx:1"),
      provider: hub,
    });
    expect(violation?.message).toContain(`without the environment's parameters (${said}`);
    expect([violation?.isMandatory, others]).toEqual([true, []]);
  });

  it("is as grave as the rule where the cluster says nothing of it", () => {
    const silent = new RulesPolicy({
      clusters: { "dev/hub": { environment: "dev", rules: offBut("IM-01", "IM-02", "IM-03") } },
    });
    const found = silent.violations({ type: "kubernetes:core/v1:Pod", properties: podOf("nginx:1"), provider: hub });
    expect(found.map(({ policy: name, isMandatory }) => [name, isMandatory])).toEqual([
      ["IM-01", true],
      ["IM-02", true],
      ["IM-03", true],
    ]);
  });

  it("is advisory, and never silent, where an unknown value decides", () => {
    expect(judgePod(unknownValue)).toEqual([
      {
        policy: "IM-01",
        description: "Images name a version or a digest, never latest.",
        message:
          "IM-01 undetermined: spec.containers[0].image is not known yet, and what it will be decides: admission judges it",
        isMandatory: false,
      },
      expect.objectContaining({ policy: "IM-02", isMandatory: false }),
    ]);
  });

  it("is as grave as the rule where the environment refuses what is left open, and says the way out", () => {
    const strict = { ...parameters.clusters["dev/hub"], undetermined: "deny" };
    const gate = new RulesPolicy({ clusters: { "dev/hub": strict } });
    const resource = { type: "kubernetes:core/v1:Pod", properties: podOf(unknownValue), provider: hub };
    const [first, second] = gate.violations(resource);
    expect(first).toMatchObject({ policy: "IM-01", isMandatory: true });
    expect(first?.message).toMatch(/policy\.undetermined: warn in the environment$/);
    expect(second).toMatchObject({ policy: "IM-02", isMandatory: false });
  });

  it("is not blinded by an unknown value beside", () => {
    const properties = { ...podOf("nginx:latest"), metadata: { name: "app", annotations: { arn: unknownValue } } };
    const found = policy.violations({ type: "kubernetes:core/v1:Pod", properties, provider: hub });
    expect(found.map(({ policy: name, isMandatory }) => [name, isMandatory])).toEqual([
      ["IM-01", true],
      ["IM-02", false],
    ]);
  });

  it("repeats no secret", () => {
    const secret = { [specialSigKey]: specialSecretSig, value: "quay.io/canary/hidden" };
    const messages = judgePod(secret).map(({ message }) => message);
    expect(messages[0]).toBe("IM-01: spec.containers[0].image is refused; its value is a secret");
    expect(messages.join()).not.toContain("canary");
  });

  it("judges patches for what they say", () => {
    const properties = {
      kind: "Deployment",
      spec: { template: { spec: { containers: [{ name: "a" }, { name: "b", image: "b" }] } } },
    };
    const found = policy.violations({ type: "kubernetes:apps/v1:DeploymentPatch", properties, provider: hub });
    expect(found.filter(({ policy: name }) => name === "IM-01").map(({ isMandatory }) => isMandatory)).toEqual([
      false,
      true,
    ]);
  });

  it("judges what belongs to no cluster by the rules for clouds", () => {
    const infrastructure = { environment: "dev", rules: { "AW-04": { level: "deny" as const, parameters: {} } } };
    const found = new RulesPolicy({ ...parameters, infrastructure }).violations({
      type: "aws:eks/cluster:Cluster",
      properties: {
        vpcConfig: { endpointPublicAccess: false, subnetIds: [unknownValue] },
        encryptionConfig: { provider: { keyArn: unknownValue }, resources: ["secrets"] },
        enabledClusterLogTypes: ["audit"],
      },
      provider: { region: "eu-central-1" },
    });
    expect(found.map(({ policy: name, message, isMandatory }) => [name, message.slice(0, 80), isMandatory])).toEqual([
      ["AW-04", "AW-04: spec.enabledClusterLogTypes lacks api, authenticator, controllerManager, ".slice(0, 80), true],
    ]);
  });

  it("judges what stands in lists", () => {
    const items = [
      { apiVersion: "v1", kind: "Pod", ...podOf("nginx") },
      { apiVersion: "v1", kind: "ConfigMap" },
    ];
    const found = policy.violations({ type: "kubernetes:core/v1:List", properties: { items }, provider: hub });
    expect(found.map(({ policy: name }) => name)).toEqual(["IM-01", "IM-02"]);
  });

  it.each([{ items: unknownValue }, { items: [unknownValue] }])(
    "refuses a list that is not known: %j",
    (properties) => {
      const [violation] = policy.violations({ type: "kubernetes:core/v1:List", properties, provider: hub });
      expect(violation?.isMandatory).toBe(true);
    },
  );
});

describe("exemptions", () => {
  const exemption = (name: string, expires: string) => ({
    owner: "shop",
    reason: "The vendor's image has no digest.",
    expires,
    group: "",
    kind: "Pod",
    namespace: "",
    name,
  });
  const cluster = (...exemptions: ReturnType<typeof exemption>[]) => ({
    environment: "dev",
    rules: { ...offBut("IM-02"), "IM-02": { level: "warn" as const, parameters: { exemptions } } },
  });
  const now = () => new Date("2026-11-22T12:00:00Z");
  const stack = { type: "pulumi:pulumi:Stack", properties: {}, provider: null };
  const judge = (rules: RulesPolicy, name: string) =>
    rules.violations({
      type: "kubernetes:core/v1:Pod",
      properties: { metadata: { name }, spec: { containers: [{ name: "app", image: "quay.io/a/b:1" }] } },
      provider: hub,
    });

  it("refuse the run as it begins when one has ended on any cluster, and exempt nothing then", () => {
    const clusters = {
      "dev/hub": cluster(exemption("app", "2026-11-21")),
      "dev/east": cluster(exemption("app", "2026-11-21")),
    };
    const rules = new RulesPolicy({ clusters }, now);
    expect(rules.violations(stack)).toEqual([
      {
        policy: "IM-02",
        description: "Images are pinned by digest.",
        message: expect.stringMatching(
          /^IM-02: the exemption of Pod app ended on 2026-11-21, owner shop: have the object/,
        ),
        isMandatory: true,
      },
    ]);
    expect(judge(rules, "app").map(({ policy: name }) => name)).toEqual(["IM-02"]);
    expect(rules.conclusion()).toEqual([]);
  });

  it("say nothing as it begins when none has ended", () => {
    const rules = new RulesPolicy({ clusters: { "dev/hub": cluster(exemption("app", "2026-11-22")) } }, now);
    expect(rules.violations(stack)).toEqual([]);
    expect(new RulesPolicy(undefined, now).violations(stack)).toEqual([]);
  });

  it("are counted once at the end, with those that end soon and those of the stack's clusters that exempt nothing", () => {
    const clusters = {
      "dev/hub": cluster(exemption("app", "2026-11-30"), exemption("gone", "2027-11-01")),
      "dev/east": cluster(exemption("elsewhere", "2027-11-01")),
    };
    const rules = new RulesPolicy({ clusters }, now);
    expect(judge(rules, "app")).toEqual([]);
    expect(judge(rules, "app")).toEqual([]);
    expect(judge(rules, "other")).toHaveLength(1);
    const said = rules.conclusion();
    expect(said.map(({ isMandatory, policy: name }) => [name, isMandatory])).toEqual(
      said.map(() => ["exemptions", false]),
    );
    expect(said.map(({ message }) => message)).toEqual([
      "exemptions: 2 in force (IM-02 2), 1 violation exempted; 1 exempts nothing; 1 ends within 14 days",
      expect.stringContaining("the exemption of Pod app ends in 8 days, on 2026-11-30"),
      expect.stringContaining("the exemption of Pod gone exempts nothing in this stack"),
    ]);
  });

  it("leave the verdict open where the object's name is not known yet", () => {
    const rules = new RulesPolicy({ clusters: { "dev/hub": cluster(exemption("app", "2026-11-30")) } }, now);
    const [violation, ...others] = rules.violations({
      type: "kubernetes:core/v1:Pod",
      properties: { metadata: { name: unknownValue }, spec: { containers: [{ name: "app", image: "quay.io/a/b:1" }] } },
      provider: hub,
    });
    expect([violation?.message, others]).toEqual([
      "IM-02 undetermined: metadata.name is not known yet, and what it will be decides: admission judges it",
      [],
    ]);
  });
});
