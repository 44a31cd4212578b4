/** Where the spokes of an environment bring their telemetry. */
import type { Environment } from "./environment";

/** DNS name of the hub's load balancer for telemetry; certificates of the hub's ends are made out to it. */
export const ingestHost = ({ hub, name }: Pick<Environment, "hub" | "name">): string =>
  hub.ingestHost ?? `ingest.${name}.internal`;
