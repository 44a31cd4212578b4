/** Runs the engine for what it says: its events as they come, and its own words where it fails. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { processEnvironment } from "./engine-environment";
import { type EngineEvent, parseEvent, plainMessage } from "./engine-event";
import { EngineRunError } from "./engine-run";

interface EngineStream {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  /** What `fleetwright env` prints; they name the stack. */
  readonly variables: ReadonlyMap<string, string>;
  /**
   * Words after `pulumi`. What changes something also needs `--yes --skip-preview`: `["up", "--yes", "--skip-preview"]`,
   * else its preview's events come before its own.
   */
  readonly words: readonly string[];
  /** Ends the run as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** Makes the engine tell a preview by its events; else `--json` of a preview is a digest without what policies found. */
const STREAMING = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

/** Lines that are kept of a run that failed without a diagnostic. */
const LAST_LINES = 20;

/** Diagnostics that an error repeats. */
const MOST_SAID = 60;

/**
 * Runs `pulumi <words> --json` and gives its events in their order. Whoever stops reading ends the run.
 *
 * @throws EngineRunError after the last event when the engine ends with anything but 0, as it does where a policy refuses;
 *   its message holds the engine's own diagnostics, and `exitCode` what it ended with
 */
export async function* engineEvents({ root, signal, variables, words }: EngineStream): AsyncGenerator<EngineEvent> {
  const engine = execa("pulumi", [...words, "--json", "--non-interactive", "--color=never"], {
    cwd: root,
    env: { ...processEnvironment(variables), ...STREAMING },
    extendEnv: false,
    buffer: false,
    reject: false,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const interrupt = () => engine.kill("SIGINT");
  signal?.addEventListener("abort", interrupt, { once: true });
  const said: string[] = [];
  const others: string[] = [];
  createInterface({ input: engine.stderr }).on("line", (line) => keep(others, line));
  let isOver = false;
  try {
    for await (const line of createInterface({ input: engine.stdout })) {
      const event = parseEvent(line);
      if (!event) {
        keep(others, line);
        continue;
      }
      const sentence = failureOf(event);
      if (sentence && said.length < MOST_SAID) said.push(sentence);
      yield event;
    }
    isOver = true;
  } finally {
    if (!isOver) interrupt();
    await engine;
    signal?.removeEventListener("abort", interrupt);
  }
  const { exitCode, signal: killedBy } = await engine;
  if (exitCode === 0) return;
  const why = said.length > 0 ? said : others;
  throw new EngineRunError(
    [`\`pulumi ${words.join(" ")}\` failed with ${exitCode ?? killedBy}:`, ...why].join("\n"),
    exitCode,
  );
}

function keep(lines: string[], line: string): void {
  const text = plainMessage(line);
  if (text === "") return;
  lines.push(text);
  if (lines.length > LAST_LINES) lines.shift();
}

/** What an event says against the run: an error, or a policy that refuses. */
function failureOf({ diagnosticEvent, policyEvent }: EngineEvent): string | undefined {
  if (diagnosticEvent?.severity === "error") {
    return plainMessage(`${diagnosticEvent.prefix ?? ""}${diagnosticEvent.message}`);
  }
  return policyEvent?.enforcementLevel === "mandatory" ? plainMessage(policyEvent.message) : undefined;
}
