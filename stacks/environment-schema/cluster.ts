/** What an environment file says of one cluster. */
import { z } from "zod";
import { policyPhaseSchema } from "../../policies/parameters";
import { cidr, dnsLabel, labelValue, ownCidr } from "./names";
import { provision } from "./provision";

/** Where a cluster runs; decides its CSI driver and the provisioners that its policy allows. */
export const cloudKinds = ["aws", "gcp", "azure", "ceph", "local"] as const;

export const cluster = z.strictObject({
  /** Context of this cluster in the kubeconfig of whoever deploys. @default the cluster's own name */
  context: z.string().min(1).optional(),
  /** URL under which other clusters reach this one's API server. @default the server of the context */
  apiServer: z
    .url({ protocol: /^https$/, error: "must be a URL such as https://api.eu-1.example.com:6443" })
    .refine(
      (url) => !/[?#\s]|^[^/]*\/\/[^/]*@/.test(url),
      "must have no user, query, fragment and spaces, such as https://api.eu-1.example.com:6443: credentials are issued on their own",
    )
    .optional(),
  /** The hub runs what exists once per environment; spokes send to it. Exactly one hub per environment. @default spoke */
  role: z.enum(["hub", "spoke"]).default("spoke"),
  /** Kubernetes minor, `1.N`, at least 1.31 (the oldest that Gatekeeper is made for). Pod Security labels are pinned to it. */
  kubernetes: z
    .string()
    .regex(/^1\.[0-9]{2}$/, "must be a Kubernetes minor in quotes, such as '1.35'")
    .refine((minor) => Number(minor.slice(2)) >= 31, "must be at least 1.31, the oldest that Gatekeeper is made for"),
  /** Cloud region, as the cloud spells it; the value of `topology.kubernetes.io/region`. */
  region: labelValue,
  /** Zones of the region that have nodes, 1–6; the values of `topology.kubernetes.io/zone`. */
  zones: z.array(labelValue).min(1).max(6),
  /** Where it runs; decides the CSI driver. */
  cloud: z.enum(cloudKinds),
  /** How far it is on its way back. `bootstrap`: being rebuilt, rules only count what they find, and Gatekeeper holds nothing up; `recover`: being restored, rules warn at most; `enforce`: rules as their levels say, and Gatekeeper fails closed. @default enforce */
  policyPhase: policyPhaseSchema.default("enforce"),
  /** How it comes to be. */
  provision: provision.prefault({}),
  /** The network that its pods share; clusters of different networks meet at east-west gateways. */
  network: z.strictObject({
    /** Istio network name, DNS label. */
    name: dnsLabel,
    /** Ranges of pod addresses; clusters of one network have none in common. */
    podCidrs: z.array(ownCidr).min(1),
    /** Ranges of Service addresses, none of them a pod's; the API server's own Service address lies in the first. */
    serviceCidrs: z.array(ownCidr).min(1),
    /** Ranges in which the API server itself listens: what pods may reach on 6443 and 443. */
    apiServerCidrs: z.array(cidr).min(1),
  }),
});
