/**
 * What an environment file may say: types, bounds and defaults of every field, each with its reason.
 *
 * @see environments/dev.yaml for a small one, examples/prod for two regions
 */
import { z } from "zod";
import { alertmanager } from "./environment-schema/alertmanager";
import { alerts } from "./environment-schema/alerts";
import { argoCd } from "./environment-schema/argo-cd";
import { argoRollouts } from "./environment-schema/argo-rollouts";
import { certManager } from "./environment-schema/cert-manager";
import { chaosMesh } from "./environment-schema/chaos-mesh";
import { cluster } from "./environment-schema/cluster";
import { experimentSetting } from "./environment-schema/experiment";
import { gatekeeper } from "./environment-schema/gatekeeper";
import { grafana } from "./environment-schema/grafana";
import { istio } from "./environment-schema/istio";
import { jaeger } from "./environment-schema/jaeger";
import { kubeStateMetrics } from "./environment-schema/kube-state-metrics";
import { loki } from "./environment-schema/loki";
import { metricsServer } from "./environment-schema/metrics-server";
import { dnsLabel, dnsName, registry } from "./environment-schema/names";
import { nodeExporter } from "./environment-schema/node-exporter";
import { nodeHealthCheck } from "./environment-schema/node-health-check";
import { objectStore } from "./environment-schema/object-store";
import { openTelemetryCollector } from "./environment-schema/opentelemetry-collector";
import { policy } from "./environment-schema/policy";
import { prometheus } from "./environment-schema/prometheus";
import { credentials, secretStore } from "./environment-schema/secret-store";
import { slo } from "./environment-schema/slo";
import { storageClass } from "./environment-schema/storage-class";
import { team, tenant } from "./environment-schema/tenant";
import { thanos } from "./environment-schema/thanos";
import { velero } from "./environment-schema/velero";
import { verticalPodAutoscaler } from "./environment-schema/vertical-pod-autoscaler";

/** Programs whose webhook cannot be backed by a process in the sandbox. */
export const sandboxPrograms = ["cert-manager", "chaos-mesh", "gatekeeper", "istio", "node-health-check"] as const;

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
  /** What is promised of services, by name, DNS labels of at most 59 characters. @default none */
  slos: z.record(dnsLabel.max(59, "must be at most 59 characters: objects are named slo-<name>"), slo).default({}),
  /** What the platform's alerts say; who is told of them is in `teams.<name>.alerts`. */
  alerts: alerts.prefault({}),
  /** Experiments by name, DNS labels of at most 40 characters: declared here, started by hand. @default none */
  experiments: z
    .record(dnsLabel.max(40, "must be at most 40 characters: names of its steps are made of it"), experimentSetting)
    .default({}),
  /** How the spokes reach what exists once, on the hub. */
  hub: z
    .strictObject({
      /** DNS domain of the hub's load balancers for telemetry: `otlp.`, `thanos.` and `alertmanager.` below it lead to one each, wherever spokes look them up. @default `ingest.<environment>.internal` */
      ingestDomain: dnsName.max(240, "must be at most 240 characters: names of services stand before it").optional(),
    })
    .prefault({}),
  /** Where what must outlive its pods is kept. @default folders of the pods' own volumes in a sandbox; elsewhere none, which is refused where a managed component needs one */
  objectStore: objectStore.optional(),
  /** Where Secrets come from whose contents must stand in no file. @default the sandbox's own in a sandbox environment, else none: whoever keeps secrets brings them by their names */
  secretStore: secretStore.optional(),
  /** What clusters are let into one another with. */
  credentials: credentials.prefault({}),
  /** What the rules mean here. */
  policy: policy.prefault({}),
  /** Settings of single components. */
  components: z
    .strictObject({
      /** Admission and audit. */
      gatekeeper: gatekeeper.prefault({}),
      /** Certificates. */
      certManager: certManager.prefault({}),
      /** Harm done on purpose. */
      chaosMesh: chaosMesh.prefault({}),
      /** The mesh. */
      istio: istio.prefault({}),
      /** Telemetry, from pods to where it is stored. */
      openTelemetryCollector: openTelemetryCollector.prefault({}),
      /** Metrics of all clusters, on the hub. */
      thanos: thanos.prefault({}),
      /** Backups of tenants. */
      velero: velero.prefault({}),
      /** What becomes of lost nodes. */
      nodeHealthCheck: nodeHealthCheck.prefault({}),
      /** Recommended sizes. */
      verticalPodAutoscaler: verticalPodAutoscaler.prefault({}),
      /** Metrics and alerts of each cluster. */
      prometheus: prometheus.prefault({}),
      /** Alerts of all clusters, brought to people; on the hub. */
      alertmanager: alertmanager.prefault({}),
      /** Objects of the API server as metrics. */
      kubeStateMetrics: kubeStateMetrics.prefault({}),
      /** Nodes as metrics. */
      nodeExporter: nodeExporter.prefault({}),
      /** What pods use right now, for autoscalers. */
      metricsServer: metricsServer.prefault({}),
      /** Traces, where they are kept, and how many are begun. */
      jaeger: jaeger.prefault({}),
      /** Logs, where they are kept. */
      loki: loki.prefault({}),
      /** What tenants keep in Git, brought to the clusters step by step. */
      argoCd: argoCd.prefault({}),
      /** Canaries. */
      argoRollouts: argoRollouts.prefault({}),
      /** What is looked at, on the hub. */
      grafana: grafana.prefault({}),
    })
    .prefault({}),
});

/** An environment as its file states it: checked, defaults filled in. */
export type EnvironmentSpec = z.output<typeof environmentSchema>;
export type ClusterSpec = EnvironmentSpec["clusters"][string];
export type StorageClassSpec = EnvironmentSpec["storageClasses"][string];
