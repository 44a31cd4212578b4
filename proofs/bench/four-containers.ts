/** The object by which the cost of judging is told: a workload of four containers that no rule of `dev` refuses. */
import type { AnyObject } from "../../policies/engine/match";

const CONTAINERS = 4;
const labels = { app: "four-containers" };

const pod = {
  metadata: { labels },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: Array.from({ length: CONTAINERS }, (_, index) => container(`part-${index}`)),
  },
};

/** Judged by the pack: what a program registers. */
export const deployment: AnyObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "four-containers", namespace: "default", labels },
  spec: { replicas: 2, selector: { matchLabels: labels }, template: pod },
};

/** Judged at admission: what the Deployment's controller creates. */
export const createdPod: AnyObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "four-containers", namespace: "default", labels },
  spec: pod.spec,
};

function container(name: string): object {
  const probe = (path: string) => ({ httpGet: { path, port: 8080 }, periodSeconds: 10 });
  return {
    name,
    image: `ghcr.io/acme/${name}:1.2.3@sha256:${"a".repeat(64)}`,
    ports: [{ name: "http", containerPort: 8080 }],
    env: [{ name: "MODE", value: "production" }],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
    readinessProbe: probe("/ready"),
    livenessProbe: probe("/live"),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}
