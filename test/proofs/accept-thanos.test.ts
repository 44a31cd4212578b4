import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { GRAFANA_ALERTS } from "../../components/grafana/alerts";
import { dashboardQueries } from "../../components/grafana/dashboards";
import type { KubeObject } from "../../components/kube-object";
import { THANOS_ALERTS } from "../../components/thanos/alerts";
import { thanos } from "../../proofs/accept/thanos";
import { installedTools } from "../../sandbox/toolchain/tools";
import { file, part, type Rendered, required, s3, WORKLOADS } from "../components/thanos/rendered";

const built = installedTools().find(({ tool }) => tool === "thanos");

(built ? describe : describe.skip)("Thanos' own program (skipped without thanos)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (objects: readonly KubeObject[]) =>
    thanos.judge(built?.path ?? "", { name: "hub", objects, imageRef: () => required.image }, folder);
  const refused = async (objects: readonly KubeObject[]) =>
    (await judge(objects)).filter(({ message }) => message !== undefined);

  const names = (...more: string[]) =>
    Object.keys(WORKLOADS)
      .map((name) => `hub/thanos/${name}/${name.replace("thanos-", "")}`)
      .concat(more.map((each) => `hub/thanos/${each}`))
      .sort();

  it("accepts every command line, object store and rule file of a sandbox", async () => {
    const verdicts = await judge(part().objects);
    expect(verdicts.filter(({ message }) => message)).toEqual([]);
    expect(verdicts.map((each) => each.file).sort()).toEqual(
      names("thanos-store/store/object-store", "thanos-compact/compact/object-store", "thanos-rule/rule/rules"),
    );
  });

  it("accepts every one with a bucket and spokes", async () => {
    const verdicts = await judge(part(s3).objects);
    expect(verdicts.filter(({ message }) => message)).toEqual([]);
    expect(verdicts).toHaveLength(12);
  });

  /** The render with other arguments of one workload. */
  const withFlags = (name: string, change: (flags: string[]) => string[]) =>
    part().objects.map((object) => {
      if (object.kind !== WORKLOADS[name] || object.metadata.name !== name) return object;
      const copy: Rendered = structuredClone(object);
      const container = copy.spec.template.spec.containers[0];
      container.args = change(container.args);
      return copy;
    });
  const withFile = (name: string, key: string, value: object, args = {}) =>
    part(args).objects.map((object) =>
      object.kind === "ConfigMap" && object.metadata.name === name
        ? { ...object, data: { ...(object.data as object), [key]: stringify(value) } }
        : object,
    );

  it.each(Object.keys(WORKLOADS))("refuses a misspelt flag, and names it: %s", async (name) => {
    const [only, ...others] = await refused(withFlags(name, (flags) => [...flags, "--web.disable-corz"]));
    expect(others).toEqual([]);
    expect(only?.file).toContain(`hub/thanos/${name}/`);
    expect(only?.message).toContain("unknown long flag '--web.disable-corz'");
  });

  it("refuses a value that a flag cannot have", async () => {
    const changed = withFlags("thanos-compact", (flags) =>
      flags.map((flag) => flag.replace("--retention.resolution-raw=30d", "--retention.resolution-raw=30 days")),
    );
    expect(await refused(changed)).toMatchObject([{ message: expect.stringContaining('unknown unit " days"') }]);
  });

  it("refuses a misspelt field of the object store", async () => {
    const { config, ...rest } = file("thanos-store", "object-store.yaml", s3);
    const changed = withFile("thanos-store", "object-store.yaml", { ...rest, config: { ...config, regoin: "x" } }, s3);
    expect(await refused(changed)).toMatchObject([
      { file: "hub/thanos/thanos-store/store/object-store", message: expect.stringContaining("regoin") },
    ]);
  });

  it("refuses a rule whose expression cannot be read", async () => {
    const { groups } = file("thanos-rule", "rules.yaml");
    groups[0].rules[0].expr = "absent(up{";
    expect(await refused(withFile("thanos-rule", "rules.yaml", { groups }))).toMatchObject([
      { file: "hub/thanos/thanos-rule/rule/rules", message: expect.stringContaining("parse error") },
    ]);
  });

  it("reads every query of the dashboards, and every alert of Thanos and Grafana", async () => {
    const alerts = [...THANOS_ALERTS, ...GRAFANA_ALERTS].map(({ expr, name }) => ({ where: name, expr }));
    const queries = [...dashboardQueries(), ...alerts];
    const rules = (all: typeof queries) => ({
      groups: [{ name: "queries", rules: all.map(({ expr }, index) => ({ record: `query_${index}`, expr })) }],
    });
    expect(queries.length).toBeGreaterThan(50);
    expect(await refused(withFile("thanos-rule", "rules.yaml", rules(queries)))).toEqual([]);
    const wrong = [...queries, { where: "wrong", expr: "sum by cluster (up)" }];
    expect(await refused(withFile("thanos-rule", "rules.yaml", rules(wrong)))).toHaveLength(1);
  });
});
