import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { programs } from "../../proofs/accept";
import { containersOf } from "../../proofs/accept/container";
import { judged } from "../../proofs/accept/judge";
import { otelcol } from "../../proofs/accept/otelcol";
import type { FileVerdict, Program } from "../../proofs/accept/program";
import { isSameMinor, linesOf } from "../../proofs/accept/report";
import { readToolchain } from "../../sandbox/toolchain/lock";
import { installedTools } from "../../sandbox/toolchain/tools";
import { loadEnvironment, parseEnvironment } from "../../stacks/environment";
import { backends, configurationOf, render, required } from "../components/opentelemetry-collector/rendered";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

const dev = () => loadEnvironment("dev", packageRoot());
/** Its clusters with little on them: for programs that judge nothing of it. */
const fleet = () =>
  parseEnvironment(stringify(sandboxEnvironment("hub", "east", "west")), "environments/dev.yaml", packageRoot());
const saying = (verdicts: (cluster: string) => FileVerdict[]): Program => ({
  tool: "judge",
  image: "opentelemetry-collector",
  judge: async (_, { name }) => verdicts(name),
});
const tool = { tool: "judge", version: "0.152.7", path: "/bin/judge" };

describe("a report of what programs accept", () => {
  it("counts the files of all clusters, and says whose version judged", async () => {
    const report = await judged(fleet(), [saying((name) => [{ file: `${name}/a` }, { file: `${name}/b` }])], [tool]);
    expect(report).toEqual({
      environment: "dev",
      programs: [
        {
          name: "judge",
          version: "0.152.7",
          deployed: "0.152.0",
          validatedBy: "judge 0.152.7",
          sameMinor: true,
          files: 6,
          accepted: true,
          message: "accepts every file",
        },
      ],
      skipped: [],
      summary: { accepted: 1, refused: 0, skipped: 0 },
    });
  });

  it("is a refusal once a single file is refused, and says which and why", async () => {
    const program = saying((name) => [
      { file: `${name}/a` },
      ...(name === "east" ? [{ file: "east/b", message: "no" }] : []),
    ]);
    const report = await judged(fleet(), [program], [tool]);
    expect(report.programs[0]).toMatchObject({ files: 4, accepted: false, message: "east/b: no" });
    expect(report.summary).toEqual({ accepted: 0, refused: 1, skipped: 0 });
    expect(linesOf(report)[0]).toBe("REFUSED   judge 0.152.7: 4 files\neast/b: no");
  });

  it("names a program that is not on this machine, and one that judged nothing: neither has accepted anything", async () => {
    const report = await judged(fleet(), [saying(() => [])], [tool]);
    const absent = await judged(fleet(), [saying(() => [])], []);
    expect([report, absent].map(({ programs: ran, skipped, summary }) => [ran, skipped[0]?.name, summary])).toEqual(
      [report, absent].map(() => [[], "judge", { accepted: 0, refused: 0, skipped: 1 }]),
    );
    expect(linesOf(absent)).toEqual([
      "skipped   judge: not built here: `npm run accept` without --no-build builds it",
      "0 accepted, 0 refused, 1 skipped",
    ]);
  });

  it("calls it partly proved where another minor version is deployed", async () => {
    const report = await judged(fleet(), [saying(() => [{ file: "a" }])], [{ ...tool, version: "0.151.0" }]);
    expect(linesOf(report)[0]).toBe("partly    judge 0.151.0, deployed is 0.152.0: 3 files");
    expect([isSameMinor("v3.13.5", "3.13.0"), isSameMinor("3.1.0", "3.13.0"), isSameMinor("main", "main")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("has every program of the set that only checks", () => {
    // it judges nothing without an API server: prometheus.cluster.test.ts runs it at one
    const isRunByTest = (name: string) => name === "prometheus-operator";
    const set = readToolchain().tools.filter((pinned) => pinned.set === "accept" && !isRunByTest(pinned.name));
    // one program may judge several kinds of files, each by an entry of its own; gator, last, is here for `policy test` too
    expect([...new Set(programs.map((program) => program.tool))]).toEqual([...set.map(({ name }) => name), "gator"]);
    expect(new Set(programs).size).toBe(programs.length);
  });
});

describe("a rendered container", () => {
  it("has its arguments, its variables, and the files of its ConfigMaps", () => {
    const image = required.management.kind === "managed" ? required.management.image : "";
    const found = containersOf(render(), image);
    expect(found.map(({ name }) => name)).toEqual([
      "opentelemetry-agent/opentelemetry-agent/agent",
      "opentelemetry/opentelemetry-gateway/gateway",
      "opentelemetry/opentelemetry-sampler/sampler",
    ]);
    expect(found[0]?.args).toEqual(["--config=/etc/otelcol/config.yaml"]);
    expect(found[0]?.env).toEqual({ POD_IP: "127.0.0.1", GOMEMLIMIT: "204MiB", NODE_NAME: "node-0" });
    expect([...(found[0]?.files.keys() ?? [])]).toEqual(["/etc/otelcol/config.yaml"]);
    expect(containersOf(render(), "another")).toEqual([]);
  });
});

const built = installedTools().find(({ tool: name }) => name === "otelcol");

(built ? describe : describe.skip)("the collector's own program (skipped without otelcol)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const image = required.management.kind === "managed" ? required.management.image : "";
  const judge = (objects: readonly KubeObject[]) =>
    otelcol.judge(built?.path ?? "", { name: "hub", objects, imageRef: () => image }, folder);
  /** The render with another configuration of one collector. */
  const changed = (which: string, change: (file: ReturnType<typeof configurationOf>) => void) => {
    const file = configurationOf(which, { backends });
    change(file);
    return render({ backends }).map((object) =>
      object.kind === "ConfigMap" && object.metadata.name === `opentelemetry-${which}`
        ? { ...object, data: { "config.yaml": stringify(file) } }
        : object,
    );
  };

  it("accepts every configuration of the dev environment", async () => {
    const { programs: ran } = await judged(dev(), [otelcol]);
    expect(ran).toMatchObject([{ name: "otelcol", files: 9, accepted: true, sameMinor: true }]);
  });

  it.each<[string, Parameters<typeof render>[0]]>([
    ["with a store of each signal, each by another protocol", { backends }],
    ["without tenants", { backends, tenants: [] }],
    ["with tenants whose names look like other things", { backends, tenants: ["null", "0x1f", "123", "on", "1e3"] }],
    ["with metrics over OTLP", { backends: { metrics: { ...backends.logs, protocol: "otlp_http" } } }],
  ])("accepts every configuration %s", async (_, args) => {
    expect(await judge(render(args))).toEqual(
      [
        "opentelemetry-agent/opentelemetry-agent/agent",
        "opentelemetry/opentelemetry-gateway/gateway",
        "opentelemetry/opentelemetry-sampler/sampler",
      ].map((name) => ({ file: `hub/${name}` })),
    );
  });

  it.each<[string, string, (file: ReturnType<typeof configurationOf>) => void, string]>([
    [
      "a misspelt key",
      "agent",
      ({ processors }) => Object.assign(processors.k8s_attributes, { wait_for_metdata: true }),
      "wait_for_metdata",
    ],
    [
      "a component that is not in the distribution",
      "gateway",
      (file) => Object.assign(file.exporters, { kafka: {} }),
      "kafka",
    ],
    [
      "a pipeline whose exporter is nowhere defined",
      "gateway",
      ({ exporters }) => delete exporters.loadbalancing,
      "loadbalancing",
    ],
    [
      "a route to a pipeline that does not exist",
      "sampler",
      ({ service }) => delete service.pipelines["traces/shop"],
      "traces/shop",
    ],
    [
      "a route whose condition cannot be read",
      "sampler",
      ({ connectors }) =>
        Object.assign(connectors["routing/traces"].table[0], { condition: 'attributes["tenant_id" ==' }),
      "statement has invalid syntax",
    ],
  ])("refuses %s, and names it", async (_, which, change, name) => {
    const refused = (await judge(changed(which, change))).filter(({ message }) => message !== undefined);
    expect(refused.map(({ file }) => file.split("/").at(-1))).toEqual([which]);
    expect(refused[0]?.message).toContain(name);
  });
});
