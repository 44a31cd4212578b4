/**
 * `kill -9` of the engine in the middle, then another run, or a destroy. The moments come from a seed, `SEED=<number>`
 * for others; a failure is seen again with the same one. The tests follow one another.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { keyOf } from "../../components/kube-object";
import { cureInterruption, findInterruption } from "../../lifecycle/interrupted-run";
import { loadEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { markRun } from "../../stacks/run-mark";
import { oneRuleEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
import { itWhole } from "../support/whole";

jest.setTimeout(900_000);

/** Whole numbers from 1 to a bound, from a linear congruential generator (the constants are those of Numerical Recipes). */
function moments(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + (state % most);
  };
}
const seed = Number(process.env.SEED ?? 1);
const moment = moments(seed);

const project = new TestProject();
const place = { root: project.root, stack: "test" };
const cure = () => cureInterruption(loadEnvironment("test", project.root), place, project.variables("test"));
let empty: string[];
let keys: string[];

beforeAll(async () => {
  project.environment("test", oneRuleEnvironment());
  await project.stack("test", "test");
  await project.start("hub");
  empty = await project.inventory("hub");
  keys = renderedObjects(loadEnvironment("test", project.root)).map(({ object }) => keyOf(object));
});
afterAll(() => project.dispose());

/** Every object of the platform is in the cluster. */
async function expectWhole(): Promise<void> {
  const found = new Set(await project.inventory("hub"));
  expect(keys.filter((key) => !found.has(key))).toEqual([]);
}

/** Kills a run once it said so many times that it made or deleted something. */
async function killed(words: string, word: "created" | "deleted", times: number): Promise<void> {
  const { exitCode, text } = await project.pulumi(words, { killAfter: { times, word } });
  if (exitCode !== undefined) throw new Error(`pulumi ${words} ended before it was killed:\n${text}`);
}

describe(`a run that is killed (seed ${seed})`, () => {
  const first = moment(110);

  it("refuses the next one by its lock, and says what it left behind", async () => {
    await killed("up --yes --skip-preview", "created", first);
    const { exitCode, text } = await project.pulumi("up --yes --skip-preview");
    expect(text).toContain("the stack is currently locked by 1 lock(s)");
    expect(exitCode).not.toBe(0);
    expect(findInterruption(place)?.message).toMatch(
      /^the last run on stack test was killed: its lock \(process \d+\) is still there, and the state does not say how far it came$/,
    );
  });

  it(`after ${first} objects: is cured, and the next \`up\` converges`, async () => {
    expect(await cure()).toMatch(/the lock was removed, \d+ objects that it made were recorded/);
    expect(findInterruption(place)).toBeUndefined();
    const { text } = await project.succeed("up --yes --skip-preview");
    expect(text).not.toMatch(/ replac/); // what was recorded is taken as it is
    await expectWhole();
  });

  it("waits for what is being deleted, which the next `up` would not find", async () => {
    const budget = "poddisruptionbudget/gatekeeper-controller-manager --namespace=gatekeeper-system";
    const finalizers = (held: string) => `patch ${budget} --type=merge --patch={"metadata":{"finalizers":[${held}]}}`;
    await project.read("hub", finalizers('"test.fleetwright.dev/held"'));
    await project.read("hub", `delete ${budget} --wait=false`);
    markRun(project.root, "test");
    const released = sleep(2000).then(() => project.read("hub", finalizers("")));
    expect(await cure()).toMatch(/: 0 objects that it made were recorded, and 1 that are gone were struck out$/);
    await released;
    await project.succeed("up --yes --skip-preview");
    await expectWhole();
  });

  it("is told from one that found nothing to change", async () => {
    await project.succeed("up --yes --skip-preview --expect-no-changes");
    expect(findInterruption(place)).toBeUndefined();
  });

  const between = moment(100);
  itWhole(`while it destroys, after ${between} objects: the next \`up\` makes them again`, async () => {
    await killed("destroy --yes --skip-preview", "deleted", between);
    expect(await cure()).toMatch(/and \d+ that are gone were struck out$/);
    await project.succeed("up --yes --skip-preview");
    await expectWhole();
    await project.succeed("preview --expect-no-changes");
  });

  const second = moment(100);
  it(`while it destroys, after ${second} objects: the next destroy leaves nothing`, async () => {
    await killed("destroy --yes --skip-preview", "deleted", second);
    expect(await cure()).toMatch(/the lock was removed/);
    await project.succeed("destroy --yes --skip-preview");
    await eventually(() => project.inventory("hub"), empty);
  });

  const third = moment(110);
  itWhole(`after ${third} objects, its lock removed by hand: a destroy leaves nothing`, async () => {
    await killed("up --yes --skip-preview", "created", third);
    await project.succeed("cancel --yes");
    expect(await cure()).toMatch(/its lock is gone, .*: \d+ objects that it made were recorded/);
    await project.succeed("destroy --yes --skip-preview");
    await eventually(() => project.inventory("hub"), empty);
  });
});

describe("a run that ended by itself", () => {
  it("left nothing behind", async () => {
    expect(findInterruption(place)).toBeUndefined();
    expect(await cure()).toBeUndefined();
  });
});
