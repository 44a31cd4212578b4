import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { loki } from "../../proofs/accept/loki";
import { installedTools } from "../../sandbox/toolchain/tools";
import { configurationOf, inFolder, part, type Rendered, required } from "../components/loki/rendered";

const built = installedTools().find(({ tool: name }) => name === "loki");

(built ? describe : describe.skip)("Loki's own program (skipped without loki)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (objects: readonly KubeObject[]) =>
    loki.judge(built?.path ?? "", { name: "hub", objects, imageRef: () => required.image }, folder);
  const withData = (name: string, data: object) =>
    part().objects.map((object) =>
      object.kind === "ConfigMap" && object.metadata.name === name ? { ...object, data } : object,
    );

  it.each<[string, Parameters<typeof part>[0]]>([
    ["with a bucket", {}],
    [
      "with a bucket of another cloud",
      { objectStore: { kind: "s3", bucket: "b-b", region: "r", endpoint: "minio.example:9000" } },
    ],
    ["with a folder", inFolder],
  ])("accepts the configuration %s", async (_, args) => {
    expect(await judge(part(args).objects)).toEqual([{ file: "hub/loki/loki/all" }]);
  });

  it("accepts the limits of each tenant, be it named as other things are", async () => {
    const tenants = { shop: { retentionDays: 90 }, "123": { ingestionMegabytesPerSecond: 100 }, null: {} };
    expect(await judge(part({ tenants }).objects)).toEqual([
      { file: "hub/loki/loki/all" },
      { file: "hub/loki/loki/all/overrides/123" },
      { file: "hub/loki/loki/all/overrides/shop" },
      { file: "hub/loki/loki/all/overrides/null" },
    ]);
  });

  it.each<[string, (file: Rendered) => void, string]>([
    [
      "a misspelt key",
      ({ limits_config }) => Object.assign(limits_config, { retention_perod: "24h" }),
      "retention_perod",
    ],
    [
      "an index that is no more",
      ({ schema_config }) => Object.assign(schema_config.configs[0], { store: "boltdb" }),
      "tsdb",
    ],
    ["a store that nobody knows", ({ storage_config }) => Object.assign(storage_config.object_store, { s4: {} }), "s4"],
  ])("refuses %s, and names it", async (_, change, name) => {
    const file = configurationOf();
    change(file);
    const [verdict] = await judge(withData("loki", { "config.yaml": stringify(file) }));
    expect(verdict?.message).toContain(name);
  });

  it("refuses a tenant's limit that there is not, and names both", async () => {
    const overrides = stringify({ overrides: { shop: { retention_perod: "24h" } } });
    const verdicts = await judge(withData("loki-overrides", { "overrides.yaml": overrides }));
    expect(verdicts.map(({ file, message }) => [file, message?.includes("retention_perod")])).toEqual([
      ["hub/loki/loki/all", undefined],
      ["hub/loki/loki/all/overrides/shop", true],
    ]);
  });
});
