/** What keeps a destroy from its end, as people and dead programs leave it in a cluster. */
import type { KubeObject } from "../../components/kube-object";

const metadata = (name: string, namespace: string, finalizer: string) => ({ name, namespace, finalizers: [finalizer] });

/** An Argo CD Application that cascades: its finalizer is Argo CD's to take off. */
export const application: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: metadata("cart", "argocd", "resources-finalizer.argocd.argoproj.io"),
  spec: {
    project: "default",
    source: { repoURL: "https://github.com/acme/shop.git", path: "cart", targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
  },
};

/** An experiment that has begun: its finalizer is Chaos Mesh's to take off. */
export const podChaos: KubeObject = {
  apiVersion: "chaos-mesh.org/v1alpha1",
  kind: "PodChaos",
  metadata: metadata("kill", "shop", "chaos-mesh/records"),
  spec: { action: "pod-kill", mode: "one", selector: { namespaces: ["shop"], labelSelectors: { app: "cart" } } },
};

/** An object whose finalizer nobody takes off. */
export const heldConfigMap: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: metadata("held", "shop", "acme.example/held"),
};

/** A webhook that fails closed, is asked about deletions in `shop`, and has no Service. */
export const deafWebhook: KubeObject = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "guard" },
  webhooks: [
    {
      name: "guard.acme.example",
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      clientConfig: { service: { namespace: "guard", name: "guard" } },
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["DELETE"], resources: ["resourcequotas"] }],
    },
  ],
};

/** An aggregated API without a Service. */
export const deafApi: KubeObject = {
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: "v1.dead.acme.example" },
  spec: {
    group: "dead.acme.example",
    version: "v1",
    service: { namespace: "default", name: "nobody" },
    insecureSkipTLSVerify: true,
    groupPriorityMinimum: 100,
    versionPriority: 10,
  },
};
