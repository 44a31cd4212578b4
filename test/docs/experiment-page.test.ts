/** The commands of docs/how-to/run-an-experiment.md, on what is rendered: no controller of Chaos Mesh runs in a sandbox. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { experiment } from "../../components/experiment";
import type { KubeObject } from "../../components/kube-object";
import { definitionOf } from "../components/chaos-mesh/published";
import { render } from "../components/chaos-mesh/rendered";
import { declared } from "../components/experiment/declared";
import { documentedCommands } from "../support/documented-commands";
import { START_AN_EXPERIMENT } from "./command-runs";

const NAME = "checkout-network-delay";
const schedule = experiment({ ...declared, name: NAME });
const commands = documentedCommands()
  .map(({ command }) => command)
  .filter((command) => command.startsWith("kubectl -n chaos-mesh "));

describe("the page of experiments", () => {
  it("names kinds and objects that are there", () => {
    const objects = [...render(), schedule] as readonly KubeObject[];
    const names = objects
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .flatMap((definition) => [definitionOf(definition).names.plural, definitionOf(definition).names.kind])
      .map((name) => String(name).toLowerCase());
    const asked = commands.map((command) => /(?:get|annotate) (\S+)/.exec(command)?.[1]).filter((kind) => kind);
    expect(asked).toHaveLength(6);
    expect(asked.filter((kind) => !names.includes(String(kind)))).toEqual([]);

    expect(schedule.metadata).toMatchObject({ namespace: "chaos-mesh", name: NAME });
    const [, service, port] =
      /service\/(\S+) (\d+)$/.exec(commands.find((each) => each.includes("forward")) ?? "") ?? [];
    const found = objects.find(({ kind, metadata }) => kind === "Service" && metadata.name === service);
    expect(found?.metadata.namespace).toBe("chaos-mesh");
    expect(found?.spec).toMatchObject({
      ports: expect.arrayContaining([expect.objectContaining({ port: Number(port) })]),
    });
  });
});

const jq = spawnSync("jq", ["--version"]).status === 0;

(jq ? describe : describe.skip)("the page of experiments (skipped without jq)", () => {
  it("makes a Workflow of the Schedule, which can be aborted", () => {
    const folder = mkdtempSync(join(tmpdir(), "fw-experiment-"));
    try {
      // answers what is rendered, and prints what it is to create
      writeFileSync(join(folder, "schedule.json"), JSON.stringify(schedule));
      writeFileSync(
        join(folder, "kubectl"),
        `#!/bin/sh\nif [ "$1" = create ]; then cat; else cat ${join(folder, "schedule.json")}; fi\n`,
        { mode: 0o755 },
      );
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
      const { stdout } = spawnSync("sh", ["-c", START_AN_EXPERIMENT], { env, encoding: "utf8" });
      expect(JSON.parse(stdout)).toEqual({
        apiVersion: schedule.apiVersion,
        kind: "Workflow",
        metadata: {
          name: expect.stringMatching(/^checkout-network-delay-\d+$/),
          namespace: "chaos-mesh",
          labels: schedule.metadata.labels,
          annotations: { "workflow.chaos-mesh.org/abort": "false" },
        },
        spec: (schedule.spec as { readonly workflow: object }).workflow,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
