import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { filesOf, textOf } from "../support/sources";

const pages = filesOf(["*.md", "docs/**/*.md", "examples/**/*.md"]);

describe.each(pages)("%s", (page) => {
  const text = textOf(page);
  const prose = text.replace(/^```[\s\S]*?^```/gm, "");

  it("links to files and headings that exist", () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const broken = links.filter((target) => !/^https?:/.test(target)).filter((target) => !leadsSomewhere(page, target));
    expect(broken).toEqual([]);
  });

  it("names only files of the repository that exist", () => {
    const named = [...prose.matchAll(/`((?:[.\w-]+\/)+[\w.-]+\.(?:ts|md|yaml|yml|json|rego|html|svg|sh))`/g)];
    const folders = /^(components|stacks|policies|lifecycle|cli|sandbox|proofs|test|docs|examples|environments|bin)\//;
    const ours = named.map(([, path = ""]) => path).filter((path) => folders.test(path) && !EXAMPLES.test(path));
    expect(ours.filter((path) => !existsSync(join(packageRoot(), path)))).toEqual([]);
  });

  it("begins with its one title, and nests its headings", () => {
    const levels = prose.split("\n").flatMap((line) => /^(#+) /.exec(line)?.[1]?.length ?? []);
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });
});

/** What a reader is to write, in pages that show how. */
const EXAMPLES = /dns-cache|host-network|environments\/(prod|<\w+>)\.yaml/;

function leadsSomewhere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(packageRoot(), file))) return false;
  return anchor === undefined || !file.endsWith(".md") || anchorsOf(textOf(file)).includes(anchor);
}

/** As GitHub makes them from headings. */
function anchorsOf(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
    if (heading === undefined) return [];
    return heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
  });
}
