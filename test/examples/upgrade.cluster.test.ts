/** A team moves from the previous release to this one: its own files stay, and no object of its cluster is replaced. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import { ensureTools } from "../../sandbox/toolchain/tools";
import { InstalledProject, packed } from "./installed-project";
import { checkedOut, missingTools, previousTag } from "./previous-release";

jest.setTimeout(900_000);

const tag = previousTag();
const release = tag === undefined ? undefined : checkedOut(tag);
const missing = release ? missingTools(release) : [];
const packages = mkdtempSync(join(tmpdir(), "fw-packages-"));

afterAll(() => {
  for (const folder of [release?.folder, packages]) if (folder) rmSync(folder, { recursive: true });
});

describe("an upgrade", () => {
  it("starts from the newest release before this commit, by version and not by letter", async () => {
    const checkout = join(packages, "checkout");
    // nothing of whoever runs the test: neither name nor signature
    const own = ["user.name=a", "user.email=a@example.com", "commit.gpgsign=false", "tag.gpgsign=false"];
    const git = (...words: string[]) =>
      execa("git", ["-C", checkout, ...own.flatMap((setting) => ["-c", setting]), ...words]);
    const commitTagged = async (...tags: string[]) => {
      await git("commit", "--allow-empty", "--message=a");
      for (const one of tags) await git("tag", one);
    };
    await execa("git", ["init", "--quiet", checkout]);
    expect(previousTag(checkout)).toBeUndefined();
    await commitTagged("v0.9.0");
    await commitTagged("v0.10.0", "vendor");
    expect(previousTag(checkout)).toBe("v0.9.0");
    await commitTagged("v0.11.0");
    expect(previousTag(checkout)).toBe("v0.10.0");
  });

  if (!release || missing.length > 0) {
    // jest counts it and shows its name, which says why
    const why = release ? `its tools are not installed here: ${missing.join(", ")}` : "git has no tag of one";
    it.skip(`from the previous release (${tag ?? "none"}) replaces nothing: not tried, ${why}`, () => undefined);
    return;
  }

  it(`from ${release.tag} replaces nothing, and then finds nothing to change`, async () => {
    const project = new InstalledProject(join(release.folder, "examples", "minimal"));
    try {
      const there = { cwd: release.folder };
      await execa("npm", ["ci", "--prefer-offline", "--ignore-scripts", "--loglevel=error"], there);
      await execa("npm", ["run", "build"], there);
      await ensureTools("core", undefined, release.toolchain);
      await project.install(await packed(release.folder, packages));
      await project.succeed("npx fleetwright sandbox up hub");
      await project.pulumiSucceeds("dev", "up --yes --skip-preview");

      await project.install(await packed(packageRoot(), packages));
      await project.succeed("npx fleetwright sandbox up hub");
      const { changeSummary, steps } = JSON.parse(await project.pulumiSucceeds("dev", "preview --json")) as {
        changeSummary: Record<string, number>;
        steps: { op: string; urn: string }[];
      };
      expect(Object.values(changeSummary).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
      expect(steps.filter(({ op }) => op.includes("replace"))).toEqual([]);
      await project.pulumiSucceeds("dev", "up --yes --skip-preview");
      await project.pulumiSucceeds("dev", "preview --expect-no-changes");
    } finally {
      await project.dispose();
    }
  });
});
