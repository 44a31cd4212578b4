/** Faults of a file that a team writes: each with its path, its value and its line. */
import { type Document, isMap, LineCounter, parseDocument, visit, type YAMLParseError } from "yaml";
import type { z } from "zod";
import { shapeSentence } from "../components/shape-sentence";

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
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: true, logLevel: "error" });
    this.#document = document;
    const errors = document.errors.map((error) => ({
      path: "",
      value: undefined,
      message: whyNotYaml(error),
      line: error.linePos?.[0].line,
    }));
    const faults = errors.length > 0 ? errors : this.#strayAliases();
    const raw = faults.length > 0 ? {} : plainValue(document);
    this.syntaxFaults = raw === undefined ? [ENDLESS] : faults;
    this.raw = raw ?? {};
  }

  fault({ message, path }: Place): Fault {
    return { path: dotted(path), value: valueAt(this.raw, path), message, line: this.lineOf(path) };
  }

  /** What a schema finds: each field that it does not know is a fault of its own. */
  shapeFaults(error: z.ZodError | undefined): Fault[] {
    return (error?.issues ?? []).flatMap((issue) => {
      if (issue.code !== "unrecognized_keys") {
        const isMissing = valueAt(this.raw, issue.path) === undefined;
        const fault = this.fault({ path: issue.path, message: shapeSentence(issue, isMissing) });
        // what is wrong is how it is called, and not what stands there
        return [issue.code === "invalid_key" ? { ...fault, value: String(issue.path.at(-1)) } : fault];
      }
      const message = "no such field; fields are spelt exactly as the reference page lists them";
      return issue.keys.map((key) => this.fault({ path: [...issue.path, key], message }));
    });
  }

  /** Aliases of what nothing before them is called: the parser passes them over. */
  #strayAliases(): Fault[] {
    const faults: Fault[] = [];
    visit(this.#document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        const message = `not usable: *${alias.source} repeats what nothing before it is called, write &${alias.source} before what it stands for, or quote it`;
        const line = alias.range ? this.#lines.linePos(alias.range[0]).line : undefined;
        faults.push({ path: "", value: undefined, message, ...(line === undefined ? {} : { line }) });
      },
    });
    return faults;
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

/** What an alias that stands within what it repeats makes of a file, or aliases of aliases. */
const ENDLESS: Fault = {
  path: "",
  value: undefined,
  message: "not usable: its aliases (*) repeat one another without end, write out what they stand for",
};

function whyNotYaml({ code, message }: YAMLParseError): string {
  if (code === "MULTIPLE_DOCS") return "holds several documents: must be one, without --- between its fields";
  return `not YAML: ${message.split("\n")[0]?.replace(/:$/, "")}`;
}

/** What stands in a document; undefined where its aliases have no end. */
function plainValue(document: Document): unknown {
  try {
    const value: unknown = document.toJS() ?? {};
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}

const dotted = (path: readonly PropertyKey[]) =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === "object" ? Reflect.get(at, key) : undefined),
    raw,
  );
}
