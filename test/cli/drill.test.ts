/** The verb without clusters: what it says before anything is lost, and that nothing is. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import { fleetwright } from "../../cli/fleetwright";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { temporaryFolder } from "../sandbox/temporary-folder";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

const before = { folder: process.cwd(), state: process.env.XDG_STATE_HOME };
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  process.env.XDG_STATE_HOME = join(folder, "state");
  mkdirSync(join(folder, "environments"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: team\n");
  writeFileSync(join(folder, "environments", "dev.yaml"), stringify(sandboxEnvironment("hub", "east")));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before.folder);
  process.exitCode = undefined;
  delete process.env.XDG_STATE_HOME;
  if (before.state !== undefined) process.env.XDG_STATE_HOME = before.state;
});

/** Runs the command and gives what it printed, and how it ended. */
async function run(...words: string[]) {
  const out = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const err = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  process.exitCode = 0;
  try {
    const error = await fleetwright()
      .parseAsync(["drill", ...words], { from: "user" })
      .then(
        () => undefined,
        (thrown: Error & { exitCode?: number }) => thrown,
      );
    const text = [out, err].flatMap((spy) => spy.mock.calls.map(([said]) => String(said))).join("");
    return { text, message: error?.message ?? "", exitCode: error?.exitCode ?? process.exitCode };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

describe("fleetwright drill", () => {
  it("says the lines that it would run, and does nothing", async () => {
    const { exitCode, text } = await run("east", "--plan");
    expect(exitCode).toBe(0);
    expect(text).toContain("  fleetwright sandbox wipe east\n");
    expect(text).toContain("  pulumi preview --expect-no-changes\n");
    const document = JSON.parse((await run("east", "--state-lost", "--plan", "--json")).text);
    expect(document).toMatchObject({ kind: "DrillPlan", name: "state-lost", alive: true, clusters: ["east"] });
    expect(existsSync(join(folder, ".fleetwright"))).toBe(false);
  });

  it.each([
    [[], "clusters is []: name at least one of hub, east"],
    [["west"], 'clusters is "west": stack dev holds hub, east'],
    [["east", "east"], 'clusters is ["east","east"]: names one twice'],
    [["east", "--scenario", "authority-lost"], "environments/dev.yaml has no components.certManager.caSecretName"],
    [["east", "--seed", "-1"], "must be a whole number"],
    [["east", "--scenario", "fire"], "Allowed choices are cluster-lost, state-lost"],
    [["--verify", "Pulumi.yaml"], "Pulumi.yaml is no result of a drill"],
  ])("refuses %j, and loses nothing", async (words, sentence) => {
    const { message } = await run(...words);
    expect(message).toContain(sentence);
    expect(existsSync(join(folder, ".fleetwright"))).toBe(false);
  });

  it("drills only what the stack holds", async () => {
    writeFileSync(join(folder, "Pulumi.dev-hub.yaml"), stringify({ config: { "fleetwright:cluster": "hub" } }));
    const { message } = await run("east", "--stack", "dev-hub");
    expect(message).toContain('clusters is "east": stack dev-hub holds hub');
  });

  it("loses nothing outside of a sandbox, and says what to type instead", async () => {
    const production = join(packageRoot(), "examples", "prod", "environments", "prod.yaml");
    const { exitCode, message } = await run("eu-1", "-e", production);
    expect(message).toContain(
      "environment prod is no sandbox, and a drill loses nothing that is not this machine's own",
    );
    expect(message).toContain("pulumi state delete --yes --target-dependents");
    expect(message).not.toContain("sandbox wipe");
    expect(exitCode).toBe(3);
  });

  it("has no results where none were kept", async () => {
    expect((await run("--list")).text).toMatch(/^No result is kept in .*\/\.fleetwright\/drills\.\n$/);
  });
});
