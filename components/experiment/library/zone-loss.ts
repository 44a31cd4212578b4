/** A zone is lost to the target: all of its pods there stop working at once, and come back at the end. */
import type { FaultStep, Selector } from "../step";

export const zoneLoss = (selector: Selector, { zone }: { readonly zone: string }): FaultStep => ({
  templateType: "PodChaos",
  podChaos: {
    action: "pod-failure",
    mode: "all",
    selector: { ...selector, nodeSelectors: { "topology.kubernetes.io/zone": zone } },
  },
});
