/**
 * What an environment file may say: types, bounds and defaults of every field, each with its reason.
 *
 * @see environments/dev.yaml for a small one, examples/prod for two regions
 */
import { z } from "zod";
import { certManager } from "./environment-schema/cert-manager";
import { cluster } from "./environment-schema/cluster";
import { gatekeeper } from "./environment-schema/gatekeeper";
import { grafana } from "./environment-schema/grafana";
import { istio } from "./environment-schema/istio";
import { dnsLabel, dnsName, registry, ruleId } from "./environment-schema/names";
import { objectStore } from "./environment-schema/object-store";
import { openTelemetryCollector } from "./environment-schema/opentelemetry-collector";
import { storageClass } from "./environment-schema/storage-class";
import { team, tenant } from "./environment-schema/tenant";
import { thanos } from "./environment-schema/thanos";

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
    /** Registries, with optional path, that images may come from; rule IM-03 allows these, the repositories of the platform's own images or their mirror, and nothing else. */
    registries: z.array(registry).min(1),
    /** Registry that mirrors the platform's own images: `<mirror>/<repository path>`. @default none: each image's own registry */
    mirror: registry.optional(),
  }),
  /** Who owns tenants, by name. @default none */
  teams: z.record(dnsLabel, team).default({}),
  /** Who runs programs on the platform, by name. @default none */
  tenants: z.record(dnsLabel, tenant).default({}),
  /** How the spokes reach what exists once, on the hub. */
  hub: z
    .strictObject({
      /** DNS name of the hub's load balancer for telemetry, resolved by the spokes' clusters. @default `ingest.<environment>.internal` */
      ingestHost: dnsName.optional(),
    })
    .prefault({}),
  /** Where what must outlive its pods is kept. @default folders of the pods' own volumes in a sandbox; elsewhere none, which is refused where a managed component needs one */
  objectStore: objectStore.optional(),
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
      /** Metrics of all clusters, on the hub. */
      thanos: thanos.prefault({}),
      /** What is looked at, on the hub. */
      grafana: grafana.prefault({}),
    })
    .prefault({}),
});

/** An environment as its file states it: checked, defaults filled in. */
export type EnvironmentSpec = z.output<typeof environmentSchema>;
export type ClusterSpec = EnvironmentSpec["clusters"][string];
export type StorageClassSpec = EnvironmentSpec["storageClasses"][string];
