import { describe, expect, it } from "@jest/globals";
import { lockedOut } from "../../stacks/deployer";

const administrators = { users: ["arn:aws:iam::1:role/deployer"], groups: ["system:masters"] };

describe("an account that deploys", () => {
  it.each([
    ["is named", { username: "arn:aws:iam::1:role/deployer" }],
    ["is in a group that is named", { username: "admin", groups: ["system:authenticated", "system:masters"] }],
  ])("passes where it %s", (_, account) => expect(lockedOut("eu-1", account, administrators)).toBeUndefined());

  it("is told its name, its groups, who may, and the way out, where it is not", () =>
    expect(lockedOut("eu-1", { username: "ci", groups: ["system:authenticated"] }, administrators)).toBe(
      "cluster eu-1: the account ci (groups system:authenticated) is none of policy.administrators " +
        "(arn:aws:iam::1:role/deployer, system:masters), and the API server would refuse it to change Gatekeeper, the exempt " +
        "namespaces and the platform's webhooks (GK-01 to GK-03). Deploy as one of them, or add the user or one of its groups to " +
        "policy.administrators in the environment file",
    ));
});
