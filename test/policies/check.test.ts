import { describe, expect, it } from "@jest/globals";
import { check } from "../../policies/check";
import { catalogue } from "../../policies/engine/catalogue";
import type { PolicyParameters, RuleSettings } from "../../policies/parameters";
import { offBut } from "../support/rules";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "app", namespace: "shop" },
  spec: { containers: [{ name: "app", image: "quay.io/a/b:1" }] },
};

const cluster = (registries: string[], level: RuleSettings["level"] = "deny") => ({
  environment: "prod",
  rules: {
    ...offBut("IM-01", "IM-02", "IM-03"),
    "IM-01": { level: "deny", parameters: {} },
    "IM-02": { level: "warn", parameters: {} },
    "IM-03": { level, parameters: { registries } },
  } as const,
});
/** Without an environment every rule judges: here are those of images. */
const ofImages = <T extends { id: string }>(results: readonly T[]) =>
  results.filter(({ id }) => /^IM-0[123]$/.test(id));
const environment = (clusters: PolicyParameters["clusters"]) => ({ environment: { clusters }, parameters: {} });
const line = ({ id, verdict, level, cluster: of }: { id: string; verdict: string; level: string; cluster?: string }) =>
  [id, verdict, level, of].filter((part) => part !== undefined).join(" ");

