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
      const lines = (language === "sh" ? joined(block) : block.split("\n")).map((line) =>
        line.trim().replace(/ +# .*$/, ""),
      );
      return lines
        .filter((line) => line !== "" && !line.startsWith("#") && (language === "sh" || PROGRAMS.test(`${line} `)))
        .map((line) => ({ page, command: line.split(/ {2,}/)[0] ?? "" }));
    }),
  );
}

/** The commands of a block, each on one line: one that ends in a backslash or within quotes goes on in the next. */
function joined(block: string): string[] {
  const commands: string[] = [];
  let open = false;
  for (const line of block.split("\n").map((text) => text.trim())) {
    const last = open ? commands.pop() : undefined;
    const command = last === undefined ? line : `${last.replace(/\\$/, "").trimEnd()} ${line}`;
    commands.push(command);
    open = command.endsWith("\\") || (command.split("'").length - 1) % 2 === 1;
  }
  return commands;
}
