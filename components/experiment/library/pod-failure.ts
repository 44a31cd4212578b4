/** Pods stay where they are and do nothing: their image is exchanged for one that waits, until the end. */
import type { Chosen, FaultStep } from "../step";

export const podFailure = (chosen: Chosen): FaultStep => ({
  templateType: "PodChaos",
  podChaos: { action: "pod-failure", ...chosen },
});
