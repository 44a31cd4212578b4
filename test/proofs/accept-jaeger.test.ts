import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { jaeger } from "../../proofs/accept/jaeger";
import { installedTools } from "../../sandbox/toolchain/tools";
import { configurationOf, part, type Rendered, required, stores } from "../components/jaeger/rendered";

const built = installedTools().find(({ tool: name }) => name === "jaeger");

(built ? describe : describe.skip)("Jaeger's own program (skipped without jaeger)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (objects: readonly KubeObject[]) =>
    jaeger.judge(built?.path ?? "", { name: "hub", objects, imageRef: () => required.image }, folder);

  it.each(Object.entries(stores))(
    "accepts the configuration of every role with a store of kind %s",
    async (_, store) => {
      expect(await judge(part({ storage: store }).objects)).toEqual(
        ["collector", "query", "sampling"].map((role) => ({ file: `hub/jaeger/jaeger-${role}/${role}` })),
      );
    },
  );

  it.each<[string, string, (file: Rendered) => void, string]>([
    [
      "a misspelt key of a store",
      "query",
      ({ extensions }) => Object.assign(extensions.jaeger_storage.backends.traces.opensearch, { server_url: [] }),
      "server_url",
    ],
    ["a component that it has not", "collector", ({ exporters }) => Object.assign(exporters, { loki: {} }), "loki"],
    [
      "strategies from nowhere",
      "sampling",
      ({ extensions }) => delete extensions.remote_sampling.file,
      "no sampling strategy provider",
    ],
  ])("refuses %s, and names it", async (_, role, change, name) => {
    const file = configurationOf(role, { storage: stores.opensearch });
    change(file);
    const objects = part({ storage: stores.opensearch }).objects.map((object) =>
      object.kind === "ConfigMap" && object.metadata.name === `jaeger-${role}`
        ? { ...object, data: { "config.yaml": stringify(file) } }
        : object,
    );
    const refused = (await judge(objects)).filter(({ message }) => message !== undefined);
    expect(refused.map(({ file: where }) => where.split("/").at(-1))).toEqual([role]);
    expect(refused[0]?.message).toContain(name);
  });
});
