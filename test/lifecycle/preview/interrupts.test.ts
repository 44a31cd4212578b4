import { describe, expect, it } from "@jest/globals";
import { type Changing, type Dependents, interruptsOf } from "../../../lifecycle/preview/interrupts";

function sentences(
  apiVersion: string,
  kind: string,
  operation: Changing["operation"],
  spec: object = {},
  {
    after,
    dependents = {},
    isRead = false,
    paths = [],
  }: { after?: object; dependents?: Dependents; paths?: string[]; isRead?: boolean } = {},
) {
  const name = { cluster: "hub", apiVersion, kind, namespace: "shop", name: "one" };
  const fields = paths.map((path) => ({ path, change: "update" as const }));
  const changing = { name, operation, before: { spec }, ...(after ? { after: { spec: after } } : {}), fields };
  const reclaimPolicies = new Map([
    ["gone", "Delete"],
    ["kept", "Retain"],
  ]);
  return interruptsOf(changing, { dependents, reclaimPolicies, isRead }).join("; ");
}

describe("what a change interrupts", () => {
  it.each([
    ["apps/v1", "Deployment", "delete", { replicas: 3 }, "its 3 pods end, and nothing starts them again"],
    ["apps/v1", "Deployment", "replace", {}, "its 1 pod end before new ones start"],
    ["apps/v1", "DaemonSet", "replace", {}, "its pods on every node end before new ones start"],
    ["v1", "PersistentVolumeClaim", "delete", { storageClassName: "gone" }, "all data on it are deleted"],
    ["v1", "PersistentVolumeClaim", "delete", { storageClassName: "kept" }, "its volume stays"],
    ["v1", "PersistentVolumeClaim", "delete", {}, "may be deleted"],
    ["v1", "Service", "delete", { type: "LoadBalancer" }, "its load balancer goes"],
    ["v1", "Service", "replace", {}, "its name leads nowhere until it is made anew"],
    ["v1", "Namespace", "delete", {}, "all that lies in it is deleted, whoever made it"],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      "delete",
      { names: { kind: "Widget" } },
      "every object of kind Widget is deleted",
    ],
    [
      "admissionregistration.k8s.io/v1",
      "ValidatingWebhookConfiguration",
      "replace",
      {},
      "let through as it is until it is made anew",
    ],
    ["constraints.gatekeeper.sh/v1beta1", "AnyKind", "delete", {}, "what it forbids is let through from then on"],
    ["storage.k8s.io/v1", "StorageClass", "replace", {}, "claims that name it get no volume"],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", "replace", {}, "lacks them until it is made anew"],
  ] as const)("%s %s, %s", (apiVersion, kind, operation, spec, said) => {
    expect(sentences(apiVersion, kind, operation, spec)).toContain(said);
  });

  it("counts what hangs on it where the cluster was asked", () => {
    expect(sentences("v1", "Namespace", "delete", {}, { dependents: { pods: 4, claims: 1 } })).toContain(
      "4 pods and 1 volume claim",
    );
    const definition = { names: { kind: "Widget" } };
    const kind = ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "delete", definition] as const;
    expect(sentences(...kind, { dependents: { customResources: 12 } })).toContain(
      "all 12 objects of kind Widget are deleted",
    );
    expect(sentences(...kind, { dependents: { customResources: 0 } })).toBe("");
  });

  it("of an update: pods that restart because their template changes, or end because there are fewer", () => {
    const rolling = ["apps/v1", "Deployment", "update", { replicas: 3 }] as const;
    expect(sentences(...rolling, { paths: ["spec.template.spec.containers[0].image"] })).toBe(
      "its 3 pods restart, a few at a time",
    );
    expect(sentences(...rolling, { paths: ["metadata.labels.a"] })).toBe("");
    expect(sentences(...rolling, { after: { replicas: 1 }, paths: ["spec.replicas"] })).toBe("2 of its 3 pods end");
    const recreate = { strategy: { type: "Recreate" }, replicas: 2 };
    expect(sentences("apps/v1", "Deployment", "update", recreate, { paths: ["spec.template.x"] })).toBe(
      "its 2 pods end before new ones start",
    );
  });

  it("says nothing of what nobody reads", () => {
    expect(sentences("v1", "ConfigMap", "delete")).toBe("");
    expect(sentences("v1", "ConfigMap", "delete", {}, { isRead: true })).toContain("workloads name it");
  });
});
