/** One role of Jaeger as a workload: its configuration in a ConfigMap, its probes and metrics. */
import { stringify } from "yaml";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { type Issuer, platformCertificate, tlsSecret } from "../platform-certificate";
import { type Workload, type WorkloadArgs, workload } from "../workload";
import type { ContainerPort, Size } from "../workload/container";
import { configurationFile, HEALTH_PORT, METRICS_PORT, type RoleConfiguration, TLS_FOLDER } from "./configuration";

/** Where Jaeger runs; the cluster base makes the namespace. */
export const JAEGER_NAMESPACE = "jaeger";

/** What one pod may use; the request of memory is its limit. */
export type RoleSize = Pick<Size, "cpuMillicores" | "memoryMiB">;

/** What is peculiar to one role. */
export interface RoleArgs extends Omit<WorkloadArgs, "name" | "namespace" | "size"> {
  /** What one pod may use. */
  readonly size: RoleSize;
  /** What it is told, but for what all roles are. */
  readonly configuration: RoleConfiguration;
  /** Who signs its certificate. @default none: it shows no certificate */
  readonly issuer?: Issuer;
}

const CONFIGURATION_FOLDER = "/etc/jaeger";
const CONFIGURATION_FILE = "config.yaml";

const HEALTH: ContainerPort = { name: "healthcheck", port: HEALTH_PORT };
const METRICS: ContainerPort = { name: "http-metrics", port: METRICS_PORT };

/** A role: its workload, with ConfigMap and, where it has one, Certificate in front. */
export function role({ configuration, issuer, ...args }: RoleArgs): Workload {
  const { component, env = [], mounts = [], ports = [], restartsOn = [], size, volumes = {} } = args;
  const name = `jaeger-${component}`;
  const configMap = jaegerConfigMap(name, component, {
    [CONFIGURATION_FILE]: stringify(configurationFile(component, configuration), {
      aliasDuplicateObjects: false,
      lineWidth: 0,
    }),
  });
  const made = workload({
    ...args,
    namespace: JAEGER_NAMESPACE,
    name: "jaeger",
    args: [`--config=${CONFIGURATION_FOLDER}/${CONFIGURATION_FILE}`],
    env: [
      { name: "POD_IP", fieldPath: "status.podIP" },
      { name: "GOMEMLIMIT", value: `${Math.floor(size.memoryMiB * 0.8)}MiB` },
      ...env,
    ],
    ports: [...ports, HEALTH, METRICS],
    mounts: [
      { volume: "configuration", path: CONFIGURATION_FOLDER },
      ...(issuer ? [{ volume: "tls", path: TLS_FOLDER }] : []),
      ...mounts,
    ],
    volumes: {
      configuration: { configMap: name },
      ...(issuer ? { tls: { secret: tlsSecret(name) } } : {}),
      ...volumes,
    },
    restartsOn: [configMap, ...restartsOn],
    readiness: { how: { httpGet: "/status", port: HEALTH.name } },
    // a minute: one that is merely busy, or whose store is, is kept
    liveness: { how: { httpGet: "/status", port: HEALTH.name }, failureThreshold: 6 },
    // the store may have to be asked for its version, and given its schema
    startup: { how: { httpGet: "/status", port: HEALTH.name }, periodSeconds: 5, failureThreshold: 24 },
    scrape: { port: METRICS.name },
  });
  const certificate =
    issuer &&
    platformCertificate({
      namespace: JAEGER_NAMESPACE,
      name,
      labels: objectLabels("jaeger", component),
      dnsNames: [`${name}.${JAEGER_NAMESPACE}.svc`],
      issuer,
    });
  return { ...made, objects: [configMap, ...(certificate ? [certificate] : []), ...made.objects] };
}

/** A ConfigMap of Jaeger's. */
export const jaegerConfigMap = (
  name: string,
  component: string,
  data: Readonly<Record<string, string>>,
): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: JAEGER_NAMESPACE, labels: objectLabels("jaeger", component) },
  data,
});
