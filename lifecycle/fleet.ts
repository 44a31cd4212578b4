/** The fleet in a table: which clusters, what they are made of, and how they do. */
import Table from "cli-table3";
import type { Environment } from "../stacks/environment";
import type { RenderedFile } from "../stacks/render";

/** One cluster as people and machines read it. */
export interface FleetRow {
  readonly cluster: string;
  readonly role: string;
  readonly cloud: string;
  readonly region: string;
  readonly kubernetes: string;
  readonly zones: number;
  /** Objects that the environment puts there. */
  readonly objects: number;
  /** What the API server says: `ready`, or why not; undefined before it was asked. */
  readonly state?: string;
}

/** One row per cluster of the environment. */
export function fleetRows(
  environment: Environment,
  objects: Readonly<Record<string, number>>,
  states: Readonly<Record<string, string>> = {},
): FleetRow[] {
  return Object.entries(environment.clusters).map(([cluster, { role, cloud, region, kubernetes, zones }]) => ({
    cluster,
    role,
    cloud,
    region,
    kubernetes,
    zones: zones.length,
    objects: objects[cluster] ?? 0,
    ...(states[cluster] === undefined ? {} : { state: states[cluster] }),
  }));
}

/** Objects per cluster. */
export function countByCluster(objects: readonly Pick<RenderedFile, "cluster" | "objects">[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { cluster, objects: some } of objects) counts[cluster] = (counts[cluster] ?? 0) + some;
  return counts;
}

/** The rows for a terminal. */
export function fleetTable(rows: readonly FleetRow[]): string {
  const withState = rows.some(({ state }) => state !== undefined);
  return plainTable(
    ["cluster", "role", "cloud", "region", "zones", "kubernetes", "objects", ...(withState ? ["state"] : [])],
    rows.map(({ cluster, role, cloud, region, zones, kubernetes, objects, state = "" }) => [
      ...[cluster, role, cloud, region, String(zones), kubernetes, String(objects)],
      ...(withState ? [state] : []),
    ]),
  );
}

/** A table without lines: columns two blanks apart, as kubectl prints them. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const nothing = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
  };
  const inside = {
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
  };
  const table = new Table({
    chars: { ...nothing, ...inside },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    head: head.map((name) => name.toUpperCase()),
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
