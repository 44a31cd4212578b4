/** How many exemptions hold, which have ended or soon will: by days of UTC. */
import { describe, expect, it } from "@jest/globals";
import { dayOf, type Exemption, exemptedObject } from "../../policies/exemption";
import {
  endedSentence,
  endingSentence,
  exemptionsLine,
  ruleExemptions,
  standing,
  unusedSentence,
} from "../../policies/exemption-report";
import { settingsOn } from "../../policies/parameters";

const exemption = (name: string, expires: string, owner = "search"): Exemption => ({
  owner,
  reason: "The indexer reads the files of its node.",
  expires,
  group: "apps",
  kind: "DaemonSet",
  namespace: "search",
  name,
});
const DAY = "2026-11-22";
const of = (...exemptions: Exemption[]) => exemptions.map((one) => ({ id: "PS-01", exemption: one }));

describe("an exemption", () => {
  it("holds through the last moment of its last day, UTC", () => {
    const settings = { level: "deny" as const, parameters: { exemptions: [exemption("indexer", DAY)] } };
    expect(settingsOn(settings, dayOf(new Date("2026-11-22T23:59:59.999Z")))).toEqual(settings);
    expect(settingsOn(settings, dayOf(new Date("2026-11-23T00:00:00Z")))).toEqual({ level: "deny", parameters: {} });
  });

  it("has ended the day after its last, and is spoken of for the 14 days before", () => {
    const names = (list: ReturnType<typeof of>) => list.map((one) => one.exemption.name);
    const { ended, ending, inForce } = standing(
      of(
        exemption("yesterday", "2026-11-21"),
        exemption("today", DAY),
        exemption("in13", "2026-12-05"),
        exemption("in14", "2026-12-06"),
      ),
      DAY,
    );
    expect(names(ended)).toEqual(["yesterday"]);
    expect(names(inForce)).toEqual(["today", "in13", "in14"]);
    expect(names(ending)).toEqual(["today", "in13"]);
  });

  it("is one, however many clusters have it, and none where its rule is off", () => {
    const rules = (level: "deny" | "off") => ({
      environment: "dev",
      rules: { "PS-01": { level, parameters: { exemptions: [exemption("indexer", DAY)] } } },
    });
    const clusters = { "dev/hub": rules("deny"), "dev/east": rules("deny"), "dev/west": rules("off") };
    expect(ruleExemptions({ clusters })).toHaveLength(1);
    expect(ruleExemptions({ clusters }, ["dev/west"])).toEqual([]);
  });
});

describe("the sentences", () => {
  const [indexer] = of(exemption("indexer", "2026-11-20"));
  const one = indexer ?? { id: "", exemption: exemption("", "") };

  it("name rule, object, owner and day, and the way out", () => {
    expect(endedSentence(one)).toBe(
      "PS-01: the exemption of DaemonSet search/indexer ended on 2026-11-20, owner search: have the object keep the rule and take the entry out of exemptions.yaml, or agree there on a later day",
    );
    expect(endingSentence({ id: "PS-01", exemption: exemption("indexer", "2026-11-23") }, DAY)).toBe(
      "PS-01: the exemption of DaemonSet search/indexer ends in 1 day, on 2026-11-23, owner search: from the next day on it is a fault, and exempts nothing",
    );
    expect(unusedSentence(one, "this stack")).toContain("exempts nothing in this stack, owner search: take it out");
  });

  it("send whoever cannot change an exemption of Fleetwright's to a newer version", () =>
    expect(endedSentence({ id: "PS-01", exemption: exemption("a", "2026-11-20", "fleetwright") })).toMatch(
      /owner fleetwright: it comes with Fleetwright: install a newer version$/,
    ));

  it("say an object of the cluster, and Pods whose maker has no name yet, as people do", () => {
    expect(exemptedObject({ kind: "ClusterRole", namespace: "", name: "reader" })).toBe("ClusterRole reader");
    expect(exemptedObject({ kind: "DataUpload", namespace: "velero", name: "" })).toBe(
      "Pods of any DataUpload in velero",
    );
  });

  it("count what is in force rule by rule, and what to look at", () => {
    const all = [
      ...of(exemption("a", "2027-01-01"), exemption("b", "2026-11-30")),
      { id: "IM-02", exemption: exemption("a", "2027-01-01") },
    ];
    expect(exemptionsLine(standing(all, DAY), 12, 1)).toBe(
      "exemptions: 3 in force (IM-02 1, PS-01 2), 12 violations exempted; 1 exempts nothing; 1 ends within 14 days",
    );
    expect(exemptionsLine(standing(of(exemption("a", "2027-01-01")), DAY), 1, 0)).toBe(
      "exemptions: 1 in force (PS-01 1), 1 violation exempted",
    );
  });
});
