/** Settings of metrics-server. */
import { z } from "zod";

export const metricsServer = z.strictObject({
  /** Who installs it: `managed` here, `external` where the cluster brings it along (GKE, AKS), or `off`: in both cases nothing is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Pods, 2–5; all answer. @default 2, so that one is left when a node is drained */
  replicas: z.int().min(2).max(5).default(2),
  /** How kubelets' certificates are judged: `verified` against the cluster's CA, or `unverified` where kubelets sign their own (kubeadm without `serverTLSBootstrap`). @default verified */
  kubeletCertificates: z.enum(["verified", "unverified"]).default("verified"),
});
