/** One real process of a host program: started, watched, restarted with back-off. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { request } from "node:http";
import { basename, join } from "node:path";
import { end, type OwnedProcess } from "../processes";
import { lastError, START_MARK } from "../program-log";

/** Waiting time before a restart: doubled with each death. A kubelet begins with 10 s and ends at 300 s; a person waits here. */
const BACKOFF_SECONDS = { first: 1, most: 30 };

/** A process that lived this long died of something new. A kubelet says 10 minutes. */
const STABLE_SECONDS = 60;

/** Longest that a living process takes to answer a health check. */
const HEALTH_MS = 1000;

/** How a process is called. */
export interface HostCommand {
  /** Absolute path of the tool. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** URL that answers 200 when the program does its work. */
  readonly healthUrl: string;
}

/** The process of one host program in one cluster. */
export class HostProcess {
  private child: ChildProcess | undefined;
  private command: HostCommand | undefined;
  private stopping = false;
  private healthy = false;
  private startedMs = 0;
  private deaths = 0;
  private notBeforeMs = 0;
  private restartCount = 0;

  /** @param folder of the program; holds its link and its log */
  constructor(private readonly folder: string) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Whether it answered its last health check. */
  get ready(): boolean {
    return this.child !== undefined && this.healthy;
  }

  get restarts(): number {
    return this.restartCount;
  }

  /** When the process was last started, milliseconds since 1970; 0 when it never was. */
  get since(): number {
    return this.startedMs;
  }

  /** Whether its back-off is over. */
  get mayStart(): boolean {
    return this.child === undefined && Date.now() >= this.notBeforeMs;
  }

  get log(): string {
    return join(this.folder, "program.log");
  }

  /** How the process is found again by who did not start it. */
  get owned(): OwnedProcess | undefined {
    return this.child?.pid && this.command
      ? ownedProgram(this.folder, this.command.program, this.child.pid)
      : undefined;
  }

  async start(command: HostCommand): Promise<void> {
    const link = linkTo(this.folder, command.program);
    await mkdir(join(this.folder, "bin"), { recursive: true });
    await rm(link, { force: true });
    await symlink(command.program, link); // its command line then tells whose it is
    const log = openSync(this.log, "a", 0o600);
    writeSync(log, `${START_MARK} ${new Date().toISOString()}\n`);
    const child = spawn(link, command.args, {
      cwd: this.folder,
      env: { PATH: "/usr/bin:/bin", HOME: this.folder, ...command.env },
      stdio: ["ignore", log, log],
    });
    closeSync(log); // the child has its own
    this.child = child;
    this.command = command;
    this.healthy = false;
    this.startedMs = Date.now();
    const died = () => {
      if (this.child !== child || this.stopping) return;
      this.child = undefined;
      this.deaths = Date.now() - this.startedMs > STABLE_SECONDS * 1000 ? 1 : this.deaths + 1;
      const seconds = Math.min(BACKOFF_SECONDS.most, BACKOFF_SECONDS.first * 2 ** (this.deaths - 1));
      this.notBeforeMs = Date.now() + seconds * 1000;
      this.restartCount++;
    };
    child.once("exit", died);
    child.once("error", died);
  }

  /** Ends the process for a reason of ours: no back-off, no restart counted. */
  async stop(graceMs = 0): Promise<void> {
    const owned = this.owned;
    this.stopping = true;
    try {
      if (owned) await end(owned, graceMs);
    } finally {
      this.stopping = false;
    }
    this.child = undefined;
    this.deaths = 0;
    this.notBeforeMs = 0;
  }

  /** The next process stands for another pod, which has never been started. */
  forgetRuns(): void {
    this.restartCount = 0;
    this.startedMs = 0;
  }

  async checkHealth(): Promise<void> {
    const { child, command } = this;
    if (!child || !command) return;
    const healthy = await answersOk(command.healthUrl);
    if (this.child === child) this.healthy = healthy;
  }

  /** The line of its log that best tells why it died or does not work. */
  async lastError(): Promise<string | undefined> {
    return lastError(this.log);
  }
}

const linkTo = (folder: string, program: string) => join(folder, "bin", basename(program));

/** A process of the program in this folder. */
export const ownedProgram = (folder: string, program: string, pid: number): OwnedProcess => ({
  pid,
  isOurs: (commandLine) => commandLine.startsWith(`${linkTo(folder, program)} `),
});

function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(url, { timeout: HEALTH_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once("timeout", () => call.destroy(new Error("timeout")));
    call.once("error", () => resolve(false));
    call.end();
  });
}
