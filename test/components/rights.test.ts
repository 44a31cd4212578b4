import { describe, expect, it } from "@jest/globals";
import { clusterRights, clusterRightsOf, READ, rightsIn } from "../../components/rights";

const holder = { serviceAccountName: "reader", namespace: "delivery", labels: { "app.kubernetes.io/name": "reader" } };
const rules = [{ apiGroups: [""], resources: ["pods"], verbs: READ }];
const subjects = [{ kind: "ServiceAccount", name: "reader", namespace: "delivery" }];

describe("rights", () => {
  it("in the whole cluster are a ClusterRole and its binding", () =>
    expect(clusterRights("reader", rules, holder)).toMatchObject([
      { kind: "ClusterRole", metadata: { name: "reader" }, rules },
      { kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: "reader" }, subjects },
    ]));

  it("in one namespace are a Role and its binding, there, of an account that may be elsewhere", () =>
    expect(rightsIn("reader", rules, holder, "shop")).toMatchObject([
      { kind: "Role", metadata: { name: "reader", namespace: "shop" }, rules },
      { kind: "RoleBinding", metadata: { namespace: "shop" }, roleRef: { kind: "Role", name: "reader" }, subjects },
    ]));

  it("of a role that exists are a binding alone", () =>
    expect(clusterRightsOf("reader-view", "view", holder)).toMatchObject({
      kind: "ClusterRoleBinding",
      metadata: { name: "reader-view" },
      roleRef: { kind: "ClusterRole", name: "view" },
      subjects,
    }));
});
