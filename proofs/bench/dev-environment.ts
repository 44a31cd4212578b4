/** The real dev environment on its three clusters, timed in phases. There is nothing like it to compare it with. */
import { judgeEnvironment } from "../../lifecycle/judgement";
import { renderedFiles } from "../../stacks/render";
import type { BenchProject, EngineRun } from "./project";
import type { Schedule } from "./schedule";

export interface DevEnvironment {
  /** Objects of all clusters. */
  readonly objects: number;
  /** Starting three empty control planes; the tools are at hand. */
  readonly clustersSeconds: number;
  readonly renderSeconds: number;
  readonly judgeSeconds: number;
  readonly up: EngineRun;
  readonly preview: EngineRun;
  readonly destroy: EngineRun;
}

/** What it takes on two idle cores. */
const COST = { clusters: 25, render: 1, judge: 1, up: 40, preview: 13, destroy: 35 } as const;

export const DEV_EXPECTED_SECONDS = Object.values(COST).reduce((sum, seconds) => sum + seconds, 0);

/** Measures the dev environment in a project whose sandbox is not up yet; it is up and empty afterwards. */
export async function timeDevEnvironment(project: BenchProject, schedule: Schedule): Promise<DevEnvironment> {
  const timed = async <T>(name: keyof typeof COST, work: () => Promise<T>): Promise<{ result: T; seconds: number }> => {
    const run = async () => {
      const began = performance.now();
      const result = await work();
      return { result, seconds: (performance.now() - began) / 1000 };
    };
    return schedule.step(`dev environment: ${name}`, COST[name], run, ({ seconds }) => `${seconds.toFixed(1)} s`);
  };
  const clusters = await timed("clusters", () => project.start());
  const environment = clusters.result;
  const render = await timed("render", async () => renderedFiles(environment));
  const judge = await timed("judge", async () => judgeEnvironment(environment));
  const up = await timed("up", () => project.pulumi(["up", "--yes", "--skip-preview"]));
  const preview = await timed("preview", () => project.pulumi(["preview", "--expect-no-changes"]));
  const destroy = await timed("destroy", () => project.pulumi(["destroy", "--yes", "--skip-preview"]));
  return {
    objects: render.result.reduce((sum, { objects }) => sum + objects, 0),
    clustersSeconds: clusters.seconds,
    renderSeconds: render.seconds,
    judgeSeconds: judge.seconds,
    up: up.result,
    preview: preview.result,
    destroy: destroy.result,
  };
}
