/** What a tenant keeps in its repository, as the platform's rules want it. */

const labels = { app: "web" };

/** A program of tenant shop. It becomes healthy, unless it asks for a node that there is not. */
export const web = (node?: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        ...(node === undefined ? {} : { nodeSelector: { "kubernetes.io/hostname": node } }),
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "web",
            image: `ghcr.io/acme/web:1.0.0@sha256:${"a".repeat(64)}`,
            resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
      },
    },
  },
});

/** What tells one revision from another. */
export const settings = (revision: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings" },
  data: { revision },
});
