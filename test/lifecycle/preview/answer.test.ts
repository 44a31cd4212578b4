import { describe, expect, it } from "@jest/globals";
import { answerOf } from "../../../lifecycle/preview/answer";

const gatekeeper = 'admission webhook "validation.gatekeeper.sh" denied the request: [im-03] no\n[im-01] moves';

describe("the answer to a dry run", () => {
  it.each([
    [200, "", "update", "accepted"],
    [201, "", "create", "accepted"],
    [403, gatekeeper, "create", "refused"],
    [403, "ValidatingAdmissionPolicy 'x' with binding 'x' denied request: no", "delete", "refused"],
    [403, 'pods "a" is forbidden: exceeded quota: tenant-size', "create", "refused"],
    [422, 'Deployment.apps "a" is invalid: spec.selector: field is immutable', "update", "refused"],
    [409, 'Apply failed with 1 conflict: conflict with "kubectl"', "update", "refused"],
    // what is replaced is there until it is; that is said after admission
    [409, 'storageclasses "a" already exists', "replace", "accepted"],
    [404, "", "delete", "accepted"],
    // rights of the account that asks say nothing of the change
    [
      403,
      'deployments.apps "a" is forbidden: User "reader" cannot patch resource "deployments" in API group "apps"',
      "update",
      "notAsked",
    ],
    [400, 'admission webhook "x" does not support dry run', "create", "notAsked"],
    [500, 'Internal error occurred: failed calling webhook "x": no endpoints available', "create", "notAsked"],
    [500, "failed to create typed patch object (a/b): .spec.title: expected string", "update", "refused"],
    [429, "too many", "create", "notAsked"],
    [404, 'namespaces "a" not found', "create", "notAsked"],
    [401, "Unauthorized", "create", "notAsked"],
  ] as const)("%i %j to %s: %s", (status, message, operation, kind) => {
    expect(answerOf({ status, message }, operation).kind).toBe(kind);
  });

  it("is repeated with all its lines where it refuses, and names the account that may not ask", () => {
    expect(answerOf({ status: 403, message: gatekeeper }, "create")).toEqual({ kind: "refused", message: gatekeeper });
    const forbidden = { status: 403, message: 'x is forbidden: User "reader" cannot patch resource "x"' };
    expect(answerOf(forbidden, "update")).toMatchObject({
      reason: expect.stringMatching(/account reader .* right to patch/),
    });
  });
});
