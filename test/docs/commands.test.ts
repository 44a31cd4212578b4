import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { documentedCommands } from "../support/documented-commands";
import { filesOf, textOf } from "../support/sources";
import { ELSEWHERE, ON_A_CHECKOUT, WITHOUT_CLUSTERS } from "./command-runs";

const commands = documentedCommands();
const typed = new Set(commands.map(({ command }) => command));

describe("the commands of the pages", () => {
  it("are each run by a test", () => {
    const run = new Set([...Object.keys(WITHOUT_CLUSTERS), ...ON_A_CHECKOUT, ...Object.keys(ELSEWHERE)]);
    expect(commands.filter(({ command }) => !run.has(command))).toEqual([]);
    expect([...run].filter((command) => !typed.has(command))).toEqual([]);
  });

  it.each(Object.entries(ELSEWHERE))("are run elsewhere by a test that exists: %s", (_, { file, test }) => {
    expect(filesOf(file)).toEqual([file]);
    const names = [...textOf(file).matchAll(/\bit(?:Whole)?(?:\.each\([\s\S]*?\))?\(\s*(["'`])([\s\S]*?)\1,/g)].map(
      ([, , name]) => name,
    );
    expect(names.filter((name) => name?.startsWith(test))).toHaveLength(1);
  });
});

describe("without a cluster", () => {
  const project = mkdtempSync(join(tmpdir(), "fw-docs-"));

  beforeAll(async () => {
    await ensureUpstream();
    for (const part of ["Pulumi.yaml", "environments", "examples/refused.yaml"]) {
      cpSync(join(packageRoot(), part), join(project, part), { recursive: true });
    }
    cpSync(join(packageRoot(), "examples", "refused.yaml"), join(project, "pod.yaml"));
    symlinkSync(join(packageRoot(), "bin"), join(project, "bin"));
  }, 300_000);

  afterAll(() => rmSync(project, { recursive: true }));

  it.each(Object.entries(WITHOUT_CLUSTERS))("%s exits %i", async (command, expected) => {
    const { exitCode, all } = await execa("sh", ["-c", command], { cwd: project, reject: false, all: true });
    expect({ exitCode, all }).toEqual({ exitCode: expected, all: expect.any(String) });
  });
});
