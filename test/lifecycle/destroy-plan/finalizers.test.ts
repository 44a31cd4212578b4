import { describe, expect, it } from "@jest/globals";
import { heldByFinalizers } from "../../../lifecycle/destroy-plan/finalizers";
import { live, resource, scene } from "../../support/live-scene";

const CASCADE = "resources-finalizer.argocd.argoproj.io";
const DEFINITION = "CustomResourceDefinition/applications.argoproj.io";
const CONTROLLER = "StatefulSet/argocd/argocd-application-controller";

/** Argo CD as the stack has it: the custom resources' waves before the controller's, its kinds after it. */
const stack = [
  resource(CONTROLLER, 3, "argo-cd"),
  resource(DEFINITION, 5, "argo-cd"),
  resource("Namespace/argocd", 6, "argo-cd"),
  resource("Namespace/shop", 6, "cluster-base"),
];
const base = [live(CONTROLLER), live(DEFINITION), live("Namespace/argocd"), live("Namespace/shop")];
const controller = (readyReplicas: number) => ({
  kind: "StatefulSet",
  metadata: live(CONTROLLER).metadata,
  status: { readyReplicas },
});
const application = (more = {}) => live("Application/argocd/cart", { finalizers: [CASCADE], ...more });

describe("an object with a finalizer", () => {
  it("hangs when its controller goes before its kind does, and is cured while that lives", () => {
    const [found, ...others] = heldByFinalizers(
      scene({ stack, objects: [...base, application()], workloads: [controller(1)] }),
    );
    expect(others).toEqual([]);
    expect(found).toEqual({
      cluster: "hub",
      verdict: "hangs",
      object: { group: "argoproj.io", kind: "Application", namespace: "argocd", name: "cart" },
      count: 1,
      waitsFor: `finalizer ${CASCADE}`,
      why:
        "StatefulSet argocd/argocd-application-controller, which takes it off, goes in wave 3, and it goes in wave 5 with " +
        "CustomResourceDefinition applications.argoproj.io",
      cure: "kubectl --context=hub --namespace=argocd delete applications.argoproj.io cart",
    });
  });

  it("is only freed by hand when its controller is dead", () => {
    const [found] = heldByFinalizers(scene({ stack, objects: [...base, application()], workloads: [controller(0)] }));
    expect(found?.why).toBe("StatefulSet argocd/argocd-application-controller, which takes it off, has no ready pod");
    expect(found?.cure).toBe(
      `kubectl --context=hub --namespace=argocd patch applications.argoproj.io cart --type=merge --patch='{"metadata":{"finalizers":null}}'`,
    );
  });

  it("is only freed by hand where its controller is simulated", () => {
    const [found] = heldByFinalizers(
      scene({ sandbox: true, stack, objects: [...base, application()], workloads: [controller(1)] }),
    );
    expect(found?.why).toMatch(/is only simulated here$/);
    expect(found?.cure).toContain(" patch ");
  });

  it("goes with its owner, while the controller still lives", () => {
    const set = live("ApplicationSet/argocd/dev");
    const owned = application({ ownerReferences: [{ uid: set.metadata.uid, kind: set.kind, name: set.name }] });
    const args = {
      stack: [...stack, resource("ApplicationSet/argocd/dev", 1, "argo-cd")],
      objects: [...base, owned, set],
    };
    expect(heldByFinalizers(scene({ ...args, workloads: [controller(1)] }))).toEqual([]);
    expect(heldByFinalizers(scene({ ...args, workloads: [controller(0)] }))).toHaveLength(1);
  });

  it("hangs where nobody is known to take it off, whatever its kind", () => {
    const foreign = [
      live("ConfigMap/shop/held", { finalizers: ["acme.example/held"] }),
      live("Widget/shop/held", { finalizers: ["acme.example/held"] }),
    ];
    const found = heldByFinalizers(scene({ stack, objects: [...base, ...foreign] }));
    expect(found.map(({ object, verdict, why }) => [object.kind, verdict, why])).toEqual([
      ["ConfigMap", "hangs", "nothing of this stack takes it off, and it goes in wave 6 with Namespace shop"],
      ["Widget", "hangs", "nothing of this stack takes it off, and it goes in wave 6 with Namespace shop"],
    ]);
  });

  it("is left to a program that stays and whose rights name its kind", () => {
    const operator = live("Deployment/widgets/operator");
    const rights = { apiGroups: ["acme.example"], resources: ["widgets/finalizers"], verbs: ["update"] };
    const account = { kind: "ServiceAccount", namespace: "widgets", name: "operator" };
    const found = (rule: object, readyReplicas = 1) =>
      heldByFinalizers(
        scene({
          stack,
          objects: [...base, live("Widget/shop/held", { finalizers: ["acme.example/held"] }), operator],
          clusterRoles: [{ metadata: live("ClusterRole/operator").metadata, rules: [rule] }],
          clusterRoleBindings: [
            { metadata: live("ClusterRoleBinding/x").metadata, roleRef: { name: "operator" }, subjects: [account] },
          ],
          workloads: [
            {
              kind: "Deployment",
              metadata: operator.metadata,
              spec: { template: { spec: { serviceAccountName: "operator" } } },
              status: { readyReplicas },
            },
          ],
        }),
      ).map(({ verdict, why }) => [verdict, why]);
    expect(found(rights)).toEqual([["slow", "Deployment widgets/operator, which stays, must take it off"]]);
    expect(found(rights, 0)).toMatchObject([["hangs", expect.anything()]]);
    expect(found({ ...rights, apiGroups: ["*"] })).toMatchObject([["hangs", expect.anything()]]);
  });

  it("says since when it is being deleted", () => {
    const gone = application({ deletionTimestamp: "2026-11-30T10:00:00Z" });
    const [found] = heldByFinalizers(scene({ stack, objects: [...base, gone], workloads: [controller(0)] }));
    expect(found?.why).toMatch(/^it is being deleted since 2026-11-30T10:00:00Z; /);
  });

  it("stays where it is when neither its namespace nor its kind goes", () => {
    const elsewhere = live("ConfigMap/default/held", { finalizers: ["acme.example/held"] });
    expect(heldByFinalizers(scene({ stack, objects: [...base, elsewhere] }))).toEqual([]);
  });

  it.each(["kubernetes.io/pvc-protection", "foregroundDeletion", "batch.kubernetes.io/job-tracking"])(
    "is left to Kubernetes when that is %s",
    (finalizer) => {
      const object = live("Pod/shop/cart", { finalizers: [finalizer] });
      expect(heldByFinalizers(scene({ stack, objects: [...base, object] }))).toEqual([]);
    },
  );

  it("waits for the cloud when that is a load balancer's, and for ever in the sandbox", () => {
    const object = live("Service/shop/cart", { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] });
    const verdicts = [false, true].map(
      (sandbox) => heldByFinalizers(scene({ sandbox, stack, objects: [...base, object] }))[0]?.verdict,
    );
    expect(verdicts).toEqual(["slow", "hangs"]);
  });
});
