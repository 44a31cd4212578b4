/**
 * The supervisor of one instance: a process of its own that stays while the sandbox is up.
 *
 *     node dist/sandbox/supervisor.js <instance folder>
 *
 * It follows `sandbox.json`, does for each cluster what `supervision.ts` says, and writes down how that goes in `supervisor.json`.
 * It ends, and its host programs with it, on SIGTERM or when `sandbox.json` is gone; in that case it ends the control planes too.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { recordedComponents } from "./control-plane/components";
import { ownedProgram } from "./host/host-process";
import { hostPrograms } from "./host-programs";
import { type Instance, programFolder, secretsFolder, stateFile, supervisorFile } from "./instance";
import { telemetrySink } from "./network/telemetry-sink";
import { releasePorts } from "./ports";
import { end, type OwnedProcess } from "./processes";
import { readState, writeJson } from "./state";
import { Supervision } from "./supervision";
import { buildStamp, readSupervisor, type SupervisorState } from "./supervisor-file";

/** How often the state is read again and the programs' state is written down. */
const ROUND_MS = 250;

const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

async function supervise(instance: Instance): Promise<void> {
  const stamp = buildStamp();
  await endOrphans(instance);
  const first = readState(instance);
  if (first) await telemetrySink(first.telemetrySinkPort);
  const supervised = new Map<string, Supervision>();
  let controlPlanes: OwnedProcess[] = [];
  let written = "";
  let terminated = false;
  process.on("SIGTERM", () => {
    terminated = true;
  });
  while (!terminated && existsSync(stateFile(instance))) {
    const state = readState(instance);
    if (!state) break;
    for (const cluster of state.clusters.filter(({ created }) => created)) {
      const current = supervised.get(cluster.name);
      if (current && JSON.stringify(current.cluster) === JSON.stringify(cluster)) continue;
      await current?.stop();
      const supervision = new Supervision(instance, cluster, state.telemetrySinkPort, log);
      supervised.set(cluster.name, supervision);
      await supervision.start();
      log(`${cluster.name}: supervised`);
    }
    const body: SupervisorState = { pid: process.pid, buildStamp: stamp, clusters: report(supervised) };
    if (JSON.stringify(body) !== written) {
      await writeJson(supervisorFile(instance), body);
      written = JSON.stringify(body);
    }
    controlPlanes = state.clusters.flatMap(({ name }) => recordedComponents(instance, name));
    await sleep(ROUND_MS);
  }
  log(terminated ? "ends by SIGTERM" : `ends: ${stateFile(instance)} is gone`);
  await Promise.all([...supervised.values()].map((supervision) => supervision.stop()));
  // who removes the folder by hand means the clusters too, and nobody else could find them any more
  if (!terminated) {
    await Promise.all(controlPlanes.map((owned) => end(owned)));
    await releasePorts(instance.folder);
    await rm(secretsFolder(instance), { recursive: true, force: true });
  }
  process.exit(0);
}

function report(supervised: ReadonlyMap<string, Supervision>): SupervisorState["clusters"] {
  return Object.fromEntries(
    [...supervised].map(([name, { connected, programs }]) => [
      name,
      { connected, programs: programs.map((program) => ({ ...program, tool: toolOf(program.name) })) },
    ]),
  );
}

const toolOf = (program: string) => hostPrograms.find(({ name }) => name === program)?.tool ?? program;

/** A supervisor that was killed left its programs behind: they hold the ports and nobody restarts them. */
async function endOrphans(instance: Instance): Promise<void> {
  for (const [cluster, { programs }] of Object.entries(readSupervisor(instance)?.clusters ?? {})) {
    for (const { name, pid, tool } of programs) {
      if (pid !== undefined) await end(ownedProgram(programFolder(instance, cluster, name), tool, pid));
    }
  }
}

// one cluster's trouble must not end the others' supervision
process.on("unhandledRejection", (error) =>
  log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
);

const folder = process.argv[2] ?? "";
log(`starts for ${folder}`);
supervise({ name: basename(folder), folder }).catch((error: unknown) => {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  log(`ends: ${error instanceof Error ? error.message : error}`); // the last line, which is shown to whoever started it
  process.exit(1);
});
