/**
 * What a command's processes take, read from `/proc` while they run: nothing else tells the memory of a whole tree, or
 * which of its processes is the one that works. Where there is no `/proc`, nothing is told.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What a process does in a run. */
export type Role = "engine" | "language host" | "program" | "provider" | "policy pack" | "kubectl" | "other";

/** What a tree of processes took. */
export interface Consumption {
  /** CPU seconds by role, user and system together, to the last time that each process was looked at. */
  readonly cpuSeconds: Readonly<Partial<Record<Role, number>>>;
  /** Most memory that all processes held at one moment; what they share counts for each. */
  readonly peakMemoryMiB: number;
}

/** Often enough to see a peak, seldom enough to cost no more than a hundredth of a core. */
const INTERVAL_MS = 200;
/** Unit of times in `/proc/<pid>/stat`: USER_HZ, 100 on every architecture that Node runs on (man 5 proc). */
const TICKS_PER_SECOND = 100;
/** Unit of memory there; 4096 on x86-64 and on all but few arm64 systems. */
const PAGE_BYTES = 4096;

interface Seen {
  readonly role: Role;
  readonly cpuSeconds: number;
}

/** Follows a process and all that it starts. */
export class ProcessTree {
  private readonly seen = new Map<number, Seen>();
  private readonly mine: Set<number>;
  private readonly others = new Set<number>();
  private peakBytes = 0;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(root: number) {
    this.mine = new Set([root]);
    if (existsSync("/proc/self/stat")) this.timer = setInterval(() => this.look(), INTERVAL_MS);
  }

  /** Stops to follow, and says what was seen; undefined where nothing can be. */
  end(): Consumption | undefined {
    if (!this.timer) return undefined;
    clearInterval(this.timer);
    const cpuSeconds: Partial<Record<Role, number>> = {};
    for (const { role, cpuSeconds: own } of this.seen.values()) cpuSeconds[role] = (cpuSeconds[role] ?? 0) + own;
    return { cpuSeconds, peakMemoryMiB: this.peakBytes / 1024 ** 2 };
  }

  private look(): void {
    let bytes = 0;
    const pids = readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && !this.others.has(pid));
    // a child has nearly always a higher id than its parent, and is found at the next look where it has not
    for (const pid of pids.sort((a, b) => a - b)) bytes += this.lookAt(pid);
    this.peakBytes = Math.max(this.peakBytes, bytes);
  }

  private lookAt(pid: number): number {
    try {
      const { parent, ticks, pages } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
      if (!this.mine.has(pid) && !this.mine.has(parent)) {
        this.others.add(pid);
        return 0;
      }
      this.mine.add(pid);
      const role = roleOf(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
      const before = this.seen.get(pid);
      this.seen.set(pid, {
        role: role === "other" ? (before?.role ?? role) : role,
        cpuSeconds: ticks / TICKS_PER_SECOND,
      });
      return pages * PAGE_BYTES;
    } catch {
      return 0; // it ended meanwhile
    }
  }
}

/** The fields of `/proc/<pid>/stat` that matter here; the second is a name that may hold spaces and brackets. */
export function parseStat(text: string): { parent: number; ticks: number; pages: number } {
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [parent = 0, user = 0, system = 0, pages = 0] = [fields[1], fields[11], fields[12], fields[21]];
  return { parent, ticks: user + system, pages };
}

/** What a process does, by the words that it was started with. */
export function roleOf([program = "", ...words]: readonly string[]): Role {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (name === "pulumi") return "engine";
  if (name === "kubectl") return "kubectl";
  if (name === "pulumi-resource-kubernetes") return "provider";
  if (name === "pulumi-language-nodejs") return "language host";
  if (name !== "node") return "other";
  if (words.some((word) => /[/]policies[/](policy-pack|.*pack[/]main\.js)?$|run-policy-pack/.test(word))) {
    return "policy pack";
  }
  return words.some((word) => word.startsWith("--monitor")) ? "program" : "other";
}
