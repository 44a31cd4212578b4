/** What the supervisor tells about itself: which process it is, and how the host programs do. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../components/package-root";
import { type Instance, supervisorFile } from "./instance";
import type { OwnedProcess } from "./processes";

const Program = z.object({
  name: z.string(),
  state: z.enum(["waiting", "starting", "running", "dead", "paused"]),
  pid: z.number().optional(),
  restarts: z.number(),
  lastError: z.string().optional(),
  log: z.string(),
  /** Absolute path of the program's tool, by which its process is found again. */
  tool: z.string(),
});

const SupervisorState = z.object({
  pid: z.number(),
  /** Of the compiled sandbox that it runs. */
  buildStamp: z.string(),
  clusters: z.record(z.string(), z.object({ connected: z.boolean(), programs: z.array(Program) })),
});

export type SupervisorState = z.output<typeof SupervisorState>;

/** Undefined when there is none. What another version may have added is ignored: its processes must still be found. */
export function readSupervisor(instance: Instance): SupervisorState | undefined {
  try {
    return SupervisorState.parse(JSON.parse(readFileSync(supervisorFile(instance), "utf8")));
  } catch {
    return undefined;
  }
}

/** The program that is the supervisor. It is always the compiled one: it outlives whoever starts it, a test runner for instance. */
export const supervisorEntry = () => join(packageRoot(), "dist", "sandbox", "supervisor.js");

/** The supervisor of an instance, whichever Node and whichever copy of Fleetwright it runs with. */
export const ownedSupervisor = ({ folder }: Instance, pid: number): OwnedProcess => ({
  pid,
  isOurs: (commandLine) => commandLine.endsWith(`supervisor.js ${folder}`),
});

/** Digest of the compiled sandbox: a supervisor of another build is replaced by the next `up`. */
export function buildStamp(): string {
  const folder = join(packageRoot(), "dist", "sandbox");
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (file.endsWith(".js")) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
