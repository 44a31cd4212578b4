/** Where the results of drills are kept: one signed document per file, by date. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { DrillReport } from "./report";
import type { Signed } from "./signed-report";

/** What is read of a kept document before its signature is looked at. */
const Kept = z.looseObject({
  apiVersion: z.literal("fleetwright/v1"),
  kind: z.literal("DrillReport"),
  id: z.string(),
  environment: z.string(),
  scenario: z.string(),
  clusters: z.array(z.string()),
  objects: z.record(z.string(), z.number()),
  startedAt: z.string(),
  rtoSeconds: z.number().nullable(),
  verdict: z.enum(["passed", "failed", "void"]),
});

/** A document as it is kept. */
export type KeptReport = Signed<DrillReport & { readonly apiVersion: string; readonly kind: string }>;

/** What is no result of a drill. */
export class NoDrillReport extends Error {
  override readonly name = "NoDrillReport";
}

/** Where results go that nobody has a place for: below what git ignores, and beside the instances, so that `down` leaves them. */
export const historyFolder = (root: string) => join(root, ".fleetwright", "drills");

/** Writes a document down; returns the file. */
export function keep(folder: string, report: KeptReport): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${report.id}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/** @throws NoDrillReport when the file is none */
export function readReport(file: string): KeptReport {
  try {
    const document: unknown = JSON.parse(readFileSync(file, "utf8"));
    Kept.parse(document);
    return document as KeptReport;
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ")
        : (error as Error).message;
    throw new NoDrillReport(`${file} is no result of a drill: ${why}`);
  }
}

/** All that are kept in a folder, oldest first; other files are passed over. */
export function readHistory(folder: string): { readonly file: string; readonly report: KeptReport }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name))
    .flatMap((file) => {
      try {
        return [{ file, report: readReport(file) }];
      } catch (error) {
        if (error instanceof NoDrillReport) return [];
        throw error;
      }
    })
    .sort((a, b) => a.report.startedAt.localeCompare(b.report.startedAt));
}
