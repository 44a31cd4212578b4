import { expect, it } from "@jest/globals";
import { RulesPolicy } from "../../../policies/pack/policy";
import { offBut } from "../../support/rules";

it.each([
  ["XA-01", ["rules"]],
  ["GR-99", ["rules"]],
  ["GR-01", []],
])("a rule that is configured, and that the pack does not have, refuses a run: %s", (id, policies) => {
  const rules = { ...offBut(), [id]: { level: "deny" as const, parameters: {} } };
  const judged = new RulesPolicy({ clusters: { "dev/hub": { environment: "dev", rules } } }).violations({
    type: "kubernetes:core/v1:Pod",
    properties: { metadata: { name: "app" }, spec: { containers: [{ name: "app", image: "nginx:1" }] } },
    provider: { clusterIdentifier: "dev/hub" },
  });
  expect(judged.map(({ policy }) => policy)).toEqual(policies);
});
