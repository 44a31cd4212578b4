import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { clusterRights } from "../../components/rights";
import { refusesByTierZero, type TierZeroArgs, type TierZeroPolicy, tierZeroObjects } from "../../components/tier-zero";

const policy = (change: Partial<TierZeroPolicy> = {}): TierZeroPolicy => ({
  name: "gk-01-things",
  title: "Things stay.",
  level: "deny",
  matchConstraints: { resourceRules: [] },
  variables: [
    { name: "users", given: "administrators.users" },
    { name: "writers", given: "webhookWriters.users" },
    { name: "isMine", expression: "request.userInfo.username in variables.users" },
  ],
  validations: [{ expression: "variables.isMine", messageExpression: "'no'" }],
  ...change,
});
const args = (change: Partial<TierZeroArgs> = {}): TierZeroArgs => ({
  policies: [policy()],
  administrators: { users: ["arn:aws:iam::1:role/deployer", 'a "quoted" one'], groups: [] },
  exemptNamespaces: ["kube-system"],
  ...change,
});
const ADMISSION = "admissionregistration.k8s.io";
const holder = { serviceAccountName: "istiod", namespace: "istio-system", labels: {} };
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const specOf = (objects: readonly KubeObject[], kind: string): Rendered =>
  objects.find((object) => object.kind === kind)?.spec;

describe("Tier 0", () => {
  it("fails closed, refuses as forbidden, and is bound to refuse and to be audited", () => {
    const objects = tierZeroObjects(args(), []);
    expect(specOf(objects, "ValidatingAdmissionPolicy")).toMatchObject({
      failurePolicy: "Fail",
      validations: [{ expression: "variables.isMine", messageExpression: "'no'", reason: "Forbidden" }],
    });
    expect(specOf(objects, "ValidatingAdmissionPolicyBinding")).toEqual({
      policyName: "gk-01-things",
      validationActions: ["Deny", "Audit"],
    });
    expect(refusesByTierZero(objects)).toBe(true);
  });

  it("only warns where its level is warn", () => {
    const objects = tierZeroObjects(args({ policies: [policy({ level: "warn" })] }), []);
    expect(specOf(objects, "ValidatingAdmissionPolicyBinding").validationActions).toEqual(["Warn", "Audit"]);
    expect(refusesByTierZero(objects)).toBe(false);
  });

  it("has no parameters, which an API server that starts could not read", () => {
    const objects = tierZeroObjects(args(), []);
    expect(Object.keys(specOf(objects, "ValidatingAdmissionPolicy"))).not.toContain("paramKind");
    expect(Object.keys(specOf(objects, "ValidatingAdmissionPolicyBinding"))).not.toContain("paramRef");
  });

  it("writes lists into its expressions, strings as CEL quotes them", () => {
    const [users] = specOf(tierZeroObjects(args(), []), "ValidatingAdmissionPolicy").variables;
    expect(users).toEqual({ name: "users", expression: '["arn:aws:iam::1:role/deployer", "a \\"quoted\\" one"]' });
  });

  it("knows the programs that write into webhook configurations by their roles, and no program of broad rights", () => {
    const rule = { apiGroups: [ADMISSION], resources: ["mutatingwebhookconfigurations"] };
    const objects = [
      ...clusterRights("writes", [{ ...rule, verbs: ["patch"] }], holder),
      ...clusterRights("reads", [{ ...rule, verbs: ["get"] }], { ...holder, serviceAccountName: "reader" }),
      ...clusterRights("all", [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }], {
        ...holder,
        serviceAccountName: "broad",
      }),
    ];
    const writers = (change: Partial<TierZeroArgs>) =>
      specOf(tierZeroObjects(args(change), objects), "ValidatingAdmissionPolicy").variables[1].expression;
    expect(writers({})).toBe('["system:serviceaccount:istio-system:istiod"]');
    expect(writers({ otherWebhookWriters: { users: ["other"], groups: [] } })).toBe(
      '["system:serviceaccount:istio-system:istiod", "other"]',
    );
  });

  it("refuses to lock everybody out", () =>
    expect(() => tierZeroObjects(args({ administrators: { users: [], groups: [] } }), [])).toThrow(
      "tier 0: administrators names nobody, must name a user or a group: nothing could be deployed again",
    ));

  it("refuses a policy that asks for a list that there is not", () =>
    expect(() =>
      tierZeroObjects(args({ policies: [policy({ variables: [{ name: "x", given: "friends" }] })] }), []),
    ).toThrow("tier 0: gk-01-things is given friends, must be one of administrators.users, "));
});
