/**
 * Dashboards as values: rows of panels, each a question in PromQL. What Grafana reads is made from them, and so is the list
 * of all queries that tests and programs judge.
 *
 * @see https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
 */
/** How a number is written: Grafana's own names of units. */
export type Unit = "short" | "percentunit" | "bytes" | "s" | "reqps" | "ops";

/** One line of a panel. */
export interface Query {
  /** PromQL; `$cluster` and `$__rate_interval` are Grafana's to fill in. */
  readonly expr: string;
  /** What a line is called; may name labels as `{{pod}}`. */
  readonly legend: string;
}

/** One question, with its answer over time, or the last one as a number. */
export interface Panel {
  readonly title: string;
  /** What it tells, and what to do when it does not look right; one or two sentences. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** @default line */
  readonly shows?: "line" | "number";
  /** From here on it is drawn in red. @default none */
  readonly alarmingFrom?: number;
}

export interface Dashboard {
  /** DNS label: its file, and the end of its identifier. */
  readonly name: string;
  readonly title: string;
  /** What it is for, one sentence. */
  readonly description: string;
  /** A series that every cluster of the dashboard has: its label `cluster` fills the choice of clusters. */
  readonly clustersOf: string;
  /** Rows from top to bottom, each of panels from left to right, 1–4. */
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

/** Columns of Grafana's grid, and how high a row of panels is. */
const COLUMNS = 24;
const HEIGHT = 8;

/** Identifier of a dashboard, which links and bookmarks keep. */
export const dashboardUid = ({ name }: Pick<Dashboard, "name">) => `fleetwright-${name}`;

/** What Grafana fills in, filled in: so that a parser of PromQL can read it. */
const FILLED_IN: readonly (readonly [string, string])[] = [
  ["$__rate_interval", "5m"],
  ["$cluster", ".*"],
];

/** A query as a parser of PromQL reads it, and where it stands. */
export interface PlacedQuery {
  /** `dashboard/panel`. */
  readonly where: string;
  readonly expr: string;
}

/** Every query of the dashboards, in their order. */
export function queriesOf(dashboards: readonly Dashboard[]): PlacedQuery[] {
  return dashboards.flatMap(({ name, rows }) =>
    rows
      .flatMap(({ panels }) => panels)
      .flatMap(({ queries, title }) =>
        queries.map(({ expr }) => ({ where: `${name}/${title}`, expr: filledIn(expr) })),
      ),
  );
}

const filledIn = (expr: string) => FILLED_IN.reduce((all, [name, value]) => all.replaceAll(name, value), expr);

/**
 * A dashboard as Grafana reads it.
 *
 * @param sourceUid identifier of the source that its panels ask
 */
export function dashboardJson(dashboard: Dashboard, sourceUid: string): object {
  const { clustersOf, description, rows, title } = dashboard;
  const source = { type: "prometheus", uid: sourceUid };
  return {
    uid: dashboardUid(dashboard),
    title,
    description,
    tags: ["fleetwright"],
    // the model that Grafana has read since version 10, and turns into its own when it is opened
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    time: { from: "now-6h", to: "now" },
    refresh: "1m",
    timezone: "browser",
    templating: { list: [clusterChoice(clustersOf, source)] },
    panels: placed(rows, source),
  };
}

interface SourceReference {
  readonly type: string;
  readonly uid: string;
}

function clusterChoice(series: string, source: SourceReference): object {
  const query = `label_values(${series}, cluster)`;
  return {
    name: "cluster",
    label: "Cluster",
    type: "query",
    datasource: source,
    definition: query,
    query: { query, refId: "clusters" },
    includeAll: true,
    multi: true,
    allValue: ".*",
    current: { text: "All", value: "$__all" },
    refresh: 2,
    sort: 1,
  };
}

function placed(rows: Dashboard["rows"], source: SourceReference): object[] {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ panels, title }) => {
    id += 1;
    const row = { id, type: "row", title, collapsed: false, panels: [], gridPos: { h: 1, w: COLUMNS, x: 0, y } };
    const width = COLUMNS / panels.length;
    const shown = panels.map((panel, index) => {
      id += 1;
      return panelJson(panel, id, { h: HEIGHT, w: width, x: index * width, y: y + 1 }, source);
    });
    y += 1 + HEIGHT;
    return [row, ...shown];
  });
}

function panelJson(panel: Panel, id: number, gridPos: object, source: SourceReference): object {
  const { alarmingFrom, description, queries, shows = "line", title, unit } = panel;
  const alarming = alarmingFrom === undefined ? [] : [{ color: "red", value: alarmingFrom }];
  return {
    id,
    type: shows === "line" ? "timeseries" : "stat",
    title,
    description,
    datasource: source,
    gridPos,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        thresholds: { mode: "absolute", steps: [{ color: "green", value: null }, ...alarming] },
        ...(shows === "line" && alarmingFrom !== undefined ? { custom: { thresholdsStyle: { mode: "line" } } } : {}),
      },
      overrides: [],
    },
    options:
      shows === "line"
        ? { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } }
        : { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value", graphMode: "area" },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: source,
      expr,
      legendFormat: legend,
      ...(shows === "number" ? { instant: true, range: false } : {}),
    })),
  };
}
