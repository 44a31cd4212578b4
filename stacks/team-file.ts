/** Faults of a file that a team writes: each with its path, its value and its line. */
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";

/** One wrong place of an input file. */
export interface Fault {
  /** Where: `clusters.hub.role`. */
  readonly path: string;
  /** What stands there, as the user wrote it; undefined when it is missing. */
  readonly value: unknown;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Line in the file, from 1, where it is known. */
  readonly line?: number;
}

/** A place of a file, and the sentence that says what is wrong there. */
export interface Place {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A file of YAML, and how to speak of its places. */
export class TeamFile {
  readonly #document: Document;
  readonly #lines = new LineCounter();
  /** What stands in it, unchecked; `{}` where it is empty or no YAML. */
  readonly raw: unknown;
  /** Why it is no YAML. */
  readonly syntaxFaults: readonly Fault[];

  constructor(text: string) {
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: true });
    this.#document = document;
    this.syntaxFaults = document.errors.map((error) => ({
      path: "",
      value: undefined,
      message: `not YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}`,
      line: error.linePos?.[0].line,
    }));
    this.raw = document.errors.length > 0 ? {} : (document.toJS() ?? {});
  }

  fault({ message, path }: Place): Fault {
    return { path: dotted(path), value: valueAt(this.raw, path), message, line: this.lineOf(path) };
  }

  /** What a schema finds: each field that it does not know is a fault of its own. */
  shapeFaults(error: z.ZodError | undefined): Fault[] {
    return (error?.issues ?? []).flatMap((issue) => {
      if (issue.code !== "unrecognized_keys") {
        return [this.fault({ path: issue.path, message: lowerFirst(issue.message) })];
      }
      const message = "no such field; fields are spelt exactly as the reference page lists them";
      return issue.keys.map((key) => this.fault({ path: [...issue.path, key], message }));
    });
  }

  /** Line of the deepest part of the path that stands in the file; a key's own line, not its value's. */
  lineOf(path: readonly PropertyKey[]): number | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = this.#document.getIn(path.slice(0, length - 1), true);
      const last = path[length - 1];
      const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(last)) : undefined;
      const node = pair?.key ?? this.#document.getIn(path.slice(0, length), true);
      const offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0];
      if (offset !== undefined) return this.#lines.linePos(offset).line;
    }
    return undefined;
  }
}

const dotted = (path: readonly PropertyKey[]) =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === "object" ? Reflect.get(at, key) : undefined),
    raw,
  );
}
