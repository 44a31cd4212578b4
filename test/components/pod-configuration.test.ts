import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { configurationOf, isWorkload, selectedBy } from "../../components/pod-configuration";

const object = (kind: string, name: string, rest: object = {}, namespace: string | undefined = "shop"): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, ...(namespace && { namespace }) },
  ...rest,
});
const labels = { app: "cart", zone: "a" };
/** A workload of a kind, with a pod spec in the place where the kind has it. */
function workload(kind: string, pod: object = {}): KubeObject {
  if (kind === "Pod") {
    return { apiVersion: "v1", kind, metadata: { name: "cart", namespace: "shop", labels }, spec: pod };
  }
  const template = { metadata: { labels }, spec: pod };
  return object(kind, "cart", { spec: kind === "CronJob" ? { jobTemplate: { spec: { template } } } : { template } });
}
const kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"];
const needed = (of: KubeObject, ...others: KubeObject[]) =>
  [...configurationOf(of, others)].map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();

describe("a workload", () => {
  it.each(kinds)("may be a %s", (kind) => expect(isWorkload(workload(kind))).toBe(true));

  it("is nothing that makes no pods", () => expect(isWorkload(object("Service", "cart"))).toBe(false));

  it.each(kinds)("of kind %s is led to by a Service whose whole selector its pods carry", (kind) => {
    const service = (selector?: object) => object("Service", "cart", { spec: { selector } });
    expect(selectedBy(service({ app: "cart" }), workload(kind))).toBe(true);
    expect(selectedBy(service({ app: "cart", zone: "b" }), workload(kind))).toBe(false);
    expect(selectedBy(service({}), workload(kind))).toBe(false);
    expect(selectedBy(service(), workload(kind))).toBe(false);
  });
});

describe("the pods of a workload need", () => {
  it.each(kinds)("as a %s every ConfigMap and Secret that they read, wherever it is named", (kind) => {
    const pod = {
      volumes: [
        { configMap: { name: "settings" } },
        { secret: { secretName: "certificate" } },
        { projected: { sources: [{ secret: { name: "token" } }, { configMap: { name: "roots" } }] } },
      ],
      initContainers: [{ envFrom: [{ configMapRef: { name: "first" } }, { secretRef: { name: "key" } }] }],
      containers: [
        {
          env: [
            { valueFrom: { configMapKeyRef: { name: "one", key: "a" } } },
            { valueFrom: { secretKeyRef: { name: "two", key: "b" } } },
          ],
        },
      ],
    };
    const maps = ["settings", "roots", "first", "one", "another"].map((name) => object("ConfigMap", name));
    const secrets = ["certificate", "token", "key", "two", "another"].map((name) => object("Secret", name));
    expect(needed(workload(kind, pod), ...maps, ...secrets)).toEqual([
      "ConfigMap/first",
      "ConfigMap/one",
      "ConfigMap/roots",
      "ConfigMap/settings",
      "Secret/certificate",
      "Secret/key",
      "Secret/token",
      "Secret/two",
    ]);
  });

  it("the certificate that becomes a Secret that they read, and no other", () => {
    const certificate = (name: string, secretName: string) => object("Certificate", name, { spec: { secretName } });
    const pod = { volumes: [{ secret: { secretName: "cart-tls" } }] };
    expect(
      needed(workload("Deployment", pod), certificate("cart", "cart-tls"), certificate("till", "till-tls")),
    ).toEqual(["Certificate/cart"]);
  });

  it("the account that they run as, what binds it, and the roles that are bound", () => {
    const subjects = [{ kind: "ServiceAccount", name: "cart", namespace: "shop" }];
    const elsewhere = [{ kind: "ServiceAccount", name: "cart", namespace: "other" }];
    expect(
      needed(
        workload("Deployment", { serviceAccountName: "cart" }),
        object("ServiceAccount", "cart"),
        object("ServiceAccount", "default"),
        object("RoleBinding", "cart", { subjects, roleRef: { kind: "Role", name: "reader" } }),
        object("ClusterRoleBinding", "cart-all", { subjects, roleRef: { kind: "ClusterRole", name: "reader" } }, ""),
        object("ClusterRoleBinding", "other", { subjects: elsewhere, roleRef: { kind: "ClusterRole", name: "x" } }, ""),
        object("Role", "reader"),
        object("ClusterRole", "reader", {}, ""),
        object("ClusterRole", "x", {}, ""),
      ),
    ).toEqual([
      "ClusterRole/reader",
      "ClusterRoleBinding/cart-all",
      "Role/reader",
      "RoleBinding/cart",
      "ServiceAccount/cart",
    ]);
  });

  it("the default account where they name none", () => {
    expect(needed(workload("Job"), object("ServiceAccount", "default"), object("ServiceAccount", "cart"))).toEqual([
      "ServiceAccount/default",
    ]);
  });

  it("their priority, the limits of their namespace, what leads to them and what they may talk to", () => {
    const selecting = (selector: object) => ({ spec: { podSelector: { matchLabels: selector } } });
    expect(
      needed(
        workload("Deployment", { priorityClassName: "platform" }),
        object("PriorityClass", "platform", {}, ""),
        object("PriorityClass", "tenant", {}, ""),
        object("LimitRange", "defaults"),
        object("ResourceQuota", "size"),
        object("Service", "cart", { spec: { selector: { app: "cart" } } }),
        object("Service", "basket", { spec: { selector: { app: "basket" } } }),
        object("NetworkPolicy", "deny-all", { spec: { podSelector: {} } }),
        object("NetworkPolicy", "cart", selecting({ app: "cart" })),
        object("NetworkPolicy", "basket", selecting({ app: "basket" })),
        object("PodDisruptionBudget", "cart"),
      ),
    ).toEqual([
      "LimitRange/defaults",
      "NetworkPolicy/cart",
      "NetworkPolicy/deny-all",
      "PriorityClass/platform",
      "ResourceQuota/size",
      "Service/cart",
    ]);
  });
});
