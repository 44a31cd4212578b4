/** What an environment file says of how a cluster comes to be. */
import { z } from "zod";
import { cidr, dnsLabel, labelKey } from "./names";

const iamPrincipal = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/,
    "must be the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/admins",
  );

const nodeGroup = z
  .strictObject({
    /** EC2 instance types, of one processor architecture and alike in size, at least one. */
    instanceTypes: z.array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "must be an EC2 instance type")).min(1),
    /** Processor of these types. @default x86_64 */
    architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
    /** How they are paid for; `spot` ones are taken back at two minutes' notice. @default on-demand */
    capacity: z.enum(["on-demand", "spot"]).default("on-demand"),
    /** Fewest nodes, 1–450. @default 3, one per zone */
    minNodes: z.int().min(1).max(450).default(3),
    /** Most nodes, from minNodes to 450, the most that EKS lets a group have. @default 6 */
    maxNodes: z.int().min(1).max(450).default(6),
    /** Size of the volume for images and logs, GiB, 20–1000. @default 100 */
    diskGiB: z.int().min(20).max(1000).default(100),
    /** Labels of the nodes. @default none */
    labels: z.record(labelKey, z.string()).default({}),
  })
  .refine(({ maxNodes, minNodes }) => maxNodes >= minNodes, {
    path: ["maxNodes"],
    message: "must be at least minNodes",
  });

const eks = z.strictObject({
  /** AWS account, 12 digits; another one is refused before anything is made. */
  account: z.string().regex(/^[0-9]{12}$/, "must be 12 digits, in quotes"),
  /** Range of the subnet of nodes and pods in each zone, in the order of `zones`; inside of the first of `network.podCidrs`, which is the network's. */
  nodeCidrs: z.array(cidr).min(2),
  /** Range of the subnet of load balancers and NAT in each zone, in the order of `zones`; inside of the same range. */
  publicCidrs: z.array(cidr).min(2),
  /** NAT gateways: one in each zone, or one for all, which is cheaper and lost with its zone. @default perZone */
  nat: z.enum(["perZone", "one"]).default("perZone"),
  /** Ranges from which the API server is reached over the internet. @default none: from inside of the network only */
  endpointCidrs: z.array(cidr).default([]),
  /** Who administers the cluster: IAM roles or users, at least one; whoever deploys the platform is one. */
  admins: z.array(iamPrincipal).min(1),
  /** Groups of nodes, by name, at least one. */
  nodeGroups: z
    .record(dnsLabel.max(40, "must be at most 40 characters: names of objects end in it"), nodeGroup)
    .refine((groups) => Object.keys(groups).length > 0, "must have at least one group"),
  /** Versions of the add-ons, by name, where they differ from those that are pinned for the cluster's minor. @default none */
  addonVersions: z.record(dnsLabel, z.string().regex(/^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$/)).default({}),
  /** Days for which logs of the control plane and of the network are kept, as CloudWatch counts them. @default 90 */
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]).default(90),
});

export const provision = z
  .strictObject({
    /** `existing`: the cluster is there, and reached by its context; `eks`: a stack of its own makes it on Amazon EKS. @default existing */
    kind: z.enum(["existing", "eks"]).default("existing"),
    /** The cluster on Amazon EKS. @default none: required by kind eks */
    eks: eks.optional(),
  })
  .refine((given) => (given.kind === "eks") === (given.eks !== undefined), {
    path: ["eks"],
    message: "must be there for kind eks, and for no other",
  });
