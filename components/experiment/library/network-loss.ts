/** A share of what pods send is lost: a broken link, a full queue. */
import type { Chosen, FaultStep } from "../step";

export const networkLoss = (chosen: Chosen, { percent }: { readonly percent: number }): FaultStep => ({
  templateType: "NetworkChaos",
  networkChaos: { action: "loss", direction: "to", loss: { loss: String(percent) }, ...chosen },
});
