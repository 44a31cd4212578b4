import { describe, expect, it } from "@jest/globals";
import { dashboardUid, queriesOf } from "../../../components/grafana/dashboard";
import { DASHBOARDS, dashboardFiles, dashboardQueries } from "../../../components/grafana/dashboards";
import { datasources, find, part, type Rendered } from "./rendered";

const read = (): Rendered[] =>
  Object.values(find(part().objects, "ConfigMap/grafana-dashboards").data as Record<string, string>).map((text) =>
    JSON.parse(text),
  );

describe("dashboards", () => {
  it("have identifiers of their own, which links keep", () => {
    expect(DASHBOARDS.map(dashboardUid)).toEqual([
      "fleetwright-cluster-overview",
      "fleetwright-collector-pipelines",
      "fleetwright-istio-control-plane",
      "fleetwright-metrics-storage",
    ]);
    // the longest that Grafana takes
    for (const dashboard of DASHBOARDS) expect(dashboardUid(dashboard).length).toBeLessThanOrEqual(40);
  });

  it("ask a source that there is", () => {
    const uids = datasources().map(({ uid }) => uid);
    const asked = new Set(
      read().flatMap(({ panels, templating }) =>
        [...panels, ...templating.list]
          .flatMap((each: Rendered) => [
            each.datasource,
            ...(each.targets ?? []).map((target: Rendered) => target.datasource),
          ])
          .flatMap((source: Rendered) => source?.uid ?? []),
      ),
    );
    expect([...asked]).toEqual(["metrics-platform"]);
    expect(uids).toContain("metrics-platform");
  });

  it("say of each panel what it tells, in what unit, and ask something", () => {
    const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
    expect(panels.length).toBeGreaterThan(30);
    expect(panels.filter(({ description, queries }) => !description.endsWith(".") || queries.length === 0)).toEqual([]);
  });

  it("lay their panels out beside one another, none over another", () => {
    for (const { panels, title } of read()) {
      const cells = panels.flatMap(({ gridPos: { h, w, x, y } }: Rendered) =>
        Array.from({ length: h * w }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
      );
      expect([title, new Set(cells).size]).toEqual([title, cells.length]);
      expect(panels.every(({ gridPos: { w, x } }: Rendered) => Number.isInteger(w) && x + w <= 24)).toBe(true);
      expect(new Set(panels.map(({ id }: Rendered) => id)).size).toBe(panels.length);
    }
  });

  it("let a cluster be chosen, and ask nothing that does not heed it", () => {
    for (const { templating } of read()) {
      expect(templating.list).toMatchObject([{ name: "cluster", multi: true, includeAll: true }]);
    }
    const heedless = DASHBOARDS.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))
      .flatMap(({ queries }) => queries)
      .filter(({ expr }) => !expr.includes('cluster=~"$cluster"'));
    expect(heedless).toEqual([]);
  });

  it("name in a legend only what the query leaves of its labels", () => {
    const all = DASHBOARDS.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels)).flatMap(
      ({ queries }) => queries,
    );
    for (const { expr, legend } of all) {
      const grouped = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, labels]) => labels?.split(", ") ?? []);
      const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      if (grouped.length > 0)
        expect({ expr, lost: named.filter((label) => !grouped.includes(label ?? "")) }).toEqual({ expr, lost: [] });
    }
  });

  it("list every query, with what Grafana fills in filled in", () => {
    const queries = dashboardQueries();
    const panels = read().flatMap(({ panels: all }) => all.flatMap(({ targets = [] }: Rendered) => targets));
    expect(queries).toHaveLength(panels.length);
    expect(queries.filter(({ expr }) => expr.includes("$"))).toEqual([]);
    const [dashboard] = DASHBOARDS;
    expect(queriesOf(dashboard ? [dashboard] : [])[0]).toEqual({
      where: "cluster-overview/Nodes that are not ready",
      expr: 'sum by (cluster) (kube_node_status_condition{cluster=~".*",condition="Ready",status!="true"})',
    });
  });

  it("are small enough for one ConfigMap", () => {
    const bytes = Object.values(dashboardFiles("metrics-platform")).reduce((sum, text) => sum + text.length, 0);
    // a ConfigMap holds 1 MiB
    expect(bytes).toBeLessThan(200_000);
  });
});
