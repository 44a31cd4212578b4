/** Rules over sets, as the pack judges by them once all of a stack was shown to it. */
import { describe, expect, it } from "@jest/globals";
import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { checkGraph } from "../../../policies/graph/check";
import { graphRules } from "../../../policies/graph/graph-rules";
import { RulesPolicy } from "../../../policies/pack/policy";
import { SeenResources, type StackViolation } from "../../../policies/pack/stack";
import type { ClusterRules, RuleSettings } from "../../../policies/parameters";
import { offBut } from "../../support/rules";

interface Shown {
  /** `core/v1:Service`. */
  readonly type: string;
  readonly properties: object;
  readonly name?: string;
  readonly cluster?: string;
}

const all = Object.fromEntries(
  graphRules().map(({ id, levels }): [string, RuleSettings] => [id, { level: levels.prod, parameters: {} }]),
);
const urnOf = ({ name, properties, type }: Shown, index: number) =>
  `urn:pulumi:dev::shop::kubernetes:${type}::${name ?? (properties as { metadata?: { name?: string } }).metadata?.name ?? index}`;
const policyOf = (own: Record<string, RuleSettings> = all, rules: Partial<ClusterRules> = {}) => {
  const here: ClusterRules = { environment: "dev", ...rules, rules: { ...offBut(...Object.keys(own)), ...own } };
  return new RulesPolicy({ clusters: { "dev/hub": here, "dev/east": here } }, () => new Date("2026-11-22T12:00:00Z"));
};

function found(shown: readonly Shown[], policy = policyOf()): StackViolation[] {
  const seen = new SeenResources();
  const stack = shown.map((one, index) => {
    const { cluster = "dev/hub", properties, type } = one;
    const urn = urnOf(one, index);
    seen.see(urn, { type: `kubernetes:${type}`, properties, provider: { clusterIdentifier: cluster } });
    return { urn, dependencies: {} };
  });
  return seen.violations(stack, policy);
}

/** `name rule refuses|reports [undetermined]` of each. */
const said = (shown: readonly Shown[], policy = policyOf()) =>
  found(shown, policy).map(({ isMandatory, message, policy: id, urn }) =>
    [urn.split("::").at(-1), id, isMandatory ? "refuses" : "reports", / undetermined: /.test(message) && "undetermined"]
      .filter(Boolean)
      .join(" "),
  );

const namespace = (name = "guard"): Shown => ({ type: "core/v1:Namespace", properties: { metadata: { name } } });
const workload = (spec: object = {}, labels: unknown = { app: "guard" }): Shown => ({
  type: "apps/v1:Deployment",
  name: "program",
  properties: {
    metadata: { name: "guard", namespace: "guard" },
    spec: {
      selector: { matchLabels: { app: "guard" } },
      template: { metadata: { labels }, spec: { containers: [{ name: "guard", image: unknownValue }] } },
      ...spec,
    },
  },
});
const service: Shown = {
  type: "core/v1:Service",
  name: "service",
  properties: {
    metadata: { name: "guard", namespace: "guard" },
    spec: { selector: { app: "guard" }, ports: [{ port: 443 }] },
  },
};
const leavingOut = (...values: string[]) => ({
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values }],
});
const SYSTEM = ["kube-system", "kube-node-lease"];
/** Its CA is made by the stack itself, as it mostly is. */
const webhook = (fields: object = {}): Shown => ({
  type: "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
  name: "webhook",
  properties: {
    metadata: { name: "guard" },
    webhooks: [
      {
        name: "guard.acme.io",
        clientConfig: { service: { name: "guard", namespace: "guard" }, caBundle: unknownValue },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        namespaceSelector: leavingOut(...SYSTEM),
        ...fields,
      },
    ],
  },
});
const configMap = (name: unknown, where: unknown, data: unknown = {}): Shown => ({
  type: "core/v1:ConfigMap",
  properties: { metadata: { name, namespace: where }, data },
});

const exemption = {
  owner: "shop",
  reason: "It is being replaced.",
  expires: "2027-03-31",
  group: "admissionregistration.k8s.io",
  kind: "ValidatingWebhookConfiguration",
  namespace: "",
  name: "guard",
};

