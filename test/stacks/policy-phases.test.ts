import { beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { packConfiguration } from "../../policies/pack/policy";
import type { PolicyPhase } from "../../policies/parameters";
import { parseEnvironment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { phaseWarnings, policyPhases } from "../../stacks/policy-phases";
import { renderedObjects } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

const { clusters, ...base } = sandboxEnvironment("hub", "east");
const levels = { ...base.policy.levels, "IM-02": "warn" };
const environment = (policyPhase?: PolicyPhase) => {
  const east = { ...clusters.east, ...(policyPhase && { policyPhase }) };
  return parseEnvironment(
    stringify({ ...base, policy: { levels }, clusters: { ...clusters, east } }),
    "environments/prod.yaml",
  );
};
const rendered = (phase?: PolicyPhase) =>
  new Map(renderedObjects(environment(phase)).map(({ cluster, object }) => [`${cluster} ${keyOf(object)}`, object]));
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const isConstraint = ({ apiVersion }: KubeObject) => apiVersion.startsWith("constraints.gatekeeper.sh/");

describe("the phase of a cluster", () => {
  it("is enforce where nothing is said", () => expect(rendered()).toEqual(rendered("enforce")));

  it.each<[PolicyPhase, string[], string]>([
    ["bootstrap", ["dryrun"], "Ignore"],
    ["recover", ["warn"], "Ignore"],
    ["enforce", ["deny", "warn"], "Fail"],
  ])("%s: constraints %j, the webhook's failurePolicy %s", (phase, actions, failurePolicy) => {
    const objects: Rendered[] = [...rendered(phase)].filter(([key]) => key.startsWith("east ")).map(([, one]) => one);
    const found = new Set(objects.filter(isConstraint).map(({ spec }) => spec.enforcementAction));
    expect([...found].sort()).toEqual(actions);
    const admission = objects.find(({ metadata }) => metadata.name === "gatekeeper-validating-webhook-configuration");
    expect(admission.webhooks.map((webhook: Rendered) => webhook.failurePolicy)).toEqual([failurePolicy]);
  });

  it.each<PolicyPhase>(["bootstrap", "recover"])(
    "%s changes the constraints' action and the webhook of that cluster, and nothing else anywhere",
    (phase) => {
      const [before, after] = [rendered(), rendered(phase)];
      expect([...after.keys()]).toEqual([...before.keys()]);
      const changed = [...after].filter(([key, object]) => JSON.stringify(object) !== JSON.stringify(before.get(key)));
      for (const [key, object] of changed) {
        expect(key).toMatch(/^east /);
        const was: Rendered = before.get(key);
        if (isConstraint(object)) {
          const { enforcementAction } = object.spec as Rendered;
          expect(object).toEqual({ ...was, spec: { ...was.spec, enforcementAction } });
        } else {
          expect(object.kind).toBe("ValidatingWebhookConfiguration");
          expect(object).toEqual({ ...was, webhooks: [{ ...was.webhooks[0], failurePolicy: "Ignore" }] });
        }
      }
      expect(changed.some(([, object]) => !isConstraint(object))).toBe(true);
    },
  );

  it("changes nothing about what previews judge by", () =>
    expect(packConfiguration(policyParameters(environment("bootstrap")))).toEqual(
      packConfiguration(policyParameters(environment())),
    ));

  it("is said at every run while it is not enforce, with the way out", () => {
    expect(phaseWarnings(policyPhases(environment("recover"), ["hub", "east"]))).toEqual([
      "cluster east is in policyPhase recover: its API server warns of what the rules forbid, and lets it through, and what " +
        "Gatekeeper does not answer in time is let through as well. When the cluster is back, take clusters.east.policyPhase " +
        "out of the environment file, and deploy it.",
    ]);
    expect(phaseWarnings(policyPhases(environment(), ["hub", "east"]))).toEqual([]);
  });
});
