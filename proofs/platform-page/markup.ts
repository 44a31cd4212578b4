/** Text that is already markup; everything else is escaped where it is put in. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | readonly (Markup | string | number)[];

/** A template whose values are escaped, unless they are markup themselves; lists are joined. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  const put = (part: Part): string => {
    if (typeof part === "string" || typeof part === "number") return escaped(String(part));
    return "markup" in part ? part.markup : part.map(put).join("");
  };
  return {
    markup: strings.map((text, index) => text + (index < parts.length ? put(parts[index] ?? "") : "")).join(""),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