describe("the set of a stack's objects", () => {
  it("refuses a webhook that guards its own program, at the resource that registers it", () => {
    expect(said([namespace(), workload(), service, webhook()])).toEqual(["webhook GR-03 refuses"]);
    expect(
      said([namespace(), workload(), service, webhook({ namespaceSelector: leavingOut(...SYSTEM, "guard") })]),
    ).toEqual([]);
  });

  it("says what `policy check` says of the same objects, word for word", () => {
    const shown = [namespace(), workload(), service, webhook({ timeoutSeconds: 30 })];
    const objects = shown.map(({ properties, type }) => {
      const [version = "", kind = ""] = type.split(":");
      return { ...properties, apiVersion: version.replace("core/", ""), kind };
    });
    const results = checkGraph(objects, {
      rules: graphRules(),
      isWhole: false,
      variantsOf: ({ id }) => [{ settings: all[id] }],
      hasEnvironment: true,
    });
    const denied = results.filter(({ verdict }) => verdict !== "allow");
    expect(denied.map(({ id }) => id)).toEqual(["GR-03", "GR-06"]);
    expect(found(shown).map(({ isMandatory, message }) => [message, isMandatory])).toEqual(
      denied.map(({ id, message, refuses }) => [`${id}: ${message}`, refuses]),
    );
  });

  it("is one per cluster", () => {
    const twin = configMap("a", "default");
    expect(said([twin, { ...twin, name: "b" }])).toEqual(["a GR-10 refuses"]);
    expect(said([twin, { ...twin, name: "b", cluster: "dev/east" }])).toEqual([]);
  });

  it("holds what stands in lists", () => {
    const items = [1, 2].map(() => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "default" },
    }));
    expect(said([{ type: "core/v1:List", name: "list", properties: { items } }])).toEqual(["list GR-10 refuses"]);
  });

  it("leaves open, and never refuses, what may be in another stack or in the cluster already", () => {
    const refusing = policyOf(all, { undetermined: "deny" });
    const shown = [webhook({ failurePolicy: "Ignore" }), configMap("a", "shop")];
    expect(said(shown, refusing)).toEqual(["webhook GR-07 reports undetermined", "a GR-09 reports undetermined"]);
    const thing = { type: "acme.io/v1:Thing", properties: { metadata: { name: "a", namespace: "default" } } };
    expect(said([thing], refusing)).toEqual(["a GR-08 reports undetermined"]);
  });

  it("leaves open what pods of others would answer, and denies what no other object makes right", () => {
    const calls = webhook({ failurePolicy: "Ignore" });
    expect(said([namespace(), workload({ replicas: 0 }), service, calls])).toEqual([
      "webhook GR-07 reports undetermined",
    ]);
    const clientConfig = { service: { name: "guard", namespace: "guard", port: 8443 } };
    expect(said([namespace(), workload(), service, webhook({ failurePolicy: "Ignore", clientConfig })])).toEqual([
      "webhook GR-07 refuses",
    ]);
  });

  it("has no patches, which say only what they change", () => {
    const patch = { ...namespace("default"), type: "core/v1:NamespacePatch", name: "patch" };
    expect(said([namespace("default"), patch])).toEqual([]);
  });

  it("has levels and exemptions of its cluster, and counts what is exempt", () => {
    const shown = [namespace(), workload(), service, webhook()];
    const warn = { "GR-03": { level: "warn" as const, parameters: {} } };
    expect(said(shown, policyOf(warn))).toEqual(["webhook GR-03 reports"]);
    expect(said(shown, policyOf({}))).toEqual([]);
    const exempt = policyOf({ "GR-03": { level: "deny", parameters: { exemptions: [exemption] } } });
    expect(said(shown, exempt)).toEqual([]);
    expect(exempt.conclusion().map(({ message }) => message)).toEqual([
      "exemptions: 1 in force (GR-03 1), 1 violation exempted",
    ]);
    const ended = { ...exemption, expires: "2026-11-21" };
    const late = policyOf({ "GR-03": { level: "deny", parameters: { exemptions: [ended] } } });
    expect(said(shown, late)).toEqual(["webhook GR-03 refuses"]);
    const [violation] = late.violations({ type: "pulumi:pulumi:Stack", properties: {}, provider: null });
    expect(violation).toMatchObject({ policy: "GR-03", isMandatory: true });
  });

  it("counts an exemption of what is missing as one that exempts", () => {
    const policy = policyOf({ "GR-07": { level: "deny", parameters: { exemptions: [exemption] } } });
    expect(said([webhook()], policy)).toEqual([]);
    expect(policy.conclusion()).toHaveLength(1);
  });

  it("is judged by no defaults, and refused once, where the cluster says nothing of a rule", () => {
    const policy = new RulesPolicy({ clusters: { "dev/hub": { environment: "dev", rules: offBut("GR-10") } } });
    expect(said([configMap("a", "default"), configMap("b", "default")], policy)).toEqual([
      "a GR-10 refuses undetermined",
    ]);
  });

  it("repeats no secret", () => {
    const hidden = { [specialSigKey]: specialSecretSig, value: "canary" };
    const spec = { selector: { app: "guard" }, ports: [{ port: 8443, name: hidden }] };
    const odd = {
      ...service,
      properties: { ...service.properties, metadata: { name: hidden, namespace: "guard" }, spec },
    };
    const calls = webhook({
      failurePolicy: "Ignore",
      clientConfig: { service: { name: hidden, namespace: "guard" } },
    });
    const messages = found([namespace(), workload(), odd, calls]).map(({ message }) => message);
    expect(messages).toEqual(["GR-07: webhooks[0].clientConfig is refused; its value is a secret"]);
  });
});

