/** The truth test on a real API server by the real engine: a sample, and all of it. `make prove` alone runs them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../../components/package-root";
import { missedTargets } from "../../../proofs/truth/report";
import { run } from "../../../proofs/truth/run";
import { describeWhole } from "../../support/whole";

jest.setTimeout(3_600_000);

/** Decides which changes: printed with the result, so that a failure can be run again. */
const SEED = 7;
const CHANGES = 4;

describeWhole("a preview", () => {
  it(`says what is then done, of ${CHANGES} changes by the seed ${SEED}`, async () => {
    const report = await run({ seed: SEED, sample: CHANGES, step: (_name, _seconds, work) => work() });
    expect({ missed: missedTargets(report), forbidden: report.forbiddenAnnounced }).toEqual({
      missed: [],
      forbidden: 0,
    });
    expect(report).toMatchObject({ changes: CHANGES, score: 1 });
    expect(report.objects).toBeGreaterThan(CHANGES - 2);
  });
});

describeWhole("the whole corpus", () => {
  it("is told truly, object by object, and docs/proof-truth.md is written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fleetwright-truth-report-"));
    const file = join(folder, "report.json");
    const program = join(packageRoot(), "dist", "proofs", "truth.js");
    const { all, exitCode } = await execa(process.execPath, [program, "--json", file], { all: true, reject: false });
    const report = JSON.parse(readFileSync(file, "utf8"));
    rmSync(folder, { recursive: true, force: true });
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(report).toMatchObject({ kind: "TruthReport", score: 1, forbiddenAnnounced: 0 });
    expect(report.changes).toBeGreaterThanOrEqual(25);
  });
});
