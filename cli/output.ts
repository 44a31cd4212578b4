/**
 * How every verb answers: one shape of document for machines, one kind of error, one set of exit codes.
 */
import { stringify } from "yaml";

/** `table` for people; `json` and `yaml` are one document on stdout and nothing else there. */
export type Format = "table" | "json" | "yaml";

/** The format that a command's words ask for, read from the words themselves: an error may come before they are parsed. */
export function formatOf(words: readonly string[]): Format {
  const asked = words.flatMap((word, index) => {
    if (word === "--json") return "json";
    if (word === "-o" || word === "--output") return words[index + 1] ?? [];
    return /^(?:-o|--output=)(.+)$/.exec(word)?.[1] ?? [];
  });
  return asked.find((format) => format === "json" || format === "yaml") ?? "table";
}

/** 2 bad input or usage · 3 refused · 4 not ready · 5 could not be known · 7 changes where none were expected. */
export type ExitCode = 2 | 3 | 4 | 5 | 7;

/** One wrong place of an input. */
export interface CliFault {
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
}

/** What a user can mend: printed as a sentence, never with a stack trace. */
export class CliError extends Error {
  override readonly name = "CliError";

  /** @param code what went wrong in one word for machines, such as `EnvironmentInvalid` */
  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode,
    readonly faults: readonly CliFault[] = [],
  ) {
    super(message);
  }
}

/** Prints `{ "apiVersion": "fleetwright/v1", "kind": …, …body }` to stdout. */
export function printDocument(kind: string, body: object, format: Exclude<Format, "table">): void {
  const document = { apiVersion: "fleetwright/v1", kind, ...body };
  process.stdout.write(format === "json" ? `${JSON.stringify(document, null, 2)}\n` : stringify(document));
}

/** Prints an error: a sentence on stderr, or with a machine format the error document on stdout. */
export function printError(error: CliError, format: Format): void {
  if (format === "table") {
    process.stderr.write(`fleetwright: ${error.message}\n`);
    return;
  }
  const { code, message, faults } = error;
  printDocument("Error", { error: { code, message, faults } }, format);
}
