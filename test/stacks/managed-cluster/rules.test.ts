/** Buckets and clusters that the platform makes on AWS, as the policy pack judges them: nothing is refused, or left open. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RulesPolicy } from "../../../policies/pack/policy";
import { SeenResources } from "../../../policies/pack/stack";
import { registerInfrastructure } from "../../../stacks/infrastructure";
import { policyParameters } from "../../../stacks/policy-parameters";
import { environmentOf } from "./environment";
import { mockAws, type Registered } from "./mocked-aws";

const environment = environmentOf();
const policy = new RulesPolicy(policyParameters(environment));
let registered: Registered[];

beforeAll(async () => {
  registered = await mockAws();
  registerInfrastructure(environment, Object.keys(environment.clusters));
  // once all that was registered has come back
  await pulumi.runtime.disconnect();
}, 30_000);

/** `name rule` of each violation in a stack of these resources. */
function violations(resources: readonly Registered[]): string[] {
  const seen = new SeenResources();
  const shown = resources.map(({ type, name, inputs }) => {
    const urn = `urn:pulumi:prod::fleetwright::${type}::${name}`;
    const resource = { type, properties: inputs, provider: {} };
    seen.see(urn, resource);
    return { urn, found: policy.violations(resource).map(({ policy: rule }) => `${name} ${rule}`) };
  });
  const inTheEnd = seen.violations(
    shown.map(({ urn }) => ({ urn, dependencies: {} })),
    policy,
  );
  return [
    ...shown.flatMap(({ found }) => found),
    ...inTheEnd.map(({ policy: rule, urn }) => `${urn.split("::").at(-1)} ${rule}`),
  ];
}

describe("what the platform makes on AWS", () => {
  it("is found by the rules, and keeps them", () => {
    const judged = registered.filter(({ type }) => /:(Bucket|Cluster)$/.test(type)).map(({ name }) => name);
    expect(judged.sort()).toEqual(["acme-backups", "acme-logs", "acme-metrics", "prod-hub", "prod-west"]);
    expect(violations(registered)).toEqual([]);
  });

  it.each([
    ["BucketPublicAccessBlock", "AW-01"],
    ["BucketServerSideEncryptionConfiguration", "AW-02"],
    ["BucketVersioning", "AW-03"],
  ])("would be refused without a %s", (kind, rule) => {
    const without = registered.filter(({ name, type }) => name !== "acme-logs" || !type.endsWith(`:${kind}`));
    expect(without).toHaveLength(registered.length - 1);
    expect(violations(without)).toEqual([`acme-logs ${rule}`]);
  });
});
