/** What pods send arrives later: a distant peer, a busy link. */
import type { Chosen, FaultStep } from "../step";

export const networkDelay = (
  chosen: Chosen,
  {
    jitterMilliseconds,
    latencyMilliseconds,
  }: { readonly latencyMilliseconds: number; readonly jitterMilliseconds: number },
): FaultStep => ({
  templateType: "NetworkChaos",
  networkChaos: {
    action: "delay",
    direction: "to",
    delay: {
      latency: `${latencyMilliseconds}ms`,
      ...(jitterMilliseconds > 0 ? { jitter: `${jitterMilliseconds}ms` } : {}),
    },
    ...chosen,
  },
});
