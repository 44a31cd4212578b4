/** What a program's log tells of its end. */
import { open } from "node:fs/promises";

/** Opens each run of a host program in its log, so that no error of an earlier one is told. */
export const START_MARK = "fleetwright: started at";

/** How much of a log is read: more than the stack under a panic, less than a second's worth of a talkative program. */
const TAIL_BYTES = 32 * 1024;

/** The line of a log that best tells why its program died or does not work; undefined when there is none. */
export async function lastError(log: string): Promise<string | undefined> {
  return tellingLine(await tail(log));
}

/**
 * Of what a program wrote since it was last started: the last line that speaks of an error, else the last line. A Go panic is told by its
 * first line, not by the stack under it; of a line of JSON, message and error are told.
 */
export function tellingLine(text: string): string | undefined {
  const lines = text
    .slice(Math.max(0, text.lastIndexOf(START_MARK)))
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith(START_MARK));
  const telling = lines.findLast((line) =>
    /"level":"(error|fatal|panic)"|^[EF]\d{4} |^(panic|fatal error):|^flag provided/.test(line),
  );
  const line = telling ?? lines.at(-1);
  return line === undefined ? undefined : plain(line).slice(0, 300);
}

function plain(line: string): string {
  try {
    const { msg, error } = JSON.parse(line) as { msg?: unknown; error?: unknown };
    return [msg, error].filter((part) => typeof part === "string").join(": ") || line;
  } catch {
    return line;
  }
}

async function tail(file: string): Promise<string> {
  const handle = await open(file, "r").catch(() => undefined);
  if (!handle) return "";
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8");
  } finally {
    await handle.close();
  }
}
