/** Settings of Chaos Mesh. */
import { z } from "zod";
import { dnsLabel } from "./names";

export const chaosMesh = z.strictObject({
  /** Who installs it: `managed` here, or `off`: then nothing of it is made. @default managed in development; off in production, where harm is done on purpose only once the environment says so */
  management: z.enum(["managed", "off"]).optional(),
  /** Tenants whose pods may be targets, by name. @default none */
  targets: z.array(dnsLabel).default([]),
  /** Controller pods, 2–5. @default 3, upstream's own: its webhooks fail closed */
  controllerReplicas: z.int().min(2).max(5).default(3),
  /** DNS server pods, 2–5. @default 2: one is left when a node is drained */
  dnsServerReplicas: z.int().min(2).max(5).default(2),
  /** Socket of containerd on the nodes, an absolute path. @default /run/containerd/containerd.sock, containerd's own */
  containerdSocket: z
    .string()
    .regex(/^(\/[^/]+){2,}$/, "must be the absolute path of a socket in a folder")
    .default("/run/containerd/containerd.sock"),
});
