/** Where the spokes of an environment bring their telemetry. */
import type { Environment } from "./environment";

/** What of the hub takes telemetry of spokes, each by a load balancer of its own. */
export type IngestService = "otlp" | "thanos" | "alertmanager";

/** Every name that the hub is reached by. */
export const INGEST_SERVICES: readonly IngestService[] = ["otlp", "thanos", "alertmanager"];

/** DNS name of one of the hub's load balancers, `<service>.<hub.ingestDomain>`; its certificate is made out to it. */
export const ingestHost = ({ hub, name }: Pick<Environment, "hub" | "name">, service: IngestService): string =>
  `${service}.${hub.ingestDomain ?? `ingest.${name}.internal`}`;
