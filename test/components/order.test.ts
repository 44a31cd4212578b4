import { describe, expect, it } from "@jest/globals";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { dependencies, inOrder, type Placed } from "../../components/order";

const object = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
  ...rest,
});
const placed = (component: string, ...objects: KubeObject[]): Placed[] =>
  objects.map((each) => ({ component, object: each }));

const identity = placed(
  "identity",
  object("v1", "Namespace", "fleetwright-system"),
  object("v1", "ConfigMap", "identity", { data: {} }, "fleetwright-system"),
);
const namespace = object("v1", "Namespace", "gate");
const deployment = (name: string, pod: object = {}) =>
  object(
    "apps/v1",
    "Deployment",
    name,
    { spec: { template: { metadata: { labels: { app: name } }, spec: pod } } },
    "gate",
  );
const definition = (kind: string, group: string) =>
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${kind}s.${group}`, {
    spec: { group, names: { kind } },
  });
const template = object("templates.gatekeeper.sh/v1", "ConstraintTemplate", "noroot", {
  spec: { crd: { spec: { names: { kind: "NoRoot" } } } },
});
const constraint = object("constraints.gatekeeper.sh/v1beta1", "NoRoot", "noroot");
const webhook = object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "gate", {
  webhooks: [
    {
      clientConfig: { service: { namespace: "gate", name: "gate" } },
      rules: [{ apiGroups: ["apps"], resources: ["deployments"] }],
    },
  ],
});
const service = object("v1", "Service", "gate", { spec: { selector: { app: "gate" } } }, "gate");
const gate = placed(
  "gate",
  webhook,
  constraint,
  template,
  deployment("gate"),
  service,
  definition("ConstraintTemplate", "templates.gatekeeper.sh"),
);
const cluster = [...gate, ...placed("shop", deployment("shop")), ...placed("base", namespace), ...identity];

const prerequisites = (of: KubeObject, all: readonly Placed[] = cluster) =>
  [...(dependencies(all).get(keyOf(of)) ?? [])].sort();
const position = (of: KubeObject) => inOrder(cluster).findIndex(({ object: each }) => each === of);

describe("order", () => {
  it("makes the identity before everything else", () => {
    expect(
      inOrder(cluster)
        .slice(0, 2)
        .map(({ object: each }) => each.kind),
    ).toEqual(["Namespace", "ConfigMap"]);
    expect(prerequisites(namespace)).toEqual(["/ConfigMap/fleetwright-system/identity"]);
  });

  it("makes a namespace before what lies in it", () => {
    expect(prerequisites(service)).toEqual(["/Namespace//gate"]);
  });

  it("makes a definition before its resources, and their controller too, so that finalizers are run on destroy", () => {
    expect(prerequisites(template)).toEqual([
      "apiextensions.k8s.io/CustomResourceDefinition//ConstraintTemplates.templates.gatekeeper.sh",
      "apps/Deployment/gate/gate",
    ]);
  });

  it("makes a constraint after its template", () => {
    expect(prerequisites(constraint)).toContain("templates.gatekeeper.sh/ConstraintTemplate//noroot");
  });

  it("makes a definition after its component's namespaces, so that they outlive it on destroy", () => {
    expect(prerequisites(definition("ConstraintTemplate", "templates.gatekeeper.sh"))).toEqual(["/Namespace//gate"]);
  });

  it("makes a webhook configuration last: after its pods, its component's resources, and all that it judges", () => {
    expect(prerequisites(webhook)).toEqual([
      "/Service/gate/gate",
      "apps/Deployment/gate/gate",
      "apps/Deployment/gate/shop",
      "constraints.gatekeeper.sh/NoRoot//noroot",
      "templates.gatekeeper.sh/ConstraintTemplate//noroot",
    ]);
    expect(position(webhook)).toBe(cluster.length - 1);
  });

  it("starts pods after the account, rights, configuration and limits they need, and after nothing else of their namespace", () => {
    const pods = deployment("api", {
      serviceAccountName: "api",
      priorityClassName: "high",
      containers: [
        { envFrom: [{ configMapRef: { name: "settings" } }], env: [{ valueFrom: { secretKeyRef: { name: "key" } } }] },
      ],
      volumes: [{ secret: { secretName: "certificate" } }],
    });
    const account = [{ kind: "ServiceAccount", name: "api", namespace: "gate" }];
    const needed = [
      object("v1", "ServiceAccount", "api", {}, "gate"),
      object("rbac.authorization.k8s.io/v1", "Role", "api", {}, "gate"),
      object(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "api",
        { roleRef: { kind: "Role", name: "api" }, subjects: account },
        "gate",
      ),
      object("v1", "ConfigMap", "settings", {}, "gate"),
      object("v1", "Secret", "key", {}, "gate"),
      object("v1", "Secret", "certificate", {}, "gate"),
      object("scheduling.k8s.io/v1", "PriorityClass", "high"),
      object("v1", "ResourceQuota", "all", {}, "gate"),
      object("networking.k8s.io/v1", "NetworkPolicy", "default-deny", { spec: { podSelector: {} } }, "gate"),
    ];
    const others = [
      object("v1", "ConfigMap", "somebody-elses", {}, "gate"),
      object("v1", "ServiceAccount", "other", {}, "gate"),
      object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "other",
        { spec: { podSelector: { matchLabels: { app: "other" } } } },
        "gate",
      ),
    ];
    expect(prerequisites(pods, placed("api", namespace, pods, ...needed, ...others))).toEqual(
      [keyOf(namespace), ...needed.map(keyOf)].sort(),
    );
  });

  it("names the circle when objects wait for one another", () => {
    const settings = object("v1", "ConfigMap", "settings", {}, "gate");
    const reader = deployment("reader", { containers: [{ envFrom: [{ configMapRef: { name: "settings" } }] }] });
    // a kind whose controller cannot start without an object of that kind
    const circular = placed("a", namespace, definition("ConfigMap", ""), reader, settings);
    expect(() => dependencies(circular)).toThrow(
      "objects wait for one another and none can be first: apps/Deployment/gate/reader → /ConfigMap/gate/settings → apps/Deployment/gate/reader",
    );
  });
});