describe("check", () => {
  it("takes each rule at its level of production, and leaves open what needs parameters", () => {
    const { results, summary } = check([pod], { parameters: {} });
    expect(ofImages(results).map(line)).toEqual(["IM-01 allow deny", "IM-02 deny deny", "IM-03 undetermined deny"]);
    const count = (verdict: string) => results.filter((one) => one.verdict === verdict).length;
    const counts = { deny: count("deny"), allow: count("allow"), undetermined: count("undetermined") };
    expect(summary).toEqual({ ...counts, exempted: 0 });
  });

  it("judges with the parameters that are given", () => {
    const { results } = check([pod], { parameters: { "IM-03": { registries: ["quay.io"] } } });
    expect(ofImages(results).map(line)).toEqual(["IM-01 allow deny", "IM-02 deny deny", "IM-03 allow deny"]);
  });

  it("takes levels and parameters of an environment, and says no cluster where all agree", () => {
    const same = { "prod/a": cluster(["quay.io"]), "prod/b": cluster(["quay.io"]) };
    expect(check([pod], environment(same)).results.map(line)).toEqual([
      "IM-01 allow deny",
      "IM-02 deny warn",
      "IM-03 allow deny",
    ]);
  });

  it("says the cluster where clusters differ in the rule's parameters or level", () => {
    const differ = { "prod/a": cluster(["quay.io"]), "prod/b": cluster(["ghcr.io"], "warn") };
    expect(check([pod], environment(differ)).results.map(line)).toEqual([
      "IM-01 allow deny",
      "IM-02 deny warn",
      "IM-03 allow deny prod/a",
      "IM-03 deny warn prod/b",
    ]);
  });

  it("puts given parameters in the place of the environment's, and keeps its levels", () => {
    const differ = { "prod/a": cluster(["quay.io"]), "prod/b": cluster(["ghcr.io"]) };
    const { results } = check([pod], { ...environment(differ), parameters: { "IM-03": { registries: [] } } });
    expect(results.map(line)).toEqual(["IM-01 allow deny", "IM-02 deny warn", "IM-03 deny deny"]);
  });

  it.each([
    ["warn", "for want of parameters", {}, true],
    ["deny", "for want of parameters", {}, true],
    ["deny", "and the rule is off", undefined, false],
  ] as const)(
    "where the environment says %s, says whether what is left open refuses: %s",
    (undetermined, _why, given, refuses) => {
      const { rules, ...rest } = cluster([]);
      const settings = given ? { level: "deny", parameters: given } : { level: "off", parameters: {} };
      const hub = {
        ...rest,
        undetermined,
        rules: { ...rules, "IM-03": settings },
      } as PolicyParameters["clusters"][string];
      const open = check([pod], environment({ "prod/a": hub })).results.filter(
        ({ verdict }) => verdict === "undetermined",
      );
      expect(open.map((one) => [one.id, one.refuses])).toEqual(refuses ? [["IM-03", true]] : []);
    },
  );

  it("never refuses for what is left open without an environment: there is nobody to say so", () => {
    const { results } = check([pod], { parameters: {} });
    expect(ofImages(results).map(({ verdict, refuses }) => [verdict, refuses])).toEqual([
      ["allow", false],
      ["deny", true],
      ["undetermined", false],
    ]);
  });

  it("judges by the rules that are asked for, and no others", () => {
    const rules = [catalogue().rule("IM-01")];
    expect(check([pod], { parameters: {}, rules }).results.map(line)).toEqual(["IM-01 allow deny"]);
  });

  it("sees objects together, and leaves open what may be among those that were not given", () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    const deny = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "deny", namespace: "shop" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    };
    const of = (objects: object[], isWhole?: boolean) =>
      check(objects as (typeof namespace)[], { parameters: {}, ...(isWhole === undefined ? {} : { isWhole }) })
        .results.filter(({ id }) => id === "NW-01")
        .map(({ verdict, resource }) => `${resource.kind} ${verdict}`);
    expect(of([deny, namespace])).toEqual(["Namespace allow"]);
    expect(of([namespace])).toEqual(["Namespace undetermined"]);
    expect(of([namespace], true)).toEqual(["Namespace deny"]);
    expect(of([{ ...namespace, joined: { networkPolicies: [deny] } }], true)).toEqual(["Namespace deny"]);
  });

  it("has nothing to say of objects that no rule looks at, and counts them", () => {
    expect(check([{ apiVersion: "v1", kind: "ConfigMap" }], { parameters: {} })).toEqual({
      results: [],
      summary: { deny: 0, allow: 0, undetermined: 0, exempted: 0 },
      unjudged: 1,
    });
  });

  describe("where an object is exempt", () => {
    const exemption = {
      owner: "shop",
      reason: "The vendor's image has no digest.",
      expires: "2027-03-31",
      group: "",
      kind: "Pod",
      namespace: "shop",
      name: "app",
    };
    const exempt = environment({
      "prod/a": {
        environment: "prod",
        rules: {
          ...offBut("IM-01", "IM-02"),
          "IM-01": { level: "deny", parameters: {} },
          "IM-02": { level: "deny", parameters: { exemptions: [exemption] } },
        },
      },
    });
    const now = new Date("2027-03-31T12:00:00Z");

    it("says what would be denied and who agreed to it, allows it, and counts it", () => {
      const { results, summary } = check([pod], { ...exempt, now });
      expect(results.map(line)).toEqual(["IM-01 allow deny", "IM-02 allow deny"]);
      expect(results[1]).toMatchObject({ path: "spec.containers[0].image", exemption });
      expect(results[1]?.message).toContain("quay.io/a/b without a digest");
      expect(summary).toEqual({ deny: 0, allow: 2, undetermined: 0, exempted: 1 });
    });

    it("denies another object, and the same one a day later", () => {
      const other = { ...pod, metadata: { ...pod.metadata, name: "other" } };
      expect(check([other], { ...exempt, now }).results.map(line)).toEqual(["IM-01 allow deny", "IM-02 deny deny"]);
      const { results, summary } = check([pod], { ...exempt, now: new Date("2027-04-01T00:00:00Z") });
      expect(results.map(line)).toEqual(["IM-01 allow deny", "IM-02 deny deny"]);
      expect(summary.exempted).toBe(0);
    });

    it("keeps the exemption beside parameters that are given", () => {
      const { results } = check([pod], { ...exempt, now, parameters: { "IM-02": {} } });
      expect(results.map(line)).toEqual(["IM-01 allow deny", "IM-02 allow deny"]);
    });
  });
});
