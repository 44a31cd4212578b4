/** What a policy pack found, read from the words that the engine repeats. */
import type { PolicyEvent } from "./engine-event";

/** A finding of one policy about one resource. */
export interface PolicyFinding {
  /** A rule's id; `rules` where nothing could be judged. */
  readonly id: string;
  readonly verdict: "deny" | "undetermined";
  /** Whether it refuses the deployment. */
  readonly refuses: boolean;
  /** Why, as a sentence. */
  readonly message: string;
}

/** The event as our own pack means it, and as others do: whatever they say against a resource denies it. */
export function policyFinding({
  enforcementLevel,
  message,
  policyName,
}: Pick<PolicyEvent, "enforcementLevel" | "message" | "policyName">): PolicyFinding {
  const said = message.trim();
  const isOpen = /^(\S+ )?undetermined: /.test(said) || CANNOT_RUN.test(said);
  return {
    id: policyName,
    verdict: isOpen ? "undetermined" : "deny",
    refuses: enforcementLevel === "mandatory",
    message: said.replace(/^\S+( undetermined)?: /, ""),
  };
}

/** How packs of the SDK say that a preview does not know what they must know; they then only remark it, whatever their level. */
export const CANNOT_RUN = /\bcan't run policy\b.*\bduring preview\b/s;
