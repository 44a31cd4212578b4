/**
 * What an environment file may say: types, bounds and defaults of every field, each with its reason.
 *
 * @see environments/dev.yaml for a small one, examples/prod for two regions
 */
import { z } from "zod";

const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be a DNS label (RFC 1123): lower-case letters, digits and '-'")
  .max(63, "must be at most 63 characters (RFC 1123)");
const cidr = z.union([z.cidrv4(), z.cidrv6()], "must be a CIDR such as 10.0.0.0/16");
const dnsName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
    "must be a DNS name of two labels or more, such as api.example.com",
  )
  .max(253, "must be at most 253 characters (RFC 1035)");
const quantity = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/, "must be a Kubernetes quantity such as 500m, 4 or 8Gi");
const registry = z
  .string()
  .regex(
    /^[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    "must be a registry with an optional path, without scheme or trailing slash, such as ghcr.io/acme",
  );
const ruleId = z.string().regex(/^[A-Z]{2}-[0-9]{2}$/, "must be a rule id such as IM-02");

/** Where a cluster runs; decides its CSI driver and the provisioners that its policy allows. */
export const cloudKinds = ["aws", "gcp", "azure", "ceph", "local"] as const;

const cluster = z.strictObject({
  /** Context of this cluster in the kubeconfig of whoever deploys. @default the cluster's own name */
  context: z.string().min(1).optional(),
  /** The hub runs what exists once per environment; spokes send to it. Exactly one hub per environment. @default spoke */
  role: z.enum(["hub", "spoke"]).default("spoke"),
  /** Kubernetes minor, `1.N`, at least 1.30 (ValidatingAdmissionPolicy is stable from there). Pod Security labels are pinned to it. */
  kubernetes: z
    .string()
    .regex(/^1\.[0-9]{2}$/, "must be a Kubernetes minor in quotes, such as '1.35'")
    .refine(
      (minor) => Number(minor.slice(2)) >= 30,
      "must be at least 1.30, where ValidatingAdmissionPolicy is stable",
    ),
  /** Cloud region, as the cloud spells it; the value of `topology.kubernetes.io/region`. */
  region: z.string().min(1).max(63),
  /** Zones of the region that have nodes, 1–6; the values of `topology.kubernetes.io/zone`. */
  zones: z.array(z.string().min(1).max(63)).min(1).max(6),
  /** Where it runs; decides the CSI driver. */
  cloud: z.enum(cloudKinds),
  /** The network that its pods share; clusters of different networks meet at east-west gateways. */
  network: z.strictObject({
    /** Istio network name, DNS label. */
    name: dnsLabel,
    /** Ranges of pod addresses. */
    podCidrs: z.array(cidr).min(1),
    /** Ranges of Service addresses; the API server's own Service address lies in the first. */
    serviceCidrs: z.array(cidr).min(1),
    /** Ranges in which the API server itself listens: what pods may reach on 6443 and 443. */
    apiServerCidrs: z.array(cidr).min(1),
  }),
});

const storageClass = z.strictObject({
  /** CSI driver by cloud kind. @default the cluster's own cloud kind */
  driver: z.enum(cloudKinds).optional(),
  /** Clusters that get the class. @default all */
  clusters: z.array(dnsLabel).min(1).optional(),
  /** Whether claims that name no class get this one; exactly one class per cluster says so. @default false */
  default: z.boolean().default(false),
  /** Volume type as the driver spells it (`gp3`, `pd-balanced`, `Premium_LRS`). @default the driver table's */
  type: z.string().min(1).optional(),
  /** What becomes of a volume whose claim is deleted. @default by purpose: Retain in production, because a deleted claim must not delete data; Delete in development */
  reclaimPolicy: z.enum(["Delete", "Retain"]).optional(),
  /** When a volume is made: for its first pod, or at once. @default WaitForFirstConsumer, so that a volume is made in the zone of its pod */
  volumeBindingMode: z.enum(["WaitForFirstConsumer", "Immediate"]).default("WaitForFirstConsumer"),
  /** Zones in which volumes may be made; a subset of the cluster's. @default no restriction: with WaitForFirstConsumer the scheduler decides */
  zones: z.array(z.string().min(1)).min(1).optional(),
  /** Whether claims may grow. @default true */
  allowVolumeExpansion: z.boolean().default(true),
  /** Encryption key as the driver names it (KMS key ARN, key URI, disk encryption set id). @default the cloud's own managed key */
  encryptionKey: z.string().min(1).optional(),
  /** File system of the volume. @default ext4, the CSI drivers' own default */
  fsType: z.enum(["ext4", "xfs"]).default("ext4"),
  /** Further driver parameters, as its own documentation names them. @default none */
  parameters: z.record(z.string().min(1), z.string()).default({}),
  /** Whether volumes of the class can be snapshotted: adds a VolumeSnapshotClass. @default true */
  snapshots: z.boolean().default(true),
});

const team = z.strictObject({
  /** Group, as the API server's authenticator spells it, whose members get the team's roles. */
  group: z.string().min(1),
});

const tenant = z.strictObject({
  /** The team that owns it: a key of `teams`. */
  team: dnsLabel,
  /** Clusters that carry its namespaces. @default all */
  clusters: z.array(dnsLabel).min(1).optional(),
  /** Namespaces of the tenant, each with what it may use in all. */
  namespaces: z.record(
    dnsLabel,
    z.strictObject({
      /** Sum of CPU requests, a quantity in cores. */
      cpu: quantity,
      /** Sum of memory requests and of memory limits, a quantity in bytes. */
      memory: quantity,
      /** Most pods at once, 1–10000. @default 50 */
      pods: z.int().min(1).max(10_000).default(50),
      /** Sum of storage that claims may ask for, a quantity in bytes. @default 100Gi */
      storage: quantity.default("100Gi"),
    }),
  ),
});

const gatekeeper = z.strictObject({
  /** Webhook pods, 1–10. @default 3, upstream's own: the webhook fails closed, so two must be left when one is drained */
  replicas: z.int().min(1).max(10).default(3),
  /** Seconds between two audits, 10–3600. @default 60, upstream's own */
  auditIntervalSeconds: z.int().min(10).max(3600).default(60),
  /** Further namespaces in which nothing is judged at admission. @default none: the exemptions of the platform are built in */
  exemptNamespaces: z.array(dnsLabel).default([]),
});

const certManager = z.strictObject({
  /** Who installs it: `managed` here, or `external` by someone else (then only the issuers are made). @default managed */
  management: z.enum(["managed", "external"]).default("managed"),
  /** Controller pods, 2–5; one leads, the others take over. @default 2, upstream's advice for production */
  controllerReplicas: z.int().min(2).max(5).default(2),
  /** Webhook pods, 2–5. @default 3, upstream's advice for production: its webhook fails closed */
  webhookReplicas: z.int().min(2).max(5).default(3),
  /** Secret in cert-manager's namespace with the CA that all clusters share (`tls.crt`, `tls.key`), brought by whoever keeps secrets. @default none: each cluster makes its own CA, and no cluster's mesh trusts another's */
  caSecretName: dnsLabel.optional(),
});

/** How one gateway of the mesh runs. */
const gateway = z
  .strictObject({
    /** Fewest pods, 2–20. @default 2: one is left when a node is drained */
    minReplicas: z.int().min(2).max(20).default(2),
    /** Most pods, from minReplicas to 20. @default 5, upstream's own */
    maxReplicas: z.int().min(2).max(20).default(5),
    /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. @default none */
    serviceAnnotations: z.record(z.string().min(1), z.string()).default({}),
    /** Ranges of addresses that the load balancer takes traffic from; not for the egress gateway. @default none: from every address */
    sourceRanges: z.array(cidr).default([]),
  })
  .refine(({ maxReplicas, minReplicas }) => maxReplicas >= minReplicas, {
    path: ["maxReplicas"],
    message: "must be at least minReplicas",
  });

const istio = z
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

const openTelemetryCollector = z
  .strictObject({
    /** Who installs it: `managed` here, or `external` by someone else (then nothing is made). @default managed */
    management: z.enum(["managed", "external"]).default("managed"),
    /** Fewest gateway pods, 2–20. @default 2, so that one is left when a node is drained */
    gatewayReplicas: z.int().min(2).max(20).default(2),
    /** Most gateway pods, `gatewayReplicas`–100; in between the autoscaler chooses. @default five times `gatewayReplicas` */
    gatewayMaxReplicas: z.int().min(2).max(100).optional(),
    /** Sampler pods, 2–50; a change moves traces between them. @default 2, so that one is left when a node is drained */
    samplerReplicas: z.int().min(2).max(50).default(2),
    /** Which traces are kept; those with an error always are. */
    sampling: z
      .strictObject({
        /** Share of the others that is kept, in percent, 0–100. @default 10 */
        percentage: z.int().min(0).max(100).default(10),
        /** Traces that take longer are kept, milliseconds, 1–600000. @default 2000 */
        slowMilliseconds: z.int().min(1).max(600_000).default(2000),
        /** Seconds from a trace's first span to the decision, 5–300. @default 30, upstream's own */
        decisionWaitSeconds: z.int().min(5).max(300).default(30),
        /** Traces that one sampler holds until it decides, 1000–1000000. @default 50000, upstream's own */
        tracesInMemory: z.int().min(1000).max(1_000_000).default(50_000),
      })
      .prefault({}),
  })
  .refine(({ gatewayMaxReplicas: most, gatewayReplicas: fewest }) => most === undefined || most >= fewest, {
    path: ["gatewayMaxReplicas"],
    message: "must be at least gatewayReplicas: there are never fewer than the fewest",
  });

/** Programs whose webhook cannot be backed by a process in the sandbox. */
export const sandboxPrograms = ["cert-manager", "gatekeeper", "istio"] as const;

export const environmentSchema = z.strictObject({
  /** Decides defaults that differ between trying and serving: reclaim policy, digest pinning. */
  purpose: z.enum(["development", "production"]),
  /** Team that owns the platform's own namespaces; the value of the label `fleetwright.dev/owner`. */
  owner: dnsLabel,
  /** Kubeconfig to deploy with, a path; relative ones start at the project. @default $KUBECONFIG, else ~/.kube/config; the sandbox's own in a sandbox environment */
  kubeconfig: z.string().min(1).optional(),
  /** Take over objects that exist without this environment's mark, instead of refusing. @default false */
  adopt: z.boolean().default(false),
  /** Present when the clusters are the sandbox's. */
  sandbox: z
    .strictObject({
      /** Programs that cannot run here: their webhooks are not rendered in the sandbox. Production always renders them. @default none */
      withoutController: z.array(z.enum(sandboxPrograms)).default([]),
    })
    .optional(),
  /** The fleet by name, DNS labels. */
  clusters: z.record(dnsLabel, cluster),
  /** Storage that claims can ask for, by the name of the class. */
  storageClasses: z.record(dnsLabel, storageClass),
  /** Where images come from. */
  images: z.strictObject({
    /** Registries, with optional path, that images may come from; rule IM-03 allows these and nothing else. */
    registries: z.array(registry).min(1),
    /** Registry that mirrors the platform's own images: `<mirror>/<repository path>`. @default none: each image's own registry */
    mirror: registry.optional(),
  }),
  /** Who owns tenants, by name. @default none */
  teams: z.record(dnsLabel, team).default({}),
  /** Who runs programs on the platform, by name. @default none */
  tenants: z.record(dnsLabel, tenant).default({}),
  /** What the rules mean here. */
  policy: z
    .strictObject({
      /** Level per rule, by its id, where it differs from the rule's own for this purpose. @default none: the rule's own */
      levels: z.partialRecord(ruleId, z.enum(["deny", "warn", "off"])).default({}),
    })
    .prefault({}),
  /** Settings of single components. */
  components: z
    .strictObject({
      /** Admission and audit. */
      gatekeeper: gatekeeper.prefault({}),
      /** Certificates. */
      certManager: certManager.prefault({}),
      /** The mesh. */
      istio: istio.prefault({}),
      /** Telemetry, from pods to where it is stored. */
      openTelemetryCollector: openTelemetryCollector.prefault({}),
    })
    .prefault({}),
});

/** An environment as its file states it: checked, defaults filled in. */
export type EnvironmentSpec = z.output<typeof environmentSchema>;
export type ClusterSpec = EnvironmentSpec["clusters"][string];
export type StorageClassSpec = EnvironmentSpec["storageClasses"][string];
