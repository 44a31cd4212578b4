import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";

/** Asks until the answer is the expected one, for what controllers do in their own time; the last answer is what fails. */
export async function eventually<T>(question: () => Promise<T>, answer: T, seconds = 30): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let last = await question();
  while (JSON.stringify(last) !== JSON.stringify(answer) && Date.now() < deadline) {
    await sleep(300);
    last = await question();
  }
  expect(last).toEqual(answer);
}
