import { describe, expect, it } from "@jest/globals";
import type { Finding } from "../../../lifecycle/destroy-plan/finding";
import { lostObjects } from "../../../lifecycle/destroy-plan/foreign";
import { leftObjects } from "../../../lifecycle/destroy-plan/leftovers";
import { podsOfLostNodes } from "../../../lifecycle/destroy-plan/pods";
import { loadBalancers, volumes } from "../../../lifecycle/destroy-plan/storage";
import { terminatingNamespaces } from "../../../lifecycle/destroy-plan/terminating";
import { live, resource, scene } from "../../support/live-scene";

const stack = [resource("Namespace/shop", 4), resource("Namespace/istio-system", 4)];
const namespaces = [live("Namespace/shop"), live("Namespace/istio-system"), live("Namespace/default")];
const by = (...managers: string[]) => ({ managedFields: managers.map((manager) => ({ manager })) });
const told = (findings: readonly Finding[]) =>
  findings.map(({ object, verdict }) => [verdict, object.kind, object.name]);

describe("what is not of the stack and goes with its namespace", () => {
  it("is counted by kind and by who made it, without what Kubernetes makes in every namespace", () => {
    const objects = [
      ...namespaces,
      live("ConfigMap/shop/a", by("kubectl-client-side-apply")),
      live("ConfigMap/shop/b", by("kubectl-client-side-apply")),
      live("ConfigMap/shop/c", by("helm")),
      live("ConfigMap/shop/kube-root-ca.crt", by("kube-controller-manager")),
      live("ServiceAccount/shop/default"),
      live("Pod/shop/cart-1", { ownerReferences: [{ uid: "x", kind: "ReplicaSet", name: "cart" }] }),
      live("ConfigMap/default/d"),
    ];
    expect(lostObjects(scene({ stack, objects })).map(({ count, names, why }) => [count, names, why])).toEqual([
      [2, ["a", "b"], "made by kubectl-client-side-apply, not of this stack, and go in wave 4 with Namespace shop"],
      [1, ["c"], "made by helm, not of this stack, and goes in wave 4 with Namespace shop"],
    ]);
  });
});

describe("what stays", () => {
  it("is what a program of the platform alone wrote, what carries its mark, and what Argo CD made", () => {
    const objects = [
      ...namespaces,
      live("ConfigMap/default/istio-ca-root-cert", by("pilot-discovery")),
      live("ConfigMap/default/theirs", by("pilot-discovery", "kubectl-edit")),
      live("ConfigMap/default/orphan", { labels: { "app.kubernetes.io/managed-by": "fleetwright" } }),
    ];
    expect(told(leftObjects(scene({ stack, objects })))).toEqual([
      ["left", "ConfigMap", "istio-ca-root-cert"],
      ["left", "ConfigMap", "orphan"],
    ]);
  });

  it("is what Argo CD made for an Application, where Argo CD goes", () => {
    const tracked = live("ConfigMap/default/web", {
      annotations: { "argocd.argoproj.io/tracking-id": "shop-east:/ConfigMap:default/web" },
    });
    const argoCd = resource("Namespace/argocd", 4);
    const [found] = leftObjects(scene({ stack: [argoCd], objects: [live("Namespace/argocd"), tracked] }));
    expect(found?.why).toBe("Argo CD made it for Application shop-east, and nobody looks after it any more");
    expect(leftObjects(scene({ stack, objects: [tracked] }))).toEqual([]);
  });
});

describe("volumes and load balancers", () => {
  const volume = (policy: string, namespace: string) => ({
    metadata: live("PersistentVolume/pv-1").metadata,
    spec: { persistentVolumeReclaimPolicy: policy, claimRef: { namespace, name: "data" } },
  });
  const found = (policy: string, namespace = "shop") =>
    told(
      volumes(
        scene({ stack, objects: [...namespaces, live("PersistentVolume/pv-1")], volumes: [volume(policy, namespace)] }),
      ),
    );

  it("are lost or stay, as their reclaim policy says", () => {
    expect(found("Delete")).toEqual([["lost", "PersistentVolume", "pv-1"]]);
    expect(found("Retain")).toEqual([["left", "PersistentVolume", "pv-1"]]);
    expect(found("Delete", "default")).toEqual([]);
  });

  it("end with their address", () => {
    const services = [
      {
        metadata: live("Service/shop/cart").metadata,
        spec: { type: "LoadBalancer" },
        status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
      },
    ];
    const [one] = loadBalancers(scene({ stack, objects: [...namespaces, live("Service/shop/cart")], services }));
    expect(one?.why).toBe("its load balancer ends, and its address 192.0.2.1 is given away");
  });
});

describe("what is on its way out and does not come to its end", () => {
  it("is a pod whose node is lost", () => {
    const pods = [{ metadata: live("Pod/shop/cart").metadata, spec: { nodeName: "a" } }];
    const node = (status: string) => ({
      metadata: live("Node/a").metadata,
      status: { conditions: [{ type: "Ready", status }] },
    });
    const found = (status: string) =>
      podsOfLostNodes(scene({ stack, objects: [...namespaces, live("Pod/shop/cart")], pods, nodes: [node(status)] }));
    expect(found("True")).toEqual([]);
    expect(found("Unknown")[0]?.cure).toBe(
      "kubectl --context=hub --namespace=shop delete pods cart --force --grace-period=0",
    );
  });

  it("is a namespace, which says itself what it waits for", () => {
    const metadata = { ...live("Namespace/shop").metadata, deletionTimestamp: "2026-11-30T10:00:00Z" };
    const conditions = [
      {
        type: "NamespaceContentRemaining",
        status: "True",
        message: "applications.argoproj.io has 1 resource instances",
      },
      { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "all resources discovered" },
    ];
    const found = (kept: typeof conditions) =>
      terminatingNamespaces(
        scene({ stack, objects: namespaces, namespaces: [{ metadata, status: { conditions: kept } }] }),
      );
    expect(found(conditions)).toMatchObject([
      { verdict: "hangs", waitsFor: "applications.argoproj.io has 1 resource instances" },
    ]);
    expect(found([])).toMatchObject([{ verdict: "slow" }]);
  });
});
