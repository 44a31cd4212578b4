/**
 * A text in quotes may go on in lines that stand no deeper than its key: go-yaml reads it, and prints it so, and the library for
 * YAML does not. Those lines are moved to the right here, which changes neither what is said nor on which line.
 */

/** The rest of a line from where a value in quotes begins: its key or dash, the quote, and what follows. */
const OPENS = /^(\s*)(?:- +)*(?:[^\s'"#&*|>{[][^'"]*: +|- +)?(['"])(.*)$/;

/** For a text that cannot be read as it stands. */
export function withDeeperQuotes(text: string): string {
  let open: { readonly quote: string; readonly indent: number } | undefined;
  return text
    .split("\n")
    .map((line) => {
      if (open) {
        const { indent, quote } = open;
        if (closes(line, quote)) open = undefined;
        const own = line.length - line.trimStart().length;
        return line.trim() === "" || own > indent ? line : `${" ".repeat(indent + 1)}${line.trimStart()}`;
      }
      const [, before = "", quote, rest = ""] = OPENS.exec(line) ?? [];
      if (quote !== undefined && !closes(rest, quote)) open = { quote, indent: before.length };
      return line;
    })
    .join("\n");
}

/** Whether the text that is open ends in this line: two single quotes, and a quote behind a backslash, are part of it. */
function closes(line: string, quote: string): boolean {
  const inside = quote === "'" ? line.replaceAll("''", "") : line.replaceAll(/\\./g, "");
  return inside.includes(quote);
}
