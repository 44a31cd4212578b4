/** What the API server's answer to a dry run means: accepted, refused, or nothing that says either. */
import type { Trial } from "../../stacks/live-cluster";

export type AnswerKind =
  | { readonly kind: "accepted" }
  /** Nothing would change. */
  | { readonly kind: "same" }
  /** In the API server's words. */
  | { readonly kind: "refused"; readonly message: string }
  /** Nobody knows. */
  | { readonly kind: "notAsked"; readonly reason: string; readonly isExpected?: true }
  /** The same, because there was no answer at all. */
  | { readonly kind: "silent"; readonly reason: string };

/** Rights of the account that asks: whoever deploys may have more. */
const RIGHTS = /is forbidden: User "([^"]*)" cannot (\w+) resource/;

/** A webhook that acts on the world has said that it must not be asked by dry runs. */
const NO_DRY_RUN = /does not support dry run/;

/**
 * Whether an object was refused because the schema that its kind has now does not fit it.
 *
 * @see https://github.com/kubernetes/apimachinery (managedfields/internal/structuredmerge.go)
 */
export const isMisfit = (message: string): boolean => /failed to create typed patch object/.test(message);

export function answerOf(
  { message = "", status }: Trial,
  operation: "create" | "update" | "replace" | "delete",
): AnswerKind {
  if (status < 300) return { kind: "accepted" };
  // what is replaced is still there, and what is to be deleted may be gone
  if (status === 409 && operation === "replace" && /already exists/.test(message)) return { kind: "accepted" };
  if (status === 404 && operation === "delete") return { kind: "accepted" };
  const rights = RIGHTS.exec(message);
  if (status === 403 && rights) {
    return {
      kind: "notAsked",
      reason: `the account ${rights[1]} of this preview may not ask: it lacks the right to ${rights[2]} it`,
    };
  }
  if (status === 401) return { kind: "notAsked", reason: "the credentials are refused" };
  if (NO_DRY_RUN.test(message)) return { kind: "notAsked", reason: message };
  if (status === 404) return { kind: "notAsked", reason: `its place is not found: ${message.split("\n")[0]}` };
  // of an object that its kind's schema does not fit, server-side apply makes an internal error
  if (isMisfit(message)) return { kind: "refused", message };
  if (status === 429 || status >= 500) {
    return { kind: "notAsked", reason: `the API server could not say (${status}): ${message.split("\n")[0]}` };
  }
  return { kind: "refused", message: message || `the API server answers ${status}` };
}
