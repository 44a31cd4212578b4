/** Times the phases of a drill, and tells of each as it ends. */
import { type Phase, tenths } from "./report";

export class Stopwatch {
  private readonly begun = Date.now();
  private readonly spent = new Map<string, { milliseconds: number; lines: string[] }>();

  /** @param tell takes one line per phase */
  constructor(private readonly tell: (line: string) => void) {}

  /** Times some work; what is called the same is added up. */
  async time<T>(name: string, work: () => Promise<T>, line?: string): Promise<T> {
    const from = Date.now();
    if (line !== undefined) this.tell(`$ ${line}`);
    try {
      return await work();
    } finally {
      const milliseconds = Date.now() - from;
      const before = this.spent.get(name) ?? { milliseconds: 0, lines: [] };
      const lines = line === undefined ? before.lines : [...before.lines, line];
      this.spent.set(name, { milliseconds: before.milliseconds + milliseconds, lines });
      this.tell(`${`${tenths(milliseconds).toFixed(1)} s`.padStart(9)}  ${name}`);
    }
  }

  /** In the order in which they began. */
  get phases(): Phase[] {
    return [...this.spent].map(([name, { lines, milliseconds }]) => ({
      name,
      seconds: tenths(milliseconds),
      ...(lines.length > 0 ? { lines } : {}),
    }));
  }

  get totalSeconds(): number {
    return tenths(Date.now() - this.begun);
  }
}
