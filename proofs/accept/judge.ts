/** Renders an environment and lets each program judge its part. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageRef, readImageLock } from "../../components/images";
import { installedTools } from "../../sandbox/toolchain/tools";
import type { Environment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import type { FileVerdict, Program, RenderedCluster } from "./program";
import { type AcceptReport, isSameMinor, type ProgramReport, type SkippedProgram } from "./report";

/** A program on this machine. */
export type FoundTool = Pick<ReturnType<typeof installedTools>[number], "tool" | "version" | "path">;

const NOT_BUILT = "not built here: `npm run accept` without --no-build builds it";
const NOTHING_RENDERED = "this environment renders no file for it, so it has judged nothing";

/**
 * Lets every program judge what it is installed for.
 *
 * @param tools those on this machine; a program that is not among them is skipped by name
 */
export async function judged(
  environment: Environment,
  programs: readonly Program[],
  tools: readonly FoundTool[] = installedTools(),
): Promise<AcceptReport> {
  const mirror = { registryMirror: environment.images.mirror };
  const clusters = [...render(environment)].map(
    ([name, components]): RenderedCluster => ({
      name,
      objects: [...components.values()].flat(),
      environment,
      imageRef: (image) => imageRef(image, mirror),
    }),
  );
  const reports: ProgramReport[] = [];
  const skipped: SkippedProgram[] = [];
  for (const program of programs) {
    const found = tools.find(({ tool }) => tool === program.tool);
    const files = found ? await verdicts(program, found.path, clusters) : [];
    if (found && files.length > 0) reports.push(reportOf(program, found, files));
    else skipped.push({ name: program.tool, reason: found ? NOTHING_RENDERED : NOT_BUILT });
  }
  const accepted = reports.filter((report) => report.accepted).length;
  return {
    environment: environment.name,
    programs: reports,
    skipped,
    summary: { accepted, refused: reports.length - accepted, skipped: skipped.length },
  };
}

async function verdicts(program: Program, path: string, clusters: readonly RenderedCluster[]): Promise<FileVerdict[]> {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  const all: FileVerdict[] = [];
  try {
    for (const cluster of clusters) {
      const own = join(folder, cluster.name);
      mkdirSync(own);
      all.push(...(await program.judge(path, cluster, own)));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return all;
}

function reportOf({ image, tool }: Program, { version }: FoundTool, files: readonly FileVerdict[]): ProgramReport {
  const deployed = (readImageLock()[image]?.tag ?? "none").replace(/^v/, "");
  const refused = files.filter(({ message }) => message !== undefined);
  const accepted = refused.length === 0;
  const message = accepted
    ? "accepts every file"
    : refused.map(({ file, message: why }) => `${file}: ${why}`).join("\n");
  return {
    name: tool,
    version,
    deployed,
    validatedBy: `${tool} ${version}`,
    sameMinor: isSameMinor(version, deployed),
    files: files.length,
    accepted,
    message,
  };
}
