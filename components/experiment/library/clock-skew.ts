/** The processes' clock goes wrong: certificates seem expired, tokens not yet valid, leases lost. */
import type { Chosen, FaultStep } from "../step";

export const clockSkew = (chosen: Chosen, { offsetSeconds }: { readonly offsetSeconds: number }): FaultStep => ({
  templateType: "TimeChaos",
  timeChaos: { timeOffset: `${offsetSeconds}s`, clockIds: ["CLOCK_REALTIME"], ...chosen },
});
