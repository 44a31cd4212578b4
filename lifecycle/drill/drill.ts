/**
 * A drill: proves that what a rebuild needs is alive, loses something on purpose, brings it back by the lines of its
 * runbook with a stopwatch on each, and proves that what came back is what was there.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { ensureUpstream } from "../../components/upstream";
import type { Environment } from "../../stacks/environment";
import { instanceFolder } from "../../stacks/kubeconfig";
import { engineEnvironment } from "../engine-environment";
import { AdmissionUnprovable } from "./admission-pods";
import { DataOfDrill } from "./data";
import { DrillClusters } from "./drill-clusters";
import { type MovedEndpoints, moveEndpoints, NOT_MOVED } from "./moved-endpoints";
import { type DrillAsked, type DrillSubject, namesOf, objectsByCluster } from "./plan";
import { provePreconditions } from "./preconditions";
import { recover } from "./recovery";
import { baselineOf, regression } from "./regression";
import { type DrillReport, type Finding, type Precondition, tenths, verdictOf } from "./report";
import { readRevision } from "./revision";
import { type Runbook, type RunbookNames, runbookOf } from "./runbook";
import type { Shell } from "./shell-line";
import { Stopwatch } from "./stopwatch";

/** Runs a drill to its end. Whatever goes wrong after the start is a verdict, and not thrown. */
export async function drill(environment: Environment, asked: DrillAsked): Promise<DrillReport> {
  const { clusters, earlier, restore, root, scenario, stack, tell, version } = asked;
  const started = new Date();
  const id = idOf(started, asked);
  const [loadBefore = 0] = loadavg();
  const stopwatch = new Stopwatch(tell);
  await ensureUpstream();
  const revision = await readRevision(root);
  const objects = objectsByCluster(environment, stack);
  const live = new DrillClusters(environment, root, objects);
  const folder = join(root, instanceFolder(), "drills", id);
  mkdirSync(folder, { recursive: true });
  const shell: Shell = { root, variables: engineEnvironment(environment, { root, stack }), logs: folder };
  const end = (preconditions: readonly Precondition[], findings: readonly Finding[], rtoMs?: number): DrillReport => {
    const rtoSeconds = rtoMs === undefined ? null : tenths(rtoMs);
    const kind = { environment: environment.name, stack, scenario, clusters, startedAt: started.toISOString() };
    const counts = Object.fromEntries([...objects].map(([cluster, of]) => [cluster, of.length]));
    const sound = preconditions.every(({ ok }) => ok) && findings.every(({ ok }) => ok);
    const compared = { ...kind, objects: counts, rtoSeconds, verdict: "passed" as const };
    const baseline = sound && rtoSeconds !== null ? baselineOf(compared, earlier) : undefined;
    const all = sound && rtoSeconds !== null ? [...findings, regression(rtoSeconds, baseline)] : findings;
    return {
      id,
      ...kind,
      endedAt: new Date().toISOString(),
      commit: revision?.commit ?? null,
      version,
      objects: counts,
      preconditions,
      phases: stopwatch.phases,
      findings: all,
      rtoSeconds,
      totalSeconds: stopwatch.totalSeconds,
      ...(baseline ? { baseline } : {}),
      machine: { cores: availableParallelism(), loadBefore: Math.round(loadBefore * 10) / 10 },
      ...verdictOf(preconditions, all),
    };
  };
  let moved: MovedEndpoints = NOT_MOVED;
  try {
    if (scenario === "endpoint-moved") moved = await moveEndpoints(environment, root, clusters);
    const names = namesOf(environment, asked, moved.movedTo);
    const runbook = runbookOf(scenario, names);
    const data = new DataOfDrill({ environment, root, id, clusters: names.clusters, restore }, live);
    const preconditions = await stopwatch.time("preconditions", () =>
      provePreconditions({
        ...{ environment, root, stack, clusters, revision, runbook, shell },
        backup: join(folder, "state.json"),
        unrestorable: data.fault(),
      }),
    );
    for (const { message, name, ok } of preconditions) tell(`           ${ok ? "ok  " : "LACK"} ${name}: ${message}`);
    if (preconditions.some(({ ok }) => !ok)) return end(preconditions, []);
    const { findings, rtoMs } = await lose({
      asked,
      data,
      environment,
      live,
      moved,
      names,
      runbook,
      shell,
      startedAt: started.toISOString(),
      stopwatch,
    });
    return end(preconditions, findings, rtoMs);
  } catch (error) {
    if (!(error instanceof AdmissionUnprovable)) throw error;
    return end([{ name: "admission", ok: false, message: error.message }], []);
  } finally {
    await moved.close();
  }
}

/** What the part after the preconditions works with. */
interface Losing {
  readonly asked: DrillAsked;
  readonly data: DataOfDrill;
  readonly environment: Environment;
  readonly live: DrillClusters;
  readonly moved: MovedEndpoints;
  readonly names: RunbookNames;
  readonly runbook: Runbook;
  readonly shell: Shell;
  readonly startedAt: string;
  readonly stopwatch: Stopwatch;
}

/** Loses it and brings it back; what was thrown on the way is a finding. */
async function lose(losing: Losing): Promise<{ readonly findings: readonly Finding[]; readonly rtoMs?: number }> {
  const { asked, data, environment, live, runbook, stopwatch } = losing;
  const findings: Finding[] = [];
  try {
    const others = Object.keys(environment.clusters).filter((name) => runbook.alive || !asked.clusters.includes(name));
    const before = await stopwatch.time("picture", () => live.pictures(others));
    await stopwatch.time("data", () => data.write());
    const rtoMs = await recover({ ...losing, findings });
    await stopwatch.time("comparison", async () => {
      findings.push(...(await live.untouched(before)));
      await data.remove();
      findings.push(...(await live.clean(asked.clusters)));
    });
    return rtoMs === undefined ? { findings } : { findings, rtoMs };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    findings.push({ name: "drill", ok: false, message: `could not go on: ${error.message}` });
    return { findings };
  }
}

/** `20261130T121500Z-cluster-lost-east-3f2a`: sorts by time, and says what it was. */
const idOf = (started: Date, { clusters, scenario }: DrillSubject) =>
  [
    started.toISOString().replace(/[-:]|\.\d+/g, ""),
    scenario,
    ...clusters.slice(0, 3),
    randomBytes(2).toString("hex"),
  ].join("-");