describe("what is not known yet in a set", () => {
  it("blinds no rule that does not read it", () => {
    const annotated = {
      ...webhook(),
      properties: { ...webhook().properties, metadata: { name: "guard", annotations: { arn: unknownValue } } },
    };
    expect(said([namespace(), workload(), service, annotated])).toEqual(["webhook GR-03 refuses"]);
  });

  it("leaves open the rules that read it, and no others", () => {
    const shown = (fields: object) => [namespace(), workload(), service, webhook(fields)];
    expect(said(shown({ namespaceSelector: unknownValue }))).toEqual([
      "webhook GR-03 reports undetermined",
      "webhook GR-05 reports undetermined",
    ]);
    expect(said(shown({ failurePolicy: "Ignore", timeoutSeconds: unknownValue }))).toEqual([
      "webhook GR-06 reports undetermined",
    ]);
  });

  it("says which place it is, and refuses where the environment refuses what is left open", () => {
    const shown = [namespace(), workload(), service, webhook({ namespaceSelector: unknownValue })];
    const [first] = found(shown, policyOf(all, { undetermined: "deny" }));
    expect(first).toMatchObject({ policy: "GR-03", isMandatory: true });
    expect(first?.message).toMatch(
      /^GR-03 undetermined: webhooks\[0\]\.namespaceSelector is not known yet, and what it/,
    );
    expect(first?.message).toMatch(/policy\.undetermined: warn in the environment$/);
  });

  it("lets others be denied beside it", () => {
    const open = { ...webhook({ namespaceSelector: unknownValue }), name: "open" };
    const named = { ...open, properties: { ...open.properties, metadata: { name: "open" } } };
    const own = policyOf({ "GR-03": { level: "deny", parameters: {} } });
    expect(said([namespace(), workload(), service, webhook(), named], own)).toEqual([
      "webhook GR-03 refuses",
      "open GR-03 reports undetermined",
    ]);
  });

  it("is what may lie behind a Service", () => {
    const calls = webhook({ failurePolicy: "Ignore" });
    const other = workload({}, { app: unknownValue });
    expect(said([namespace(), other, service, calls])).toEqual([
      "webhook GR-07 reports undetermined",
      "program GR-07 reports undetermined",
    ]);
  });

  it("is a namespace that somebody may make, whichever it will be", () => {
    const refusing = policyOf(all, { undetermined: "deny" });
    expect(said([configMap("a", unknownValue), configMap("b", "default")], refusing)).toEqual([
      "a GR-09 reports undetermined",
    ]);
  });

  it("is a name that another object may have", () => {
    const own = policyOf({ "GR-10": { level: "deny", parameters: {} } });
    const unnamed = { ...configMap(unknownValue, "default"), name: "unnamed" };
    expect(said([unnamed, configMap("b", "default")], own)).toEqual(["unnamed GR-10 reports undetermined"]);
    expect(said([unnamed, configMap("b", "shop")], own)).toEqual([]);
  });

  it("does not hide that an object is said twice", () => {
    const twin = configMap("a", "default", { size: unknownValue });
    expect(said([twin, { ...configMap("a", "default"), name: "b" }])).toEqual(["a GR-10 refuses"]);
  });

  it("is a whole object of which nothing is known", () => {
    const own = policyOf({ "GR-01": { level: "deny", parameters: {} } });
    expect(
      said(
        [{ ...workload(), properties: { metadata: { name: "guard", namespace: "guard" }, spec: unknownValue } }],
        own,
      ),
    ).toEqual(["program GR-01 reports undetermined"]);
  });
});
