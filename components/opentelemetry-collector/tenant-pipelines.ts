/**
 * The end of a signal's way: one pipeline per tenant, so that what one tenant's store refuses fills that tenant's queue.
 *
 *     intake ──▶ routing by tenant_id ─┬─▶ pipeline of a tenant  ──▶ exporter with its header and its queue
 *                                      ├─▶ …
 *                                      └─▶ pipeline of the platform: what no tenant's pod sent
 */

import { PLATFORM_TENANT, TENANT_ATTRIBUTE } from "../tenant";
import { type Backend, exporterTo } from "./backends";
import type { Configuration, Pipeline, Signal } from "./configuration";

/** How much of a pod's memory all of its sending queues may fill: a quarter, far below what `memory_limiter` refuses at. */
const SHARE_OF_QUEUES = 0.25;

/** The least that a queue holds: about one batch of 8192 spans at half a KiB each. */
const LEAST_QUEUE_MIB = 4;

/** How much each of so many queues holds, MiB. */
export function queueMiB(memoryMiB: number, queues: number): number {
  return Math.max(LEAST_QUEUE_MIB, Math.floor((memoryMiB * SHARE_OF_QUEUES) / Math.max(queues, 1)));
}

/** The first part of a way, which all tenants' telemetry passes through. */
export type Intake = Omit<Pipeline, "exporters">;

/**
 * The pipelines of one signal from its intakes to its store. Without a store the intakes end in `nop`: it is counted in
 * the collector's own metrics and dropped. `debug` would print it, agents would read what it prints as a log, and send it.
 *
 * @param intakes by the name of their pipeline; no tenant has a name with a dot
 * @param mebibytes the most that one tenant's queue holds
 */
export function tenantPipelines(
  signal: Signal,
  intakes: Readonly<Record<string, Intake>>,
  tenants: readonly string[],
  backend: Backend | undefined,
  mebibytes: number,
): Pick<Configuration, "connectors" | "exporters" | "pipelines"> {
  const leadingTo = (exporter: string) =>
    Object.fromEntries(Object.entries(intakes).map(([name, intake]) => [name, { ...intake, exporters: [exporter] }]));
  if (backend === undefined) return { exporters: { nop: {} }, pipelines: leadingTo("nop") };
  const owners = [...tenants, PLATFORM_TENANT];
  const exporters = new Map(
    owners.map((owner) => {
      const { settings, type } = exporterTo(backend, owner, mebibytes);
      return [owner, { name: `${type}/${signal}-${owner}`, settings }];
    }),
  );
  const ofOwner = (owner: string) => exporters.get(owner)?.name ?? "";
  const made = Object.fromEntries([...exporters.values()].map(({ name, settings }) => [name, settings]));
  // a routing table must not be empty
  if (tenants.length === 0) return { exporters: made, pipelines: leadingTo(ofOwner(PLATFORM_TENANT)) };
  const router = `routing/${signal}`;
  const route = (tenant: string) => ({
    context: "resource",
    condition: `attributes["${TENANT_ATTRIBUTE}"] == "${tenant}"`,
    pipelines: [`${signal}/${tenant}`],
  });
  return {
    connectors: { [router]: { default_pipelines: [`${signal}/${PLATFORM_TENANT}`], table: tenants.map(route) } },
    exporters: made,
    pipelines: {
      ...leadingTo(router),
      ...Object.fromEntries(
        owners.map((owner) => [
          `${signal}/${owner}`,
          { receivers: [router], processors: [], exporters: [ofOwner(owner)] },
        ]),
      ),
    },
  };
}
