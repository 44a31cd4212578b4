import { describe, expect, it } from "@jest/globals";
import { isJudged, RulesPolicy } from "../../../policies/pack/policy";
import { unreadable } from "../../../policies/pack/unreadable";

const said = (type: string) => new RulesPolicy(undefined).violations({ type, properties: {}, provider: undefined });

describe("a resource whose content no rule sees", () => {
  it("is refused where it is a release of Helm, whatever the environment says", () => {
    const [violation, ...others] = said("kubernetes:helm.sh/v3:Release");
    expect(others).toEqual([]);
    expect(violation).toMatchObject({ policy: "rules", isMandatory: true });
    expect(violation?.message).toContain("register it as kubernetes.helm.v4.Chart");
  });

  it.each([
    "command:local:Command",
    "command:remote:CopyToRemote",
    "pulumi-nodejs:dynamic:Resource",
    "pulumi-nodejs:dynamic/own:Thing",
    "pulumi-python:dynamic:Resource",
  ])("is reported where there is no other way: %s", (type) => {
    expect(isJudged(type)).toBe(true);
    expect(said(type)).toMatchObject([{ policy: "rules", isMandatory: false }]);
  });

  it.each([
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:yaml/v2:ConfigGroup",
    "kubernetes:kustomize/v2:Directory",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:example.com/v1:Release",
    "fleetwright:components:ClusterPlatform",
    "pulumi:pulumi:Stack",
  ])("is none whose objects are resources of their own: %s", (type) => expect(unreadable(type)).toBeUndefined());
});
