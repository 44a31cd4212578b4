/** Drills by the command, on real clusters that are really lost. The tests follow one another. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import type { DrillReport } from "../../lifecycle/drill/report";
import { pauseHostProgram, resumeHostProgram } from "../../sandbox/sandbox";
import { temporaryFolder } from "../sandbox/temporary-folder";
import { oneRuleEnvironment } from "../support/environments";
import { TestProject } from "../support/project";
import { describeWhole } from "../support/whole";

jest.setTimeout(900_000);

const home = process.env.XDG_STATE_HOME;
process.env.XDG_STATE_HOME = temporaryFolder();
const project = new TestProject();
const CLUSTERS = ["hub", "east"];

interface Drilled {
  readonly exitCode: number | undefined;
  readonly report: DrillReport;
  /** What it told meanwhile. */
  readonly told: string;
}

async function fleetwright(...words: string[]) {
  return execa(join(packageRoot(), "bin", "fleetwright"), words, { cwd: project.root, reject: false });
}

async function drill(...words: string[]): Promise<Drilled> {
  const { exitCode, stderr, stdout } = await fleetwright("drill", ...words, "-e", "test", "--json");
  if (!stdout.startsWith("{"))
    throw new Error(`fleetwright drill ${words.join(" ")} ended with ${exitCode}:\n${stderr}`);
  return { exitCode, report: JSON.parse(stdout) as DrillReport, told: stderr };
}

const git = (...words: string[]) =>
  execa("git", ["-C", project.root, "-c", "user.name=test", "-c", "user.email=test@localhost", ...words]);
const uidOf = (cluster: string) =>
  project.read(cluster, "get configmap identity --namespace=fleetwright-system --output=jsonpath={.metadata.uid}");
const message = ({ findings }: DrillReport, name: string) => findings.find((finding) => finding.name === name)?.message;

/** The report of a drill that passed; else all that was wrong. */
function passed({ exitCode, report, told }: Drilled): DrillReport {
  if (report.verdict !== "passed") throw new Error(`${report.verdict}: ${report.reasons.join("\n")}\n${told}`);
  expect(exitCode).toBe(0);
  return report;
}

beforeAll(async () => {
  project.environment("test", oneRuleEnvironment(...CLUSTERS));
  await project.stack("test", "test");
  await project.start(...CLUSTERS);
  await project.succeed("up --yes --skip-preview");
  project.write(".gitignore", ".fleetwright/\n.kube/\nnode_modules\n");
  await git("init");
  await git("add", ".");
  await git("commit", "-m", "all");
});
afterAll(async () => {
  await project.dispose();
  delete process.env.XDG_STATE_HOME;
  if (home !== undefined) process.env.XDG_STATE_HOME = home;
});

describeWhole("a drill that lacks a precondition", () => {
  it("is void and loses nothing: neither where files are not committed, nor where admission is dead", async () => {
    const before = await uidOf("east");
    const file = join(project.root, "notes.txt");
    writeFileSync(file, "");
    await pauseHostProgram(project.sandbox, "east", "gatekeeper-controller-manager");
    const { exitCode, report } = await drill("east");
    rmSync(file);
    await resumeHostProgram(project.sandbox, "east", "gatekeeper-controller-manager");
    expect([exitCode, report.verdict, report.rtoSeconds]).toEqual([5, "void", null]);
    const lacking = report.preconditions.filter(({ ok }) => !ok).map(({ name }) => name);
    expect(lacking).toEqual(["revision", "admission of east, forbidden Pod", "admission of east, allowed Pod"]);
    expect(report.phases.map(({ name }) => name)).toEqual(["preconditions"]);
    expect(await uidOf("east")).toBe(before);
  });
});

describeWhole("a cluster", () => {
  let first: DrillReport;

  it("is lost with its data, and brought back by the lines of its runbook, and the other is not touched", async () => {
    const [hub, east] = await Promise.all(CLUSTERS.map(uidOf));
    first = passed(await drill("east", "--restore"));
    expect(await uidOf("hub")).toBe(hub);
    expect(await uidOf("east")).not.toBe(east);
    expect(first.phases.map(({ name }) => name)).toEqual([
      ...[
        "preconditions",
        "picture",
        "data",
        "lose",
        "strike",
        "rebuild",
        "credentials",
        "restore",
        "admission",
        "clean",
      ],
      "comparison",
    ]);
    expect(message(first, "loss of east")).toBe("what was written after the drill began is gone with the cluster");
    expect(message(first, "admission of east: a forbidden Pod is refused")).toContain("which moves: name a version");
    expect(message(first, "data of east, object")).toMatch(/^restored as written/);
    expect(message(first, "data of east, volume")).toMatch(/^restored as written/);
    expect(message(first, "hub untouched")).toMatch(/^\d{2,} objects and \d+ pods are those that were there/);
    expect(first.rtoSeconds).toBeGreaterThan(0);
  });

  it("is not back when the restore brings data from before the drill, however green all else is", async () => {
    const { exitCode, report } = await drill("east", "--restore", first.id);
    expect([exitCode, report.verdict]).toEqual([3, "failed"]);
    expect(report.findings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      "data of east, object",
      "data of east, volume",
    ]);
    expect(report.reasons[0]).toContain("before this drill began");
  });
});

describeWhole("a state", () => {
  it("is lost and taken back: nothing is made anew, nothing changes, no pod restarts", async () => {
    const uids = await Promise.all(CLUSTERS.map(uidOf));
    const report = passed(await drill("hub", "--state-lost"));
    expect(await Promise.all(CLUSTERS.map(uidOf))).toEqual(uids);
    expect(message(report, "replacements")).toMatch(/^\d+ created; nothing was replaced or deleted$/);
    for (const cluster of CLUSTERS)
      expect(message(report, `${cluster} untouched`)).toMatch(/none changed and none restarted$/);
  });
});

describeWhole("results", () => {
  it("are kept, listed and signed: a changed one is told", async () => {
    const { stdout } = await fleetwright("drill", "--list", "--json");
    const { results } = JSON.parse(stdout) as { results: { file: string; verdict: string; signature: string }[] };
    expect(results.map(({ verdict }) => verdict)).toEqual(["void", "passed", "failed", "passed"]);
    expect(new Set(results.map(({ signature }) => signature))).toEqual(new Set(["valid"]));
    const file = results[2]?.file ?? "";
    expect((await fleetwright("drill", "--verify", file)).exitCode).toBe(0);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('"failed"', '"passed"'));
    expect((await fleetwright("drill", "--verify", file)).exitCode).toBe(3);
  });
});

// each rebuilds again what was rebuilt above, by other ways
describeWhole("the other runbooks", () => {
  it.each([
    ["two clusters lost", ["hub", "east"]],
    ["a cluster that moved", ["east", "--scenario", "endpoint-moved"]],
    ["the state and a cluster lost", ["east", "--scenario", "state-and-cluster-lost"]],
    ["a rebuild killed half-way", ["east", "--scenario", "interrupted-up", "--seed", process.env.SEED ?? "1"]],
  ])("bring back %s", async (_, words) => {
    passed(await drill(...words));
  });
});
