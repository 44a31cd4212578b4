import { describe, expect, it } from "@jest/globals";
import { catalogue } from "../../policies/engine/catalogue";
import { graphRules } from "../../policies/graph/graph-rules";
import { SelectionError, selectRules } from "../../policies/selection";

const all = [...catalogue().rules, ...graphRules()];
const named = (list: string) => selectRules(list, all).map(({ id }) => id);
const family = (letters: string) =>
  catalogue()
    .rules.map(({ id }) => id)
    .filter((id) => id.startsWith(letters));

describe("a selection of rules", () => {
  it("names families, ids, names, and first words of names", () => {
    expect(named("SC")).toEqual(family("SC"));
    expect(named("PS-01")).toEqual(["PS-01"]);
    expect(named("image-tag")).toEqual(["IM-01"]);
    expect(named("storage")).toEqual(family("SC"));
    expect(named("pod-security")).toEqual(["PS-01", "PS-02"]);
  });

  it("names rules over sets as the others, and mixes them", () => {
    expect(named("GR")).toEqual(graphRules().map(({ id }) => id));
    expect(named("gr-03,webhook,SC-01")).toEqual(["SC-01", "GR-03", "GR-04", "GR-05", "GR-06"]);
  });

  it("has each rule once, in the order of the catalogue, however the words are written", () => {
    expect(named("im-02, IM-01,image-tag,im")).toEqual(family("IM"));
  });

  it.each(["stor", "XX", "", "IM-01,", "IM-99"])('takes no word that stands for no rule: "%s"', (list) => {
    expect(() => named(list)).toThrow(SelectionError);
  });

  it("names every such word, and all that there is", () => {
    expect(() => named("XX,IM-01,strage")).toThrow(
      /^no rule is called "xx", "strage": name a family \(AR, .*\bSC\b.*\), an id, or the name of a rule or its first words\. There are\n {2}AR-01 {2}argo-cd-default-project\n/,
    );
  });
});
