/** What a lane says to a question, and when two lanes say the same. */
import type { Setting } from "./question";

export interface Answer {
  /** `error`: the lane could not judge, which is never an agreement. */
  readonly verdict: "allow" | "deny" | "undetermined" | "error";
  /** Whether a denial refuses or is only reported; undefined where the lane has no levels, and where nothing is denied. */
  readonly level?: Setting["level"];
  /** One per violation, sorted. Each begins with the path. */
  readonly messages: readonly string[];
  /** Of the violations, sorted; undefined where the lane passes on messages only. */
  readonly paths?: readonly string[];
  /**
   * The API server had filled fields in, which are violated as well, and of the filled object the witness says the same:
   * of the object as it was sent only the verdict can be compared.
   */
  readonly isOfFilled?: true;
  /** What went wrong. */
  readonly error?: string;
}

/** An answer of a lane that reports violations with their paths. */
export function denialOf(
  violations: readonly { readonly message: string; readonly path: string }[],
  level?: Setting["level"],
): Answer {
  if (violations.length === 0) return { verdict: "allow", messages: [], paths: [] };
  return {
    verdict: "deny",
    level,
    messages: violations.map(({ message }) => message).sort(),
    paths: violations.map(({ path }) => path).sort(),
  };
}

export const errorOf = (error: unknown): Answer => ({
  verdict: "error",
  messages: [],
  error: error instanceof Error ? error.message : String(error),
});

/** Why two answers are not the same, as a phrase; undefined where they are. An error is like nothing, itself included. */
export function difference(a: Answer, b: Answer): string | undefined {
  if (a.verdict === "error" || b.verdict === "error") return `error: ${a.error ?? b.error}`;
  if (a.verdict !== b.verdict) return `${a.verdict} and ${b.verdict}`;
  if (a.isOfFilled || b.isOfFilled) return undefined;
  if (a.level && b.level && a.level !== b.level) return `level ${a.level} and ${b.level}`;
  if (a.paths && b.paths && a.paths.join("\n") !== b.paths.join("\n")) {
    return `paths ${a.paths.join(", ")} and ${b.paths.join(", ")}`;
  }
  if (a.messages.join("\n") !== b.messages.join("\n")) {
    return `messages ${a.messages.join("; ")} and ${b.messages.join("; ")}`;
  }
  return undefined;
}

/** Why an answer is not the verdict on these paths; undefined where it is. */
export function departure(
  { verdict, messages, error, isOfFilled }: Answer,
  expected: { readonly verdict: Answer["verdict"]; readonly paths: readonly string[] },
): string | undefined {
  if (verdict !== expected.verdict) return `${error ?? verdict} instead of ${expected.verdict}`;
  if (isOfFilled) return undefined;
  const left = [...messages];
  const missing = expected.paths.filter((path) => {
    const at = left.findIndex((message) => message.startsWith(`${path} `));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  if (missing.length === 0 && left.length === 0) return undefined;
  return `says ${messages.join("; ")} instead of ${expected.paths.join(", ")}`;
}
