import { describe, expect, it } from "@jest/globals";
import { compareAudit } from "../../policies/audit";
import type { LiveConstraint } from "../../policies/audit/live-constraint";
import { catalogue } from "../../policies/engine/catalogue";
import type { CheckResult } from "../../policies/result";

const AUDIT = "2026-11-22T03:00:00Z";
const rule = catalogue().rule("IM-03");
const spec = {
  enforcementAction: "deny",
  match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] },
  parameters: { registries: ["ghcr.io/acme"] },
};
const wanted = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: rule.kind,
  metadata: { name: "im-03", annotations: {} },
  spec,
};
const constraint = (changes: Partial<LiveConstraint> = {}): LiveConstraint => ({
  kind: rule.kind,
  metadata: { name: "im-03", creationTimestamp: "2026-11-22T02:00:00Z" },
  spec,
  status: { auditTimestamp: AUDIT, totalViolations: 0 },
  ...changes,
});
const undetermined: CheckResult = {
  id: "IM-03",
  rule: "image-registry",
  verdict: "undetermined",
  level: "deny",
  refuses: true,
  resource: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "app" },
  path: "",
  message: "IM-03 cannot be judged without its parameter registries: nothing is assumed instead",
};
const compared = (live: LiveConstraint | undefined, results: readonly CheckResult[] = []) =>
  compareAudit({ rule, wanted, live, objects: new Map(), results });

describe("the comparison with an audit", () => {
  it("agrees where both find nothing", () => {
    expect(compared(constraint())).toEqual({
      id: "IM-03",
      constraint: "FleetwrightImageRegistry/im-03",
      outcome: "agrees",
      auditTimestamp: AUDIT,
      gatekeeper: 0,
      fleetwright: 0,
      agreed: 0,
      differences: [],
      changedSince: [],
      reasons: [],
    });
  });

  it("differs where the cluster has no such constraint", () => {
    expect(compared(undefined)).toMatchObject({
      outcome: "differs",
      differences: [
        {
          by: "constraint",
          message: "the cluster has no such constraint: nothing refuses there what the rule forbids",
        },
      ],
    });
  });

  it.each([
    ["parameters", { ...spec, parameters: { registries: ["ghcr.io/acme", "docker.io"] } }],
    ["enforcementAction", { ...spec, enforcementAction: "dryrun" }],
    ["match", { ...spec, match: { ...spec.match, excludedNamespaces: ["shop"] } }],
  ])("differs where %s of the constraint are not the environment's, whatever audit found", (field, changed) => {
    const { outcome, differences } = compared(constraint({ spec: changed }));
    expect(outcome).toBe("differs");
    expect(differences.map(({ message }) => message)).toEqual([
      `spec.${field} of the constraint is not what the environment says: deploy again, then audit tells`,
    ]);
  });

  it("is unknown before the first audit, and where the constraint changed since the last one", () => {
    expect(compared(constraint({ status: {} }))).toMatchObject({
      outcome: "unknown",
      reasons: ["no audit has looked at the constraint yet: wait for the next one"],
    });
    const later = { name: "im-03", managedFields: [{ time: "2026-11-22T03:00:01Z" }] };
    expect(compared(constraint({ metadata: later }))).toMatchObject({
      outcome: "unknown",
      reasons: [`the constraint changed since its last audit, of ${AUDIT}: wait for the next one`],
    });
  });

  it("is unknown where the rule could not judge here", () => {
    expect(compared(constraint(), [undetermined])).toMatchObject({
      outcome: "unknown",
      reasons: [undetermined.message],
    });
  });
});
