/** On real repositories: what git says is what counts. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { execa } from "execa";
import { readRevision, revisionFault } from "../../../lifecycle/drill/revision";
import { temporaryFolder } from "../../sandbox/temporary-folder";

let root: string;
const git = (...words: string[]) =>
  execa("git", ["-C", root, "-c", "user.name=test", "-c", "user.email=test@localhost", ...words]);
const fault = async (isSandbox: boolean) => revisionFault(await readRevision(root), isSandbox)?.message;

beforeEach(() => {
  root = temporaryFolder();
  writeFileSync(join(root, "Pulumi.yaml"), "name: team\n");
});

describe("a revision to rebuild from", () => {
  it("is none where nothing was committed", async () => {
    expect(await fault(true)).toBe("the project has no git commit to be rebuilt from");
    await git("init");
    expect(await fault(true)).toBe("the project has no git commit to be rebuilt from");
  });

  it("is one, in a sandbox, once everything is committed but what runs there", async () => {
    await git("init");
    await git("add", ".");
    await git("commit", "-m", "all");
    mkdirSync(join(root, ".fleetwright", "default"), { recursive: true });
    writeFileSync(join(root, ".fleetwright", "default", "kubeconfig"), "");
    expect(await fault(true)).toBeUndefined();
    writeFileSync(join(root, "new.yaml"), "");
    expect(await fault(true)).toBe("new.yaml: not as the last commit has it, so a rebuild elsewhere would differ");
    await git("add", ".");
    expect(await fault(true)).toMatch(/^new.yaml: /);
  });

  it("is one elsewhere once a remote has it", async () => {
    await git("init");
    await git("add", ".");
    await git("commit", "-m", "all");
    expect(await fault(false)).toBe("no remote has the project, and this machine may be lost with the cluster");
    const remote = temporaryFolder();
    await execa("git", ["init", "--bare", remote]);
    await git("remote", "add", "origin", remote);
    expect(await fault(false)).toMatch(/^commit [0-9a-f]{12} was not pushed to origin$/);
    await git("push", "origin", "HEAD");
    expect(await fault(false)).toBeUndefined();
    await git("commit", "--allow-empty", "-m", "later");
    expect(await fault(false)).toMatch(/was not pushed/);
  });
});
