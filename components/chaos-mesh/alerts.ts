/** What somebody must be told of chaos: that it cannot be ended, and that it goes on. Upstream recommends none. */
import type { Alert } from "../alert";
import { CHAOS_MESH_NAMESPACE } from "../chaos-api";

/** Minutes that a fault may be on before it is asked about: the longest experiment, an hour, and half of it again. */
const LONGEST = "90m";

export const alerts: readonly Alert[] = [
  {
    name: "ChaosMeshControllerAbsent",
    expr: `absent(up{namespace="${CHAOS_MESH_NAMESPACE}", pod=~"chaos-mesh-controller-manager-.*"} == 1)`,
    for: "10m",
    severity: "critical",
    summary: "No controller of Chaos Mesh answers: faults that are on cannot be ended.",
    action:
      "Bring it back; until then nothing takes faults off. Restarting a target's pods frees them of faults of network, files and clock.",
  },
  {
    name: "ChaosMeshDaemonDown",
    expr: `up{namespace="${CHAOS_MESH_NAMESPACE}", pod=~"chaos-daemon-.*"} == 0`,
    for: "10m",
    severity: "warning",
    summary: "The daemon {{ $labels.pod }} does not answer: faults on its node can neither begin nor end.",
    action: "Look at its log and at its node; restart the pods of that node that an experiment chose.",
  },
  {
    name: "ChaosMeshFaultStuck",
    expr: 'max by (kind) (chaos_controller_manager_chaos_experiments{phase="running"}) > 0',
    for: LONGEST,
    severity: "warning",
    summary: "A {{ $labels.kind }} has been running for more than 90 minutes.",
    action:
      "Delete the object, or abort the Workflow that it belongs to; if it does not go, read its events for the pod that cannot be recovered.",
  },
];
