/**
 * How long work is told: one line per step with what is being done, how long it has taken, and how long is left where
 * that is known. On a terminal the running step is redrawn in place.
 */

/** Prints the steps of one command. */
export class Progress {
  private readonly started = Date.now();
  private readonly live = process.stderr.isTTY;

  /**
   * Runs one step and prints its line: `  12 s  sandbox: three clusters (7 s)`.
   *
   * @param name what is being done, in a few words
   * @param work gets a function that tells what is happening within the step; it returns what the line ends with
   */
  async step(name: string, work: (say: (text: string) => void) => Promise<string>): Promise<void> {
    const began = Date.now();
    let told = Date.now(); // a short step has one line: the one it ends with
    const say = (text: string) => {
      if (this.live) {
        process.stderr.write(`\r\x1b[2K${this.clock()}  ${name}: ${text}`.slice(0, process.stderr.columns ?? 120));
      } else if (Date.now() - told > QUIET_MS) {
        told = Date.now();
        process.stderr.write(`${this.clock()}  ${name}: ${text}\n`);
      }
    };
    if (this.live) say("…");
    try {
      const outcome = await work(say);
      this.end(`${this.clock()}  ${name}: ${outcome} (${seconds(Date.now() - began)})`);
    } catch (error) {
      this.end(`${this.clock()}  ${name}: failed after ${seconds(Date.now() - began)}`);
      throw error;
    }
  }

  /** Since the command began, right-aligned: `  12 s`. */
  private clock(): string {
    return seconds(Date.now() - this.started).padStart(7);
  }

  private end(line: string): void {
    process.stderr.write(this.live ? `\r\x1b[2K${line}\n` : `${line}\n`);
  }
}

/** Where nothing can be redrawn, a running step speaks at most this often. */
const QUIET_MS = 10_000;

/** `59 s`, `2 min 5 s`. */
export function seconds(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
