import { beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import type { Rule } from "../../components/rights";
import { ensureUpstream } from "../../components/upstream";
import { EnvironmentError, loadEnvironment, parseEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

const base = sandboxEnvironment();
const rendered = (change: object = {}): KubeObject[] =>
  renderedObjects(parseEnvironment(stringify({ ...base, ...change }), "environments/prod.yaml")).map(
    ({ object }) => object,
  );
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const policies = (objects: readonly KubeObject[]): Rendered[] =>
  objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicy");
const listOf = (objects: readonly KubeObject[], policy: string, variable: string) => {
  const found = policies(objects).find(({ metadata }) => metadata.name === policy);
  return JSON.parse(found.spec.variables.find(({ name }: Rendered) => name === variable).expression);
};

let whole: ReturnType<typeof renderedObjects> | undefined;
const dev = () => {
  whole ??= renderedObjects(loadEnvironment("dev"));
  return whole;
};
const ofDev = () =>
  dev()
    .filter(({ cluster }) => cluster === "hub")
    .map(({ object }) => object);

describe("tier 0 of an environment", () => {
  it("renders the reviewed policies", () =>
    expectGolden(
      "tier-zero",
      ofDev().filter(({ kind }) => kind.startsWith("ValidatingAdmissionPolicy")),
    ));

  it("lets system:masters write where the environment names nobody, and else whom it names", () => {
    expect(listOf(rendered(), "gk-01-gatekeeper-objects", "groups")).toEqual(["system:masters"]);
    const administrators = { users: ["arn:aws:iam::123456789012:role/deployer"], groups: [] };
    const objects = rendered({ policy: { ...base.policy, administrators } });
    for (const { metadata } of policies(objects)) {
      expect(listOf(objects, metadata.name, "users")).toEqual(administrators.users);
      expect(listOf(objects, metadata.name, "groups")).toEqual([]);
    }
  });

  it("is refused where nobody would be left to deploy", () => {
    const administrators = { users: [], groups: [] };
    const parse = () => rendered({ policy: { administrators } });
    expect(parse).toThrow(EnvironmentError);
    expect(parse).toThrow(/policy\.administrators.*must name a user or a group, or nobody could deploy again/);
  });

  it("guards the namespaces that Gatekeeper passes over, those of the environment too", () => {
    const components = { ...base.components, gatekeeper: { exemptNamespaces: ["legacy"] } };
    expect(listOf(rendered({ components }), "gk-02-exempt-namespaces", "exemptNamespaces")).toEqual([
      "gatekeeper-system",
      "kube-node-lease",
      "kube-public",
      "kube-system",
      "legacy",
    ]);
  });

  it("has the level that the environment says, and none where that is off", () => {
    const levels = { ...base.policy.levels, "GK-01": "warn", "GK-02": "off" };
    const objects = rendered({ policy: { levels } });
    const actions = objects
      .filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding")
      .map(({ metadata, spec }: Rendered) => `${metadata.name} ${spec.validationActions}`);
    expect(actions).toEqual([
      "gk-01-gatekeeper-objects Warn,Audit",
      "gk-01-gatekeeper-namespace Warn,Audit",
      "gk-03-webhook-configurations Deny,Audit",
    ]);
  });

  it("lets the programs write their CA into webhooks whose roles say so: of cert-manager, Gatekeeper and Istio", () => {
    const objects = ofDev();
    expect(listOf(objects, "gk-03-webhook-configurations", "certificateUsers")).toEqual([
      "system:serviceaccount:cert-manager:cert-manager-cainjector",
      "system:serviceaccount:gatekeeper-system:gatekeeper-admin",
      "system:serviceaccount:istio-system:istiod",
    ]);
    expect(listOf(objects, "gk-03-webhook-configurations", "certificateGroups")).toEqual([]);
  });

  it("lets somebody else's cert-manager do so by whatever account of its namespace", () => {
    const components = { ...base.components, certManager: { management: "external" } };
    expect(listOf(rendered({ components }), "gk-03-webhook-configurations", "certificateGroups")).toEqual([
      "system:serviceaccounts:cert-manager",
    ]);
  });
});

/** What no admission policy can guard, because the API server asks none about it: rights alone decide. */
describe("admission policies themselves", () => {
  const POLICIES = /^(validating|mutating)admissionpolic(ies|ybindings)$/;
  const writes = ({ apiGroups = [], resources = [], verbs }: Rule) =>
    apiGroups.some((group) => group === "*" || group === "admissionregistration.k8s.io") &&
    resources.some((resource) => resource === "*" || POLICIES.test(resource)) &&
    verbs.some((verb) => !["get", "list", "watch"].includes(verb));

  it("are written by no role of the platform, but Gatekeeper's that deletes those of its templates by name", () => {
    const roles = dev().filter(({ object }) => /Role$/.test(object.kind));
    const found = roles.flatMap(({ cluster, object }) =>
      ((object.rules ?? []) as Rule[]).filter(writes).map(({ resourceNames = ["every"], verbs }) => ({
        role: `${cluster} ${object.metadata.name}`,
        verbs,
        of: resourceNames.every((name) => name.startsWith("gatekeeper-fleetwright")) ? "its templates" : resourceNames,
      })),
    );
    expect(found).toEqual(
      ["hub", "east", "west"].map((cluster) => ({
        role: `${cluster} gatekeeper-manager-role`,
        verbs: ["delete"],
        of: "its templates",
      })),
    );
  });
});
