/** Loses what a runbook says, and runs its lines: from the loss to admitted and clean, with a stopwatch. */
import type { Environment } from "../../stacks/environment";
import { askAdmission } from "./admission";
import { loseAuthority, signedAnew } from "./authority";
import type { DataOfDrill } from "./data";
import type { DrillClusters } from "./drill-clusters";
import type { MovedEndpoints } from "./moved-endpoints";
import type { DrillAsked } from "./plan";
import type { Finding } from "./report";
import type { Runbook, Step } from "./runbook";
import { gist, runLine, type Shell } from "./shell-line";
import type { Stopwatch } from "./stopwatch";

interface Recovering {
  readonly asked: DrillAsked;
  readonly data: DataOfDrill;
  readonly environment: Environment;
  readonly live: DrillClusters;
  readonly moved: MovedEndpoints;
  readonly runbook: Runbook;
  readonly shell: Shell;
  readonly startedAt: string;
  readonly stopwatch: Stopwatch;
  /** Gets what is found, in the order in which it is found. */
  readonly findings: Finding[];
}

/** @returns milliseconds from the loss to admitted and clean; undefined where it did not come so far */
export async function recover(args: Recovering): Promise<number | undefined> {
  const { asked, data, environment, findings, moved, runbook, shell, stopwatch } = args;
  for (const step of runbook.loss) {
    if (!(await run(args, step))) return undefined;
  }
  const authority =
    runbook.name === "authority-lost"
      ? await stopwatch.time("lose", () => loseAuthority(environment, asked.root))
      : undefined;
  const lostAt = Date.now();
  findings.push(...(await data.lived(runbook.alive)));
  const isBack = await bringBack(args, authority);
  const rtoMs = Date.now() - lostAt;
  for (const line of moved.back) await stopwatch.time("return", () => runLine(shell, line, "return"), line);
  const issue = moved.back.length > 0 && runbook.recovery.find(({ phase }) => phase === "credentials");
  if (issue) await stopwatch.time("return", () => runLine(shell, issue.line, "return"), issue.line);
  return isBack ? rtoMs : undefined;
}

/**
 * Runs the lines of recovery; before admission is asked, whatever no line does: data is restored, certificates are looked at.
 *
 * @param authority certificate of the CA that was lost, PEM; undefined where none was
 */
async function bringBack(args: Recovering, authority: string | undefined): Promise<boolean> {
  const { asked, data, environment, findings, live, runbook, startedAt, stopwatch } = args;
  const first = runbook.recovery.findIndex(({ admitted, refusedWith }) => admitted || refusedWith);
  for (const [index, step] of runbook.recovery.entries()) {
    if (index === first && asked.restore !== undefined) {
      findings.push(...(await stopwatch.time("restore", () => data.restored(startedAt))));
    }
    if (index === first && authority !== undefined) {
      const anew = (cluster: string) =>
        live.on(cluster, (one) => signedAnew(environment, asked.root, { cluster, live: one, before: authority }));
      findings.push(...(await stopwatch.time("renew", () => Promise.all(asked.clusters.map(anew)))));
    }
    if (!(await run(args, step))) return false;
  }
  return true;
}

/** Runs one line and judges it. @returns whether the next may run */
async function run({ asked, findings, runbook, shell, stopwatch, live }: Recovering, step: Step): Promise<boolean> {
  const { admitted, killed, line, phase, refusedWith } = step;
  if (admitted || refusedWith) {
    const { message, ok } = await stopwatch.time(phase, () => askAdmission(shell, step), line);
    const what = admitted ? "an allowed Pod passes" : "a forbidden Pod is refused";
    findings.push({ name: `admission of ${/--context (\S+)/.exec(line)?.[1]}: ${what}`, ok, message });
    return ok;
  }
  const objects = asked.clusters.reduce((sum, cluster) => sum + (live.objects.get(cluster)?.length ?? 0), 0);
  const killAfter = killed ? momentOf(asked.seed, objects) : undefined;
  const { exitCode, text } = await stopwatch.time(
    phase,
    () => runLine(shell, line, phase, killAfter === undefined ? {} : { killAfter }),
    killAfter === undefined ? line : `${line}   # kill -9 after ${killAfter} objects`,
  );
  if (killed) {
    const ok = exitCode === undefined;
    const message = `by SIGKILL after ${killAfter} of ${objects} objects (seed ${asked.seed})`;
    findings.push({ name: "killed", ok, message: ok ? message : `the run ended before it was killed ${message}` });
    return true;
  }
  if (exitCode !== 0) {
    findings.push({ name: phase, ok: false, message: `\`${line}\` ended with ${exitCode}: ${gist(text)}` });
    return false;
  }
  if (phase === "rebuild") findings.push(rebuiltFinding(text, runbook.alive));
  if (phase === "clean") findings.push({ name: phase, ok: true, message: "a preview finds nothing to change" });
  return true;
}

/** What the engine sums up: a rebuild makes and keeps, and replaces or deletes nothing. */
export function rebuiltFinding(text: string, alive: boolean): Finding {
  const name = alive ? "replacements" : "rebuild";
  const summary = text.slice(text.lastIndexOf("\nResources:")).split("\n");
  const counts = summary.flatMap(
    (line) => line.match(/^ +(?:[-+~]+ ?)?(\d+ (?:created|updated|deleted|replaced|unchanged))/)?.[1] ?? [],
  );
  const wrong = counts.filter((count) => / (deleted|replaced)$/.test(count));
  const said = counts.join(", ") || "nothing";
  return wrong.length === 0
    ? { name, ok: true, message: `${said}; nothing was replaced or deleted` }
    : { name, ok: false, message: `${said}: a rebuild replaces and deletes nothing` };
}

/** After how many objects a run is killed: a whole number below their count, the same for the same seed (mulberry32). */
export function momentOf(seed: number, objects: number): number {
  let state = (seed + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  const share = ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
  return 1 + Math.floor(share * Math.max(1, Math.floor(objects * 0.8)));
}
