/** The abort's query, evaluated by Prometheus' own engine: no result while the experiment may go on, an error once it must end. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { execa } from "execa";
import { stringify } from "yaml";
import { abortExpression } from "../../../components/experiment/abort";
import { installedTools } from "../../../sandbox/toolchain/tools";

const promtool = installedTools().find(({ tool }) => tool === "promtool");

(promtool ? describe : describe.skip)("the abort's query in Prometheus (skipped without promtool)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-abort-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, Record<string, string>, string, boolean]>([
    ["below its threshold", { 'bad{a="b"}': "0.1x9" }, "bad", false],
    ["at its threshold", { bad: "0.5x9" }, "bad", false],
    ["above its threshold", { bad: "0.51x9" }, "bad", true],
    ["not known", { other: "1x9" }, 'bad{a="b"}', true],
    ["no number, for nothing happened", { bad: "0x9", all: "0x9" }, "rate(bad[2m]) / rate(all[2m])", true],
  ])("%s", async (name, series, query, ends) => {
    const file = join(folder, `${name.replaceAll(/[^a-z]/g, "-")}.yaml`);
    const test = {
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: Object.entries(series).map(([each, values]) => ({ series: each, values })),
          promql_expr_test: [{ expr: abortExpression({ query, threshold: 0.5 }), eval_time: "5m", exp_samples: [] }],
        },
      ],
    };
    writeFileSync(file, stringify(test));
    const { all, failed } = await execa(promtool?.path ?? "", ["test", "rules", file], { all: true, reject: false });
    expect(failed).toBe(ends);
    if (ends) expect(all).toContain("many-to-many matching not allowed");
  });
});
