/** From an environment to the collectors of one of its clusters. */
import type { OpenTelemetryCollectorArgs } from "../components/opentelemetry-collector";
import type { Ingest } from "../components/opentelemetry-collector/ingest";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";
import { platformIssuer } from "./sandbox-controllers";
import { telemetryBackends } from "./telemetry-backends";

/**
 * @param tenants those of the cluster
 * @param senders namespaces of the cluster whose pods send telemetry
 * @param image reference of an image of the lock, by its name
 */
export function openTelemetryCollectorArgs(
  environment: Environment,
  name: string,
  tenants: readonly string[],
  senders: readonly string[],
  image: (of: string) => string,
): OpenTelemetryCollectorArgs {
  const { ingest: _, management, ...settings } = environment.components.openTelemetryCollector;
  const ingest = ingestOf(environment, name);
  return {
    ...settings,
    environment: environment.name,
    cluster: name,
    management:
      management === "managed" ? { kind: "managed", image: image("opentelemetry-collector") } : { kind: "external" },
    issuer: platformIssuer(environment),
    tenants,
    senders,
    backends: telemetryBackends(environment, name),
    ...(ingest ? { ingest } : {}),
  };
}

/** The hub's way in; undefined where nobody comes by it. */
function ingestOf(environment: Environment, name: string): Ingest | undefined {
  const { clusters, components, tenants } = environment;
  if (clusters[name]?.role !== "hub" || Object.keys(clusters).length === 1) return undefined;
  const { serviceAnnotations, sourceRanges } = components.openTelemetryCollector.ingest;
  return { host: ingestHost(environment, "otlp"), serviceAnnotations, sourceRanges, tenants: Object.keys(tenants) };
}
