import { describe, expect, it } from "@jest/globals";
import { catalogue } from "../../policies/engine/catalogue";
import { tierZeroRules } from "../../policies/tier-zero";

const policies = tierZeroRules().flatMap((rule) => rule.policies.map((policy) => ({ ...policy, id: rule.id })));
const resourceRules = policies.flatMap(({ matchConstraints }) => matchConstraints.resourceRules);

describe("the rules of tier 0", () => {
  it("guard Gatekeeper, the exempt namespaces, webhook configurations, and the label that exempts", () =>
    expect(tierZeroRules().map(({ id, name }) => `${id} ${name}`)).toEqual([
      "GK-01 gatekeeper-objects",
      "GK-02 exempt-namespaces",
      "GK-03 webhook-configurations",
      "NS-02 exemption-label",
    ]));

  it("say the same as the rule of previews that has the same id", () => {
    for (const { id, levels, severity, title } of tierZeroRules()) {
      const rule = catalogue().rules.find((one) => one.id === id);
      if (rule)
        expect({ levels, severity, title }).toEqual({
          levels: rule.levels,
          severity: rule.severity,
          title: rule.title,
        });
    }
  });

  it("match no Lease, no Node, no Event, nor all of an API group but Gatekeeper's own", () => {
    for (const { apiGroups, resources } of resourceRules) {
      if (resources.some((resource) => resource.includes("*"))) {
        expect(apiGroups.filter((group) => !group.endsWith(".gatekeeper.sh"))).toEqual([]);
      } else {
        expect(apiGroups).not.toContain("coordination.k8s.io");
        expect(
          resources.filter((resource) => /^(nodes|events|endpoints|pods\/(status|eviction))/.test(resource)),
        ).toEqual([]);
      }
    }
  });

  it("match what every namespace has only in Gatekeeper's own", () => {
    for (const { matchConstraints, name } of policies) {
      const namespaced = matchConstraints.resourceRules.some(({ resources }) =>
        /secrets|pods|deployments/.test(`${resources}`),
      );
      const { namespaceSelector } = matchConstraints;
      expect({ name, namespaceSelector }).toEqual({
        name,
        namespaceSelector: namespaced
          ? { matchLabels: { "kubernetes.io/metadata.name": "gatekeeper-system" } }
          : undefined,
      });
    }
  });

  it("name no object by a request's name, which is empty where a whole collection is deleted", () =>
    expect(JSON.stringify(policies)).not.toMatch(/request\.name\b|resourceNames/));

  it("let the control plane pass wherever deletions and rollouts end in its hands, and say who may", () => {
    for (const { id, name, validations } of policies) {
      for (const { expression, messageExpression } of validations) {
        expect(expression).toContain("variables.byPlatform");
        if (id !== "NS-02")
          expect({ name, expression }).toMatchObject({ expression: expect.stringContaining("byControlPlane") });
        expect(messageExpression).toContain(`"${id}: `);
        expect(messageExpression).toContain("policy.administrators");
      }
    }
  });
});
