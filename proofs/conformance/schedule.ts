/** Tells how a run gets on: each step with what it comes to, and how long the rest of it takes. */
import { Progress, seconds } from "../../lifecycle/progress";

export class Schedule {
  private readonly progress = new Progress();

  /**
   * Runs one step and prints its line.
   *
   * @param expectedSeconds what it takes on an idle machine of two cores
   * @param work gets a function that tells what is happening within the step
   * @param outcome what the line says of the result
   */
  async step<T>(
    name: string,
    expectedSeconds: number,
    work: (say: (text: string) => void) => Promise<T>,
    outcome: (result: T) => string,
  ): Promise<T> {
    const results: { readonly result: T }[] = [];
    const began = Date.now();
    await this.progress.step(name, async (say) => {
      const left = () => Math.max(1, expectedSeconds - (Date.now() - began) / 1000) * 1000;
      const tell = (text: string) => say(`${text} (about ${seconds(left())} left)`);
      tell("asked");
      const result = await work(tell);
      results.push({ result });
      return outcome(result);
    });
    const [ended] = results;
    if (ended === undefined) throw new Error(`${name} did not end`);
    return ended.result;
  }
}
