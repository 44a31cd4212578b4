/** The release before this checkout, as git has it: what an upgrade starts from. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../components/package-root";
import { readToolchain, type Toolchain } from "../../sandbox/toolchain/lock";
import { installedTools } from "../../sandbox/toolchain/tools";

/** A release whose sources lie in a folder of their own. */
export interface PreviousRelease {
  /** `v1.2.3` */
  readonly tag: string;
  readonly folder: string;
  readonly toolchain: Toolchain;
}

/** The newest tag `v…` that is older than this commit; undefined where there is none, or no git. */
export function previousTag(checkout = packageRoot()): string | undefined {
  const words = ["tag", "--list", "v[0-9]*", "--no-contains", "HEAD", "--sort=-version:refname"];
  try {
    return git(checkout, words).toString("utf8").split("\n")[0] || undefined;
  } catch {
    return undefined;
  }
}

/** Lays the sources of a tag out. The caller removes the folder. */
export function checkedOut(tag: string): PreviousRelease {
  const folder = mkdtempSync(join(tmpdir(), "fw-previous-"));
  try {
    execFileSync("tar", ["-x", "-C", folder], { input: git(packageRoot(), ["archive", tag]) });
    return { tag, folder, toolchain: readToolchain(join(folder, "sandbox", "toolchain")) };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

/** The tools of a release that are not installed here: it runs with its own, and building them takes half an hour. */
export function missingTools({ toolchain }: PreviousRelease): string[] {
  const installed = installedTools(toolchain).map(({ tool }) => tool);
  return toolchain.tools.filter(({ name, set }) => set === "core" && !installed.includes(name)).map(({ name }) => name);
}

function git(checkout: string, words: readonly string[]): Buffer {
  return execFileSync("git", words, {
    cwd: checkout,
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
}
