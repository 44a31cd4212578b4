/** Which revision of the project a drill rebuilds from: a rebuild from files that only this machine has proves nothing. */
import { execa } from "execa";

/** What git says of the project. */
export interface Revision {
  /** Full hash of the commit; undefined where there is none. */
  readonly commit: string | undefined;
  /** Files of the project that differ from the commit. */
  readonly changed: readonly string[];
  /** Names of remotes. */
  readonly remotes: readonly string[];
  /** Whether a remote's branch, as it was last fetched or pushed, holds the commit. */
  readonly pushed: boolean;
}

/** Reads it; undefined where the folder is in no git repository, or git is not there. */
export async function readRevision(root: string): Promise<Revision | undefined> {
  const git = async (...words: string[]) => {
    const { exitCode, failed, stdout } = await execa("git", ["-C", root, ...words], { reject: false });
    return failed || exitCode !== 0 ? undefined : stdout;
  };
  if ((await git("rev-parse", "--is-inside-work-tree")) !== "true") return undefined;
  const [commit, status, remotes, branches] = await Promise.all([
    git("rev-parse", "--verify", "HEAD"),
    // what runs here is no part of what is rebuilt from
    git("status", "--porcelain", "--untracked-files=all", "--", ".", ":(exclude).fleetwright"),
    git("remote"),
    git("branch", "--remotes", "--contains", "HEAD"),
  ]);
  return {
    commit,
    changed: (status ?? "").split("\n").flatMap((line) => (line ? [line.slice(3)] : [])),
    remotes: (remotes ?? "").split("\n").filter(Boolean),
    pushed: (branches ?? "").trim() !== "",
  };
}

/**
 * Why a drill may not rebuild from a revision, as a sentence with its cure; undefined where it may.
 *
 * @param isSandbox whether the clusters are this machine's own: then what was not pushed may be tried
 */
export function revisionFault(
  revision: Revision | undefined,
  isSandbox: boolean,
): { readonly message: string; readonly cure: string } | undefined {
  if (!revision?.commit) return { message: "the project has no git commit to be rebuilt from", cure: "commit it" };
  const { changed, pushed, remotes } = revision;
  if (changed.length > 0) {
    const some = `${changed.slice(0, 3).join(", ")}${changed.length > 3 ? ` and ${changed.length - 3} more` : ""}`;
    return {
      message: `${some}: not as the last commit has it, so a rebuild elsewhere would differ`,
      cure: "commit it",
    };
  }
  if (isSandbox || pushed) return undefined;
  return remotes.length === 0
    ? { message: "no remote has the project, and this machine may be lost with the cluster", cure: "add one, and push" }
    : { message: `commit ${revision.commit.slice(0, 12)} was not pushed to ${remotes.join(" or ")}`, cure: "push it" };
}
