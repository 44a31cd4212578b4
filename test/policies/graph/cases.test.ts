import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { catalogue } from "../../../policies/engine/catalogue";
import { policiesPath } from "../../../policies/folder";
import { countGraphCases, readGraphCases, wrongGraphVerdict } from "../../../policies/graph/graph-cases";
import { graphRules } from "../../../policies/graph/graph-rules";
import { judgeSet } from "../../../policies/graph/judgement";
import { ObjectSet } from "../../../policies/graph/object-set";

/** What these look at stands in the objects themselves: nothing of it can be elsewhere. */
const NEVER_OPEN = ["one-definition", "owner-cluster", "webhook-timeout"];

describe.each(graphRules().map((rule) => [rule.id, rule] as const))("%s", (_id, rule) => {
  const cases = readGraphCases(rule);

  it.each(cases.map((one) => [`${one.file}: ${one.name}`, one] as const))("%s", (_name, one) => {
    expect(wrongGraphVerdict(rule, one)).toBeUndefined();
  });

  it("has cases of each verdict that it can come to", () => {
    const { allow, deny, undetermined } = countGraphCases(cases);
    expect(allow).toBeGreaterThan(0);
    expect(deny).toBeGreaterThan(0);
    expect(undetermined > 0).toBe(!NEVER_OPEN.includes(rule.name));
  });

  it("says first which field it speaks of", () => {
    const results = cases.flatMap(({ files, objects }) =>
      judgeSet(new ObjectSet(objects ?? Object.values(files ?? {}).flat()), rule, { level: "deny", parameters: {} }),
    );
    expect(results.filter(({ message, path }) => !message.startsWith(path))).toEqual([]);
  });

  it("says the same whatever fields are nonsense", () => {
    const nonsense = [null, 1, "text", [], [null], {}].flatMap((value) =>
      KINDS.map(([apiVersion, kind]) => ({
        apiVersion,
        kind,
        metadata: { name: "a", labels: value, annotations: value },
        spec: value,
        webhooks: [value, { clientConfig: value, rules: [value], namespaceSelector: value, matchConditions: value }],
      })),
    );
    expect(() => judgeSet(new ObjectSet(nonsense), rule, { level: "deny", parameters: {} })).not.toThrow();
  });
});

const KINDS = [
  ["v1", "Pod"],
  ["v1", "Service"],
  ["v1", "Namespace"],
  ["apps/v1", "Deployment"],
  ["batch/v1", "CronJob"],
  ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
  ["apiregistration.k8s.io/v1", "APIService"],
  ["templates.gatekeeper.sh/v1", "ConstraintTemplate"],
  ["argoproj.io/v1alpha1", "Application"],
  ["kustomize.toolkit.fluxcd.io/v1", "Kustomization"],
] as const;

describe("rules over sets", () => {
  it("are each a folder with its cases, and no folder is left", () => {
    const names = graphRules().map(({ name }) => name);
    expect(readdirSync(policiesPath("graph", "rules")).sort()).toEqual([...names].sort());
    expect(names.filter((name) => !existsSync(policiesPath("graph", "rules", name, "cases")))).toEqual([]);
  });

  it("have ids and names of their own", () => {
    const all = [...catalogue().rules, ...graphRules()];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
