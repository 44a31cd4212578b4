/** Experiments as tests declare them: one, and one of each fault. */
import type { ExperimentArgs } from "../../../components/experiment";
import type { Fault } from "../../../components/experiment/fault";

/** Every field that has no default, and nothing remarkable. */
export const declared: ExperimentArgs = {
  name: "cart-pod-failure",
  hypothesis: "Customers see no error while a quarter of the carts fail.",
  slo: "cart-availability",
  target: { tenant: "shop", namespace: "shop", labels: { app: "cart" } },
  fault: { kind: "pod-failure" },
  blastRadius: { percent: 25 },
  durationSeconds: 600,
  abort: { query: "slo:error_ratio:rate5m", threshold: 0.02 },
  cleanup: { withinSeconds: 300, keepRuns: 3 },
  window: { day: "tuesday", time: "10:00" },
  prometheus: "http://prometheus.prometheus.svc:9090",
  surroundings: { webhookCallers: ["192.0.2.1/32"] },
};

const FAULTS: readonly Fault[] = [
  { kind: "pod-kill", graceSeconds: 0 },
  { kind: "pod-failure" },
  { kind: "zone-loss", zone: "eu-1-a" },
  { kind: "network-delay", latencyMilliseconds: 150, jitterMilliseconds: 10 },
  { kind: "network-loss", percent: 10 },
  { kind: "webhook-delay", latencyMilliseconds: 2000 },
  { kind: "io-stress", volumePath: "/var/lib/data", delayMilliseconds: 100, percent: 100 },
  { kind: "clock-skew", offsetSeconds: -600 },
];

/** One experiment of each fault of the library, named after it. */
export const everyFault: readonly ExperimentArgs[] = FAULTS.map((fault) => ({ ...declared, name: fault.kind, fault }));
