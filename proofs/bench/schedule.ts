/** Tells how long the bench has left, from how long its steps take on an idle machine and how long they took so far. */
import { Progress, seconds } from "../../lifecycle/progress";

export class Schedule {
  private readonly progress = new Progress();
  private readonly began = Date.now();
  private doneSeconds = 0;

  /** @param expectedSeconds sum of what all steps take on an idle machine of two cores */
  constructor(private readonly expectedSeconds: number) {}

  /**
   * Runs one step and prints its line.
   *
   * @param expectedSeconds what it takes on an idle machine
   * @param outcome what the line says of the result
   */
  async step<T>(
    name: string,
    expectedSeconds: number,
    work: () => Promise<T>,
    outcome: (result: T) => string,
  ): Promise<T> {
    const results: T[] = [];
    await this.progress.step(`${name}${this.left()}`, async () => {
      const result = await work();
      results.push(result);
      return outcome(result);
    });
    this.doneSeconds += expectedSeconds;
    const [result] = results;
    if (result === undefined) throw new Error(`${name} came to nothing`);
    return result;
  }

  private left(): string {
    const pace = this.doneSeconds > 0 ? (Date.now() - this.began) / 1000 / this.doneSeconds : 1;
    return ` (about ${seconds(Math.max(0, this.expectedSeconds - this.doneSeconds) * pace * 1000)} left)`;
  }
}
