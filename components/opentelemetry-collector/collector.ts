/**
 * One collector as a workload: its configuration in a ConfigMap, its certificate in a Secret, its probes and metrics.
 */
import { stringify } from "yaml";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { type Issuer, tlsSecret } from "../platform-certificate";
import { type Workload, type WorkloadArgs, workload } from "../workload";
import type { ContainerPort, Size } from "../workload/container";
import { certificate } from "./certificates";
import {
  type Configuration,
  configurationFile,
  HEALTH_PORT,
  METRICS_PORT,
  OTLP_GRPC_PORT,
  TLS_FOLDER,
} from "./configuration";

/** What one collector may use; the request of memory is its limit. */
export type CollectorSize = Pick<Size, "cpuMillicores" | "memoryMiB">;

/** What all collectors of a cluster share. */
export interface CollectorSettings {
  readonly image: string;
  readonly issuer: Issuer;
}

/** What is peculiar to one collector. */
export interface CollectorParts extends Omit<WorkloadArgs, "image" | "name" | "size"> {
  readonly objectName: string;
  readonly configuration: Configuration;
  readonly size: CollectorSize;
  /** DNS names by which it is reached besides that of its Service. @default none */
  readonly furtherNames?: readonly string[];
}

/** The port on which a collector takes OTLP over gRPC. */
export const OTLP_GRPC = { name: "otlp-grpc", port: OTLP_GRPC_PORT } satisfies ContainerPort;

const HEALTH: ContainerPort = { name: "healthcheck", port: HEALTH_PORT };
const METRICS: ContainerPort = { name: "http-metrics", port: METRICS_PORT };

const CONFIGURATION_FOLDER = "/etc/otelcol";
const CONFIGURATION_FILE = "config.yaml";

/** A collector: its workload, with ConfigMap and Certificate in front. */
export function collector(parts: CollectorParts, { image, issuer }: CollectorSettings): Workload {
  const { configuration, env = [], furtherNames = [], mounts = [], ports = [], size, volumes = {}, ...rest } = parts;
  const { component, namespace, objectName } = rest;
  const configMap: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: objectName, namespace, labels: objectLabels("opentelemetry-collector", component) },
    data: {
      [CONFIGURATION_FILE]: stringify(configurationFile(configuration), { aliasDuplicateObjects: false, lineWidth: 0 }),
    },
  };
  const probe = { how: { httpGet: "/", port: HEALTH.name } };
  const made = workload({
    ...rest,
    name: "opentelemetry-collector",
    image,
    size,
    args: [`--config=${CONFIGURATION_FOLDER}/${CONFIGURATION_FILE}`],
    env: [
      { name: "POD_IP", fieldPath: "status.podIP" },
      // the garbage collector works harder from here on: where memory_limiter starts to free memory
      { name: "GOMEMLIMIT", value: `${Math.floor(size.memoryMiB * 0.8)}MiB` },
      ...env,
    ],
    ports: [...ports, HEALTH, METRICS],
    mounts: [{ volume: "configuration", path: CONFIGURATION_FOLDER }, { volume: "tls", path: TLS_FOLDER }, ...mounts],
    volumes: { configuration: { configMap: objectName }, tls: { secret: tlsSecret(objectName) }, ...volumes },
    restartsOn: [configMap],
    // a minute: agents wait for what the API server knows of pods before they take telemetry
    startup: { ...probe, periodSeconds: 5, failureThreshold: 12 },
    readiness: probe,
    // a minute: one that is merely busy is kept, with what it holds
    liveness: { ...probe, failureThreshold: 6 },
    scrape: { port: METRICS.name },
    // queues are emptied, and pending decisions made, before the end
    terminationGracePeriodSeconds: 60,
  });
  return {
    ...made,
    objects: [configMap, certificate(namespace, objectName, component, issuer, furtherNames), ...made.objects],
  };
}
