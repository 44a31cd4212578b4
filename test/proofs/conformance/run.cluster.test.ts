/** A sample of the proof on a real API server with real Gatekeeper; and all of it, which `make prove` alone runs. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../../components/package-root";
import { findTool } from "../../../policies/compile/tool";
import { errorsIn } from "../../../proofs/conformance/comparison";
import { verdicts } from "../../../proofs/conformance/run";
import type { RunArgs } from "../../../proofs/conformance/run-args";
import { inSession } from "../../../proofs/conformance/session";
import { describeWhole } from "../../support/whole";

jest.setTimeout(3_600_000);

const step: RunArgs["step"] = (_name, _seconds, work) => work(() => {});

describe("admission", () => {
  it("judges as previews and audits do, in a sample by a fixed seed", async () => {
    const args = {
      opa: findTool("opa") ?? "",
      gator: findTool("gator") ?? "",
      seed: 7,
      sample: 150,
      withCluster: true,
      step,
    };
    await inSession(args, async (session) => {
      const { answered, comparison } = await verdicts(session, args);
      const asked = (lane: "admission" | "webhook") => answered.filter(({ answers }) => answers.has(lane));
      expect(comparison.disagreements).toEqual([]);
      expect(errorsIn(answered)).toEqual([]);
      expect(asked("admission").length).toBeGreaterThan(10);
      expect(asked("admission").filter(({ answers }) => answers.get("admission")?.verdict === "deny")).not.toEqual([]);
      expect(asked("webhook").length).toBeGreaterThan(asked("admission").length);
      const unasked = answered.filter(
        ({ answers, excluded }) => !answers.has("admission") && !excluded.has("admission"),
      );
      expect(unasked).toEqual([]);
    });
  });
});

describeWhole("the whole proof", () => {
  it("meets every target of `npm run conformance`, which writes docs/proof-conformance.md", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fleetwright-conformance-report-"));
    const file = join(folder, "report.json");
    const program = join(packageRoot(), "dist", "proofs", "conformance.js");
    const { exitCode, all } = await execa(process.execPath, [program, "--json", file], { all: true, reject: false });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: expect.any(String) });
    const report = JSON.parse(readFileSync(file, "utf8"));
    rmSync(folder, { recursive: true });
    expect(report).toMatchObject({ agreement: 1, engineErrors: 0, psa: { missed: 0, falselyDenied: 0 } });
    expect(report.verdicts).toBe(report.possibleVerdicts);
  });
});
