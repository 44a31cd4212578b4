/** Pods are deleted: what happens whenever a node is drained, without the courtesy. Their controller makes new ones. */
import type { Chosen, FaultStep } from "../step";

export const podKill = (chosen: Chosen, { graceSeconds }: { readonly graceSeconds: number }): FaultStep => ({
  templateType: "PodChaos",
  podChaos: { action: "pod-kill", gracePeriod: graceSeconds, ...chosen },
});
