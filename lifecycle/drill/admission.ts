/** Asks a cluster's admission for real: by a request that it must refuse, and one that it must let through. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "./runbook";
import { runLine, type Shell } from "./shell-line";

/** Between two questions. */
const PAUSE_MS = 500;

/** Longest wait after a rebuild: Gatekeeper takes in its rules, and a namespace's account and quota are made. */
const LONGEST_SECONDS = 60;

/**
 * Asks until the answer is the one that is due. A server-side dry run goes through all of admission, and stores nothing.
 *
 * @param longestSeconds @default 60
 */
export async function askAdmission(
  shell: Shell,
  step: Step,
  longestSeconds = LONGEST_SECONDS,
): Promise<{ readonly ok: boolean; readonly message: string }> {
  const deadline = Date.now() + longestSeconds * 1000;
  for (;;) {
    const { exitCode, text } = await runLine(shell, step.line, "admission");
    const said = text.trim().split("\n").at(-1)?.slice(0, 500) ?? "";
    const refused = refusalIn(text, step.refusedWith ?? []);
    if (step.admitted && exitCode === 0) return { ok: true, message: said };
    if (step.refusedWith && exitCode !== 0 && refused) return { ok: true, message: refused };
    if (Date.now() > deadline) {
      const due = step.admitted ? "did not pass" : "was not refused in the words of a rule";
      return { ok: false, message: `the Pod ${due} within ${longestSeconds} s: ${said}` };
    }
    await sleep(PAUSE_MS);
  }
}

/** The rule's sentence in a refusal by the webhook; what any other plug-in refuses proves nothing of the rules. */
export function refusalIn(text: string, sentences: readonly string[]): string | undefined {
  if (!text.includes('admission webhook "validation.gatekeeper.sh" denied the request')) return undefined;
  const spaces = (words: string) => words.replace(/\s+/g, " ");
  return sentences.find((sentence) => spaces(text).includes(spaces(sentence)));
}
