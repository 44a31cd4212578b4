/** What the supervisor tells about itself: which process it is, and how the host programs do. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../components/package-root";
import { type Instance, supervisorFile } from "./instance";
import type { OwnedProcess } from "./processes";

const Program = z.strictObject({
  name: z.string(),
  state: z.enum(["waiting", "starting", "running", "dead", "paused"]),
  pid: z.number().optional(),
  restarts: z.number(),
  lastError: z.string().optional(),
  log: z.string(),
  /** Absolute path of the program's tool, by which its process is found again. */
  tool: z.string(),
});

const SupervisorState = z.strictObject({
  pid: z.number(),
  /** Of the compiled sandbox that it runs. */
  buildStamp: z.string(),
  clusters: z.record(z.string(), z.strictObject({ connected: z.boolean(), programs: z.array(Program) })),
});

export type SupervisorState = z.output<typeof SupervisorState>;

/** Undefined when there is none, or one of another version. */
export function readSupervisor(instance: Instance): SupervisorState | undefined {
  try {
    return SupervisorState.parse(JSON.parse(readFileSync(supervisorFile(instance), "utf8")));
  } catch {
    return undefined;
  }
}

/** The program that is the supervisor. It is always the compiled one: it outlives whoever starts it, a test runner for instance. */
export const supervisorEntry = () => join(packageRoot(), "dist", "sandbox", "supervisor.js");

/** A supervisor process of this instance. */
export const ownedSupervisor = (instance: Instance, pid: number): OwnedProcess => ({
  pid,
  commandPrefix: `${process.execPath} ${supervisorEntry()} ${instance.folder}`,
});

/** Changes whenever the compiled sandbox does: a supervisor of another stamp is replaced by the next `up`. */
export function buildStamp(): string {
  const folder = join(packageRoot(), "dist", "sandbox");
  const times = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => statSync(join(folder, file)).mtimeMs);
  return `${times.length}-${Math.max(...times)}`;
}
