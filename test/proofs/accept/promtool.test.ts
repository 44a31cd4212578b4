import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Alert } from "../../../components/alert";
import type { KubeObject } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { promtool } from "../../../proofs/accept/promtool";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../../stacks/environment";
import { render as renderStacks } from "../../../stacks/render";
import { alert, alertReceiver, render } from "../../components/prometheus/rendered";

beforeAll(() => ensureUpstream(), 300_000);

const environment = loadEnvironment("dev", packageRoot());
const built = installedTools().find(({ tool }) => tool === "promtool");

(built ? describe : describe.skip)("promtool (skipped where it is not built)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (objects: readonly KubeObject[]) =>
    promtool.judge(built?.path ?? "", { name: "east", objects, environment, imageRef: (name) => name }, folder);
  const changed = (wrong: Partial<Alert>) => render({}, [{ name: "cart", alerts: [{ ...alert, ...wrong }] }]);

  it("accepts the alerts of every component, and the configuration of Prometheus, on hub and spoke", async () => {
    const clusters = renderStacks(environment);
    for (const name of ["hub", "east"]) {
      const verdicts = await judge([...(clusters.get(name)?.values() ?? [])].flat());
      expect(verdicts.filter(({ message }) => message !== undefined)).toEqual([]);
      const files = verdicts.map(({ file }) => file.split("/").slice(2).join("/"));
      const rules = ["cert-manager", "gatekeeper", "istio", "kube-state-metrics", "node-exporter", "prometheus"];
      expect(files).toEqual(expect.arrayContaining(rules.map((rule) => `PrometheusRule/${rule}`)));
      expect(files).toContain("Prometheus/prometheus");
    }
  });

  it("refuses an alert whose expression does not parse", async () => {
    const refused = (await judge(changed({ expr: "sum by (pod cart_items" }))).filter(({ message }) => message);
    expect(refused).toMatchObject([{ file: "east/prometheus/PrometheusRule/cart" }]);
    expect(refused[0]?.message).toMatch(/parse error/);
  });

  it("refuses a sentence that is no template", async () => {
    const refused = (await judge(changed({ summary: "{{ $labels.pod" }))).filter(({ message }) => message);
    expect(refused.map(({ file }) => file)).toEqual(["east/prometheus/PrometheusRule/cart"]);
  });

  it("refuses what Prometheus would not read of the scrape and alerting configuration", async () => {
    const broken = render({ alertReceiver }).map((object) => {
      if (object.kind !== "Secret") return object;
      const text = Buffer.from(
        (object.data as Record<string, string>)["alertmanagers.yaml"] ?? "",
        "base64",
      ).toString();
      const data = {
        ...(object.data as object),
        "alertmanagers.yaml": Buffer.from(text.replace("scheme", "sheme")).toString("base64"),
      };
      return { ...object, data };
    });
    const refused = (await judge(broken)).filter(({ message }) => message);
    expect(refused).toMatchObject([{ file: "east/prometheus/Prometheus/prometheus" }]);
    expect(refused[0]?.message).toMatch(/sheme/);
  });
});
