/** A process and all that it started: what a killed engine leaves behind must be known before the kill. */
import { execFileSync } from "node:child_process";
import { commandLineOf, end, type OwnedProcess } from "../../sandbox/processes";

/** A process and its descendants, as they are now. */
export function withDescendants(pid: number): OwnedProcess[] {
  const children = new Map<number, number[]>();
  for (const line of execFileSync("ps", ["-eo", "ppid=,pid="], { encoding: "utf8" }).trim().split("\n")) {
    const [parent = 0, child = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found = [pid];
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found.flatMap((one) => {
    const was = commandLineOf(one);
    return was === undefined ? [] : [{ pid: one, isOurs: (now: string) => now.trim() === was }];
  });
}

/** Ends recorded processes; those that have ended, and whose ids others have, are left alone. */
export async function endAll(processes: readonly OwnedProcess[]): Promise<void> {
  await Promise.all(processes.map((one) => end(one)));
}
