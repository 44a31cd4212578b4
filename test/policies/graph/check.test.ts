/** Rules over sets, asked as the command asks them: with places, clusters, levels and exemptions. */
import { describe, expect, it } from "@jest/globals";
import { check } from "../../../policies/check";
import type { AnyObject } from "../../../policies/engine/match";
import { graphRules } from "../../../policies/graph/graph-rules";
import type { ClusterRules, RuleSettings } from "../../../policies/parameters";
import { offBut } from "../../support/rules";

const configMap = (name: string, size: string): AnyObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
  data: { size },
});
const rule = (id: string) => graphRules().filter((one) => one.id === id);
const line = ({ cluster, id, refuses, verdict }: { cluster?: string; id: string; refuses: boolean; verdict: string }) =>
  [id, verdict, refuses ? "refuses" : "", cluster ?? ""].filter((part) => part !== "").join(" ");

describe("rules over sets", () => {
  const twice = [configMap("a", "1"), configMap("a", "2")];
  const settings = (own: Record<string, RuleSettings>, undetermined: ClusterRules["undetermined"] = "deny") => ({
    environment: "prod",
    undetermined,
    rules: { ...offBut(...Object.keys(own)), ...own },
  });

  it("judge beside the others where the objects are all of a cluster, and alone where they alone are asked for", () => {
    const doubled = (isWhole: boolean) =>
      check(twice, { parameters: {}, isWhole })
        .results.filter(({ id }) => id === "GR-10")
        .map(line);
    expect(doubled(true)).toEqual(["GR-10 deny refuses"]);
    expect(doubled(false)).toEqual([]);
    expect(check(twice, { parameters: {}, rules: [], graphRules: rule("GR-10") }).results.map(line)).toEqual([
      "GR-10 deny refuses",
    ]);
    expect(check(twice, { parameters: {}, rules: [] }).results).toEqual([]);
  });

  it("count as the others do", () => {
    const { summary } = check([...twice, configMap("b", "1")], {
      parameters: {},
      rules: [],
      graphRules: rule("GR-10"),
    });
    expect(summary).toEqual({ deny: 1, allow: 1, undetermined: 0, exempted: 0 });
  });

  it("have the level that each cluster gives them, and say nothing where they are off", () => {
    const clusters = {
      "prod/a": settings({ "GR-10": { level: "warn", parameters: {} } }),
      "prod/b": settings({ "GR-10": { level: "deny", parameters: {} } }),
      "prod/c": settings({}),
    };
    const { results } = check(twice, {
      parameters: {},
      environment: { clusters },
      rules: [],
      graphRules: graphRules(),
    });
    expect(results.map(line)).toEqual(["GR-10 deny prod/a", "GR-10 deny refuses prod/b"]);
  });

  it("are not judged by defaults where a cluster says nothing of them", () => {
    const clusters = { "prod/a": { environment: "prod", rules: {} } };
    const [result] = check(twice, {
      parameters: {},
      environment: { clusters },
      rules: [],
      graphRules: rule("GR-10"),
    }).results;
    expect(result).toMatchObject({ verdict: "undetermined", refuses: true });
  });

  describe("where an object is exempt", () => {
    const exemption = {
      owner: "shop",
      reason: "The vendor ships it twice.",
      expires: "2027-03-31",
      group: "",
      kind: "ConfigMap",
      namespace: "default",
      name: "a",
    };
    const judged = (now: string, change: object = {}) => {
      const exemptions: RuleSettings["parameters"]["exemptions"] = [{ ...exemption, ...change }];
      const clusters = { "prod/a": settings({ "GR-10": { level: "deny", parameters: { exemptions } } }) };
      const options = { parameters: {}, environment: { clusters }, rules: [], graphRules: rule("GR-10") };
      return check(twice, { ...options, now: new Date(now) });
    };

    it("allow it, say whose it is, and count it", () => {
      const { results, summary } = judged("2027-03-31T12:00:00Z");
      expect(results.map(line)).toEqual(["GR-10 allow"]);
      expect(results[0]).toMatchObject({ exemption, path: "metadata.name" });
      expect(summary).toEqual({ deny: 0, allow: 1, undetermined: 0, exempted: 1 });
    });

    it("deny it a day later, another object, and another field", () => {
      expect(judged("2027-04-01T00:00:00Z").results.map(line)).toEqual(["GR-10 deny refuses"]);
      expect(judged("2027-03-31T00:00:00Z", { name: "b" }).results.map(line)).toEqual(["GR-10 deny refuses"]);
      expect(judged("2027-03-31T00:00:00Z", { paths: ["spec"] }).results.map(line)).toEqual(["GR-10 deny refuses"]);
    });
  });

  describe("what is missing among the objects", () => {
    const inShop = { ...configMap("a", "1"), metadata: { name: "a", namespace: "shop" } };
    const of = (isWhole: boolean, undetermined: "deny" | "warn" = "deny") => {
      const clusters = { "prod/a": settings({ "GR-09": { level: "deny", parameters: {} } }, undetermined) };
      const options = { parameters: {}, environment: { clusters }, rules: [], graphRules: rule("GR-09"), isWhole };
      return check([inShop], options).results.map(line);
    };

    it("is open, and refuses nowhere: whoever gives all of them is told", () => {
      expect(of(false)).toEqual(["GR-09 undetermined"]);
    });

    it("is open where all of ours are given, and others make objects there as well", () => {
      const options = { parameters: {}, rules: [], graphRules: rule("GR-09"), isWhole: true, hasOthers: true };
      expect(check([inShop], options).results.map(line)).toEqual(["GR-09 undetermined"]);
    });

    it("is denied where the objects are all that a cluster gets", () => {
      expect(of(true)).toEqual(["GR-09 deny refuses"]);
    });
  });

  describe("files that say whose they are", () => {
    const places = (...clusters: (string | undefined)[]) =>
      clusters.map((cluster, index) => ({ file: `${index}.yaml`, line: 2, ...(cluster ? { cluster } : {}) }));
    const judged = (id: string, where: ReturnType<typeof places>, environment?: object) =>
      check(twice, { parameters: {}, rules: [], graphRules: rule(id), places: where, ...environment }).results.map(
        line,
      );

    it("are one set per cluster", () => {
      expect(judged("GR-10", places("dev/hub", "dev/east"))).toEqual(["GR-10 allow dev/hub", "GR-10 allow dev/east"]);
      expect(judged("GR-10", places("dev/hub", "dev/hub"))).toEqual(["GR-10 deny refuses"]);
    });

    it("are judged as their cluster has it", () => {
      const clusters = {
        "dev/hub": settings({ "GR-10": { level: "warn", parameters: {} } }),
        "dev/east": settings({ "GR-10": { level: "deny", parameters: {} } }),
      };
      const environment = { environment: { clusters } };
      expect(judged("GR-10", places("dev/hub", "dev/hub"), environment)).toEqual(["GR-10 deny dev/hub"]);
      expect(judged("GR-10", places("dev/east", "dev/east"), environment)).toEqual(["GR-10 deny refuses dev/east"]);
    });

    it("leave no object without a cluster beside them", () => {
      expect(judged("GR-11", places("dev/hub", undefined))).toEqual(["GR-11 deny refuses"]);
      expect(judged("GR-11", places(undefined, undefined))).toEqual([]);
    });

    it("are applied in the order of need", () => {
      const objects = [
        { ...configMap("a", "1"), metadata: { name: "a", namespace: "shop" } },
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      ];
      const of = (where: ReturnType<typeof places>) =>
        check(objects, { parameters: {}, rules: [], graphRules: rule("GR-09"), places: where }).results.map(line);
      expect(of(places("dev/hub", "dev/hub"))).toEqual(["GR-09 allow"]);
      expect(of(places(undefined, undefined))).toEqual(["GR-09 deny refuses"]);
    });
  });
});
