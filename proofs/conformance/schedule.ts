/** Tells how a run gets on: each step with what it comes to, and how long the rest of it takes. */
import { Progress, seconds } from "../../lifecycle/progress";

export class Schedule {
  private readonly progress = new Progress();

  /**
   * Runs one step and prints its line.
   *
   * @param expectedSeconds what it takes on an idle machine of two cores
   * @param work gets a function that tells what is happening within the step, and which share of it is done where that is known
   * @param outcome what the line says of the result
   */
  async step<T>(
    name: string,
    expectedSeconds: number,
    work: (say: (text: string, share?: number) => void) => Promise<T>,
    outcome: (result: T) => string,
  ): Promise<T> {
    const results: { readonly result: T }[] = [];
    const began = Date.now();
    await this.progress.step(name, async (say) => {
      const expected = expectedSeconds * 1000;
      // a busy machine is slower than expected: what is done already says by how much
      const left = (share: number, gone: number) => (share > 0 ? (gone / share) * (1 - share) : expected - gone);
      const tell = (text: string, share = 0) =>
        say(`${text} (about ${seconds(Math.max(1000, left(share, Date.now() - began)))} left)`);
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
