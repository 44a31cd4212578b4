/** The controller's pods, for whoever is called by them. */

import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { PodsPeer } from "../flow";
import { selectorLabels } from "../labels";

export const pods: PodsPeer = {
  namespace: CHAOS_MESH_NAMESPACE,
  pods: selectorLabels("chaos-mesh", "controller-manager"),
};
