/** Objects of a tenant's own, as its developers apply them to the namespace `shop`. */
import type { KubeObject } from "../../components/kube-object";

/** An image that every rule allows: its registry is the environment's, and it is pinned. */
export const ALLOWED_IMAGE = `ghcr.io/acme/cart:1.4.2@sha256:${"a".repeat(64)}`;

/** An image that breaks IM-01 (latest) and IM-03 (registry) in any environment. */
export const FORBIDDEN_IMAGE = "docker.io/library/nginx:latest";

/** A pod that Pod Security's restricted profile takes, whatever its image. */
export function pod(name: string, image: string, { namespace = "shop", claim = "" } = {}): KubeObject {
  const container = {
    name: "main",
    image,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(claim && { volumeMounts: [{ name: "data", mountPath: "/data" }] }),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      containers: [container],
      ...(claim && { volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim } }] }),
    },
  };
}

/** A claim with the default class, a pod that uses it, and a LoadBalancer Service before the pod. */
export function shopInUse(): KubeObject[] {
  const metadata = { name: "cart", namespace: "shop" };
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  const service = { type: "LoadBalancer", selector: { app: "cart" }, ports: [{ port: 80 }] };
  return [
    { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: claim },
    pod("cart", ALLOWED_IMAGE, { claim: "cart" }),
    { apiVersion: "v1", kind: "Service", metadata, spec: service },
  ];
}
