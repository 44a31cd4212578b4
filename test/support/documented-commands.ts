/** The commands that the pages tell a reader to type. */
import { filesOf, textOf } from "./sources";

/** One line of a page's block of commands. */
export interface DocumentedCommand {
  /** `docs/how-to/add-a-cluster.md`. */
  readonly page: string;
  /** As it is typed: without the comment or the explanation behind it. */
  readonly command: string;
}

/** What a line must begin with to be a command, in a block that does not say that it holds commands. */
const PROGRAMS = /^(make|npm|npx|pulumi|kubectl|git|eval|fleetwright|bin\/fleetwright) /;

/** Every command of every page, in the order in which it stands there. */
export function documentedCommands(): DocumentedCommand[] {
  return filesOf(["*.md", "docs/**/*.md", "examples/**/*.md"]).flatMap((page) =>
    [...textOf(page).matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```/gm)].flatMap(([, language, block = ""]) => {
      if (language !== "sh" && language !== "") return [];
      const lines = block.split("\n").map((line) => line.trim().replace(/ +# .*$/, ""));
      return lines
        .filter((line) => line !== "" && !line.startsWith("#") && (language === "sh" || PROGRAMS.test(`${line} `)))
        .map((line) => ({ page, command: line.split(/ {2,}/)[0] ?? "" }));
    }),
  );
}
