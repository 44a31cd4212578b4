/** Settings of the mesh. */
import { z } from "zod";
import { cidr, dnsLabel, dnsName, labelKey } from "./names";

/** How one gateway of the mesh runs. */
export const gateway = z
  .strictObject({
    /** Fewest pods, 2–20. @default 2: one is left when a node is drained */
    minReplicas: z.int().min(2).max(20).default(2),
    /** Most pods, from minReplicas to 20. @default 5, upstream's own */
    maxReplicas: z.int().min(2).max(20).default(5),
    /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. @default none */
    serviceAnnotations: z.record(labelKey, z.string()).default({}),
    /** Ranges of addresses that the load balancer takes traffic from; not for the egress gateway. @default none: from every address */
    sourceRanges: z.array(cidr).default([]),
  })
  .refine(({ maxReplicas, minReplicas }) => maxReplicas >= minReplicas, {
    path: ["maxReplicas"],
    message: "must be at least minReplicas",
  });

export const istio = z
  .strictObject({
    /** Who installs it: `managed` here; `external` by someone else, or `off`: then nothing of it is made, and tenants are in no mesh. @default managed */
    management: z.enum(["managed", "external", "off"]).default("managed"),
    /** First part of every identity, a DNS name, the same in all clusters. @default `<environment>.mesh.internal` */
    trustDomain: dnsName.optional(),
    /** Name of the control plane, at most 40 characters. Another name is another control plane: pods change to it when they are restarted. @default default */
    revision: dnsLabel.max(40, "must be at most 40 characters: names of objects end in it").default("default"),
    /** Fewest pods of istiod, 2–20. @default 2: one is left when a node is drained */
    minReplicas: z.int().min(2).max(20).default(2),
    /** Most pods of istiod, from minReplicas to 20. @default 5, upstream's own */
    maxReplicas: z.int().min(2).max(20).default(5),
    /** Gateways by the way they lead: into the cluster, out of it, to other networks (made only where there are some). */
    gateways: z
      .strictObject({
        /** The way in: a load balancer leads to it. */
        ingress: gateway.prefault({}),
        /** The way out, to `egressHosts`. */
        egress: gateway.prefault({}),
        /** The way in for programs of other networks: a load balancer leads to it. */
        eastWest: gateway.prefault({}),
      })
      .prefault({}),
    /** Hosts outside that programs of the mesh may reach, by TLS on port 443; DNS names of at most 63 characters. @default none */
    egressHosts: z
      .array(dnsName.max(63, "must be at most 63 characters: an Istio subset is named after it"))
      .default([]),
  })
  .refine(({ maxReplicas, minReplicas }) => maxReplicas >= minReplicas, {
    path: ["maxReplicas"],
    message: "must be at least minReplicas",
  });
