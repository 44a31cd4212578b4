/** One document of a manifest as the value that kubectl would send, or what is wrong with it. */
import {
  type Document,
  isCollection,
  isNode,
  isScalar,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  visit,
} from "yaml";
import { goScalars } from "./go-scalars";
import { withDeeperQuotes } from "./quoted-lines";

/** What is wrong, and where. */
export interface DocumentFault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** A document: its value, or its faults. */
export interface ManifestDocument {
  /** Where it begins, from 1. */
  readonly line: number;
  /** null for an empty one, undefined where there are faults. */
  readonly value: unknown;
  readonly faults: readonly DocumentFault[];
}

/** YAML 1.1 with merge keys, as kubectl reads it. A key that stands twice is a fault: readers differ on which counts. */
export function manifestDocuments(text: string): ManifestDocument[] {
  const documents = documentsOf(text);
  if (documents.every(({ faults }) => faults.length === 0)) return documents;
  const other = documentsOf(withDeeperQuotes(text));
  return other.every(({ faults }) => faults.length === 0) ? other : documents;
}

function documentsOf(text: string): ManifestDocument[] {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  // keys are compared here: the library compares each with each
  const options = { lineCounter, version: "1.1", merge: true, prettyErrors: true, uniqueKeys: false } as const;
  return parseAllDocuments(text, { ...options, customTags: goScalars }).map((document) => {
    const line = lineAt(document.contents?.range?.[0] ?? document.range[0]);
    try {
      const faults = faultsOf(document, lineAt, line);
      if (faults.length > 0) return { line, value: undefined, faults };
      const value: unknown = document.toJS();
      if (!isEndless(value)) return { line, value, faults };
      const message = "an alias (*) stands within what it repeats: write out what it stands for";
      return { line, value: undefined, faults: [{ line, message }] };
    } catch (error) {
      // what is nested too deep, and aliases that multiply without bound, is refused when it is walked, not when it is read
      return { line, value: undefined, faults: [{ line, message: sentenceOf(error) }] };
    }
  });
}

function faultsOf(document: Document<ParsedNode>, lineAt: (offset: number) => number, first: number): DocumentFault[] {
  const { explicit, version } = document.directives?.yaml ?? {};
  if (explicit && version !== "1.1") {
    return [{ line: first, message: `%YAML ${version} is asked for, and kubectl reads 1.1 alone: leave the line out` }];
  }
  const said = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? first,
    message: sentenceOf(error),
  }));
  const deep = said.find(({ message }) => message === TOO_DEEP);
  if (deep) return [deep];
  return [...said, ...faultyKeys(document, lineAt)];
}

/** Keys that are no texts, as `{{ … }}` of a template is, and keys that stand twice in a map. */
function faultyKeys(document: Document<ParsedNode>, lineAt: (offset: number) => number): DocumentFault[] {
  const faults: DocumentFault[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const fault = (message: string) => faults.push({ line: lineAt((isNode(key) && key.range?.[0]) || 0), message });
        if (isCollection(key)) fault("a key must be a text: is this a template that was not rendered?");
        else if (isScalar(key) && key.value !== "<<") {
          const name = String(key.value);
          if (seen.has(name)) fault(`Map keys must be unique, "${name}" stands twice`);
          seen.add(name);
        }
      }
    },
  });
  return faults;
}

const TOO_DEEP = "lists and maps are nested too deep to be read";

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/call stack/i.test(message)) return TOO_DEEP;
  return message.split("\n")[0]?.replace(/:$/, "") ?? message;
}

function isEndless(value: unknown, within: readonly object[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (within.includes(value)) return true;
  return Object.values(value).some((inner) => isEndless(inner, [...within, value]));
}
