/**
 * Markdown of words that others wrote: names of objects, messages of API servers. Whatever they hold, they stay words:
 * no markup, no HTML, no mention of people, no second cell of a table.
 */

/** Longest text within a line: more is not read there. */
const LONGEST = 300;

/** Controls, and what turns the direction of text or is not seen at all: with them a name can look like another. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text as one piece of code within a line. */
export function code(text: string, longest = LONGEST): string {
  const line = oneLine(text, longest);
  const fence = "`".repeat(longestRun(line) + 1);
  return /^`|`$/.test(line) ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** The same in a table, where a bar would end the cell whatever stands before it. */
export const cell = (text: string): string => code(text.replaceAll("|", "\u00a6"));

/** A text in one line, without what is not seen. */
export function oneLine(text: string, longest = LONGEST): string {
  const line = visible(text).replace(/\s+/g, " ").trim() || "-";
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : line;
}

/** A text of several lines as a block. */
export function block(text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${visible(text).trimEnd()}\n${fence}`;
}

/** What is hidden in a page and found again by whoever wrote it: no character of it ends the comment. */
export const hiddenMark = (words: string): string => `<!-- ${encodeURIComponent(words).replaceAll("-", "%2D")} -->`;

/** A text without what is not seen; its lines stay. */
export const visible = (text: string): string => text.replaceAll("\r\n", "\n").replace(UNSEEN, "\ufffd");

const longestRun = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** A part that is folded away until somebody opens it. */
export interface Folded {
  /** Words of our own, without markup. */
  readonly title: string;
  /** Lines before the rows, such as the head of a table. */
  readonly head: readonly string[];
  /** What may be left out from the end on, a line each. */
  readonly rows: readonly string[];
}

/**
 * Puts a page together that is not longer than it may be: the first part whole, then as many rows of the folded ones as
 * there is room for, the earlier parts first. What is left out is said.
 *
 * @param most bytes of UTF-8, which is never less than characters
 * @param elsewhere where all of it is, as the end of a sentence
 */
export function boundedPage(first: string, parts: readonly Folded[], most: number, elsewhere: string): string {
  const lines = [first];
  let room = most - size(first);
  const left: string[] = [];
  for (const part of parts.filter(({ rows }) => rows.length > 0)) {
    const note = (count: number) => `_${count} of ${part.rows.length} are not shown: ${elsewhere}._`;
    const frame = (rows: readonly string[], cut: number) => [
      `<details><summary>${part.title} (${part.rows.length})</summary>`,
      "",
      ...part.head,
      ...rows,
      ...(cut > 0 ? ["", note(cut)] : []),
      "",
      "</details>",
      "",
    ];
    const least = size(frame([], part.rows.length).join("\n")) + 1;
    const reserved = parts.length * SENTENCE;
    let free = room - least - reserved;
    const shown = part.rows.filter((row) => {
      free = free < 0 ? free : free - size(row) - 1;
      return free >= 0;
    });
    if (shown.length === 0) {
      left.push(`${part.title} (${part.rows.length})`);
      continue;
    }
    const text = frame(shown, part.rows.length - shown.length).join("\n");
    room -= size(text) + 1;
    lines.push(text);
  }
  if (left.length > 0) lines.push(`_Left out for want of room: ${left.join(", ")}; ${elsewhere}._`);
  return `${lines.join("\n")}\n`;
}

/** Bytes that are kept free for each part that may have to be named as left out. */
const SENTENCE = 120;

const size = (text: string) => Buffer.byteLength(text, "utf8");
