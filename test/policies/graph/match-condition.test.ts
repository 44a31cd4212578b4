/** Conditions are CEL: what the API server would say of a request, or that nobody can say it here. */
import { describe, expect, it } from "@jest/globals";
import type { ApiRequest } from "../../../policies/graph/api-request";
import { exactly, partly } from "../../../policies/graph/label-selector";
import { meetsConditions } from "../../../policies/graph/match-condition";

const pod: ApiRequest = {
  what: "Pods",
  operation: "CREATE",
  group: "",
  version: "v1",
  kind: "Pod",
  resource: "pods",
  namespace: "shop",
  labels: exactly({ app: "web" }),
  object: { spec: { nodeName: "a", containers: [{ name: "web" }] } },
  users: [{ username: "system:serviceaccount:kube-system:replicaset-controller", groups: ["system:authenticated"] }],
};
const says = (expression: string, request = pod) => meetsConditions([{ name: "a", expression }], request);

describe("a match condition", () => {
  it.each([
    ['request.resource.resource == "pods"', true],
    ["request.resource.group != ''", false],
    ["!(request.resource.group == 'coordination.k8s.io' && request.resource.resource == 'leases')", true],
    ["request.namespace in ['kube-system', \"shop\"]", true],
    ["request.namespace.startsWith('sh') && request.namespace.endsWith('op') || false", true],
    ["request.namespace.matches('^s[ho]+p$')", true],
    ["request.operation == 'DELETE' ? oldObject != null : object != null", true],
    ["oldObject == null", true],
    ["object.metadata.labels['app'] == 'web'", true],
    ["'app' in object.metadata.labels && !('tier' in object.metadata.labels)", true],
    ["has(object.metadata.labels.tier)", false],
    ["has(object.metadata.deletionTimestamp)", false],
    ["object.metadata.?labels[?'tier'].orValue('none') == 'none'", true],
    ["request.userInfo.username.startsWith('system:serviceaccount:kube-system:')", true],
    ["'system:nodes' in request.userInfo.groups", false],
    ["request.userInfo.groups.exists(g, g == 'system:authenticated')", true],
    ["request.userInfo.groups.all(g, g.startsWith('system:'))", true],
    ["size(request.namespace) > 3 && request.namespace.size() <= 4", true],
    ["object.spec.nodeName == 'a'", true],
    ['request.subResource == "" // a comment', true],
    ["true && (1 + 2 == 3) && [1, 2] == [1, 2]", true],
  ])("%s: %s", (expression, expected) => {
    expect(says(expression)).toBe(expected);
  });

  it.each([
    "object.metadata.name == 'web'",
    "object.spec.hostNetwork == true",
    "request.userInfo.extra['a'] == 'b'",
    "authorizer.group('').resource('pods').check('breakglass').allowed()",
    "quantity('1Gi').isGreaterThan(quantity('1Mi'))",
    "object.spec.containers.map(c, c.name) == ['web']",
    "this is ( no CEL",
    "",
  ])("that reads what nobody knows, or is not read here, is open: %s", (expression) => {
    expect(says(expression)).toBeUndefined();
  });

  it("that is open is decided where the other half of it decides", () => {
    expect(says("object.metadata.name == 'web' && request.namespace == 'other'")).toBe(false);
    expect(says("object.metadata.name == 'web' || request.namespace == 'shop'")).toBe(true);
  });

  it("is open where it depends on which account a program uses", () => {
    const users = [{ username: "system:kube-controller-manager", groups: [] }, ...(pod.users ?? [])];
    expect(says("request.userInfo.username.startsWith('system:serviceaccount:')", { ...pod, users })).toBeUndefined();
    expect(says("request.userInfo.username.startsWith('system:')", { ...pod, users })).toBe(true);
  });

  it("must be met with all the others", () => {
    const conditions = [{ expression: "request.namespace == 'shop'" }, { expression: "request.operation == 'UPDATE'" }];
    expect(meetsConditions(conditions, pod)).toBe(false);
    expect(meetsConditions([], pod)).toBe(true);
  });

  it.each([
    ["'hash' in object.metadata.labels", true],
    ["object.metadata.labels['hash'] == 'abc'", undefined],
    ["object.metadata.labels == {'app': 'web'}", undefined],
    ["object.metadata.labels['app'] == 'web'", true],
  ])("knows of a label that a controller adds only that it is there: %s", (expression, expected) => {
    const labels = { ...exactly({ app: "web" }), added: new Set(["hash"]) };
    expect(says(expression, { ...pod, labels })).toBe(expected);
  });

  it("finds no labels where an object has none, since an empty map is not sent", () => {
    const found = (labels: ApiRequest["labels"]) => says("has(object.metadata.labels)", { ...pod, labels });
    expect(found(exactly())).toBe(false);
    expect(found(exactly({ app: "web" }))).toBe(true);
    expect(found({ ...exactly(), added: new Set(["hash"]) })).toBe(true);
    expect(says("has(object.metadata.labels) && 'a' in object.metadata.labels", { ...pod, labels: exactly() })).toBe(
      false,
    );
  });

  it("knows of labels only what is known", () => {
    expect(says("has(object.metadata.labels.tier)", { ...pod, labels: partly() })).toBeUndefined();
  });
});
