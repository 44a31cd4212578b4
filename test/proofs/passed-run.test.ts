/** When `make test` may say what the last run came to, and when it must run again. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { dependedOn, type PassedRunArgs, passedRun, rememberRun } from "../../proofs/passed-run";

const RUN = { ended: "2026-12-01T04:00:00.000Z", passed: 3, skipped: ["of data"] };
let args: PassedRunArgs;

const told = () => passedRun(args, dependedOn(args));
const remember = () => rememberRun(args, dependedOn(args), RUN);

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-passed-"));
  const root = join(folder, "checkout");
  args = { root, file: join(folder, "cache", "passed-run.json") };
  mkdirSync(root);
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  writeFileSync(join(root, "a.ts"), "1");
  writeFileSync(join(root, ".gitignore"), "dist\n");
});
afterEach(() => rmSync(join(args.root, ".."), { recursive: true }));

describe("a run without failures", () => {
  it("is told while nothing has changed, as often as it is asked for", () => {
    remember();
    expect([told(), told()]).toEqual([RUN, RUN]);
  });

  it("is told although something was built, which git ignores", () => {
    remember();
    mkdirSync(join(args.root, "dist"));
    writeFileSync(join(args.root, "dist", "a.js"), "1");
    expect(told()).toEqual(RUN);
  });

  it.each<[string, (root: string) => void]>([
    ["a file was changed", (root) => writeFileSync(join(root, "a.ts"), "2")],
    ["a file was added", (root) => writeFileSync(join(root, "b.ts"), "")],
    ["a file was deleted", (root) => rmSync(join(root, "a.ts"))],
    ["a file was made a program", (root) => chmodSync(join(root, "a.ts"), 0o755)],
    [
      "test data came to lie beside it",
      (root) => mkdirSync(join(root, "..", "shared", "upstream"), { recursive: true }),
    ],
  ])("is not told once %s", (_, change) => {
    remember();
    change(args.root);
    expect(told()).toBeUndefined();
  });

  it("is not remembered when something was edited while it ran", () => {
    const before = dependedOn(args);
    writeFileSync(join(args.root, "a.ts"), "2");
    rememberRun(args, before, RUN);
    expect(told()).toBeUndefined();
  });

  it("is neither remembered nor told where git does not know the folder", () => {
    remember();
    rmSync(join(args.root, ".git"), { recursive: true });
    expect(told()).toBeUndefined();
    remember();
    expect(told()).toBeUndefined();
  });

  it("is not told when its file is broken", () => {
    remember();
    writeFileSync(args.file, "{");
    expect(told()).toBeUndefined();
  });
});
