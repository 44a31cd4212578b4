/**
 * The answers of admission webhooks come late: whether the API server then refuses, lets pass or waits is what their
 * timeouts and failure policies say. Only what goes to the API server is delayed, where its addresses are known.
 */
import type { Chosen, FaultStep } from "../step";

export const webhookDelay = (
  chosen: Chosen,
  { latencyMilliseconds }: { readonly latencyMilliseconds: number },
  callers: readonly string[] | undefined,
): FaultStep => ({
  templateType: "NetworkChaos",
  networkChaos: {
    action: "delay",
    direction: "to",
    delay: { latency: `${latencyMilliseconds}ms` },
    ...(callers ? { externalTargets: callers } : {}),
    ...chosen,
  },
});
