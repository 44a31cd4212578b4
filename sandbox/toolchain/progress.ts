/** What is told while tools are installed. */
import type { Tool, Toolchain } from "./lock";

/** One moment of the installation. */
export interface ToolProgress {
  /**
   * `downloading` and `building` begin a step, `waiting` tells that another process does it, `installed` ends it, `working` comes every
   * few seconds in between.
   */
  readonly phase: "downloading" | "building" | "waiting" | "working" | "installed";
  /** Names of the tools in hand. */
  readonly tools: readonly string[];
  /** How many tools are not yet installed, those in hand included. */
  readonly left: number;
  /** How many tools the set has. */
  readonly total: number;
  /** Since the installation began. */
  readonly elapsedSeconds: number;
  /** Estimate: all that is left, built with empty Go caches on 2 idle cores; 0 when that has passed. */
  readonly leftSeconds: number;
  /** The same in one line for people. */
  readonly message: string;
}

export type ReportProgress = (progress: ToolProgress) => void;

/** Counts what is done and words it. */
export class Progress {
  private readonly startMs = Date.now();
  private readonly missing: Set<string>;
  private step = { recipe: "", startMs: Date.now() };

  /** @param missing tools that are not installed yet */
  constructor(
    private readonly toolchain: Toolchain,
    missing: readonly Tool[],
    private readonly total: number,
    private readonly report: ReportProgress,
  ) {
    this.missing = new Set(missing.map(({ name }) => name));
  }

  /** A build of this recipe begins: its estimate shrinks from now on. */
  begin(recipe: string) {
    this.step = { recipe, startMs: Date.now() };
  }

  tell(phase: ToolProgress["phase"], tools: readonly Tool[], text: string) {
    if (phase === "installed") for (const { name } of tools) this.missing.delete(name);
    const elapsedSeconds = Math.round((Date.now() - this.startMs) / 1000);
    const leftSeconds = this.leftSeconds();
    const left = this.missing.size;
    const rest = left
      ? `${left} of ${this.total} tools left, ${leftSeconds > 0 ? `about ${duration(leftSeconds)}` : "any moment"}`
      : `all ${this.total} tools`;
    const message = `${text} (${duration(elapsedSeconds)}; ${rest})`;
    const names = tools.map(({ name }) => name);
    this.report({ phase, tools: names, left, total: this.total, elapsedSeconds, leftSeconds, message });
  }

  private leftSeconds(): number {
    const recipes = new Set(
      this.toolchain.tools.filter(({ name }) => this.missing.has(name)).map(({ recipe }) => recipe),
    );
    return [...recipes].reduce((sum, recipe) => {
      const spent = recipe === this.step.recipe ? (Date.now() - this.step.startMs) / 1000 : 0;
      return sum + Math.max(0, Math.round((this.toolchain.recipes[recipe]?.coldSeconds ?? 0) - spent));
    }, 0);
  }
}

/** `95` → `1 min 35 s`. */
function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds / 60} min`;
}

/** `etcd 3.6.14`, or `kwok and kwokctl 0.8.0`. */
export function named(tools: readonly Tool[]): string {
  const names = tools.map(({ name }) => name);
  const last = names.pop();
  return `${names.length ? `${names.join(", ")} and ${last}` : last} ${tools[0]?.version}`;
}
