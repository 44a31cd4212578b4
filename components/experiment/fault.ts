/**
 * The library of faults: what an experiment may do to its target, each as one step of a Workflow.
 *
 *     pod-kill  pod-failure  zone-loss  network-delay  network-loss  webhook-delay  io-stress  clock-skew
 */
import type { Labels } from "../labels";
import { clockSkew } from "./library/clock-skew";
import { ioStress } from "./library/io-stress";
import { networkDelay } from "./library/network-delay";
import { networkLoss } from "./library/network-loss";
import { podFailure } from "./library/pod-failure";
import { podKill } from "./library/pod-kill";
import { webhookDelay } from "./library/webhook-delay";
import { zoneLoss } from "./library/zone-loss";
import type { Chosen, FaultStep } from "./step";

/** A fault by its kind, with what is peculiar to it. */
export type Fault =
  /** Pods are deleted once, at the beginning; after a grace period of so many seconds, 0–300. */
  | { readonly kind: "pod-kill"; readonly graceSeconds: number }
  /** Pods stay and do nothing. */
  | { readonly kind: "pod-failure" }
  /** Every pod of the target in one zone, of that name, stays and does nothing. */
  | { readonly kind: "zone-loss"; readonly zone: string }
  /** What pods send arrives so many milliseconds later, give or take some. */
  | { readonly kind: "network-delay"; readonly latencyMilliseconds: number; readonly jitterMilliseconds: number }
  /** So many percent, 1–100, of what pods send is lost. */
  | { readonly kind: "network-loss"; readonly percent: number }
  /** The API server gets the answers of the pods' webhooks so many milliseconds later. */
  | { readonly kind: "webhook-delay"; readonly latencyMilliseconds: number }
  /** Reading and writing files below a mounted folder takes so many milliseconds longer, for so many percent of the calls. */
  | {
      readonly kind: "io-stress";
      readonly volumePath: string;
      readonly delayMilliseconds: number;
      readonly percent: number;
    }
  /** Processes see a clock that is so many seconds ahead, or behind where it is below 0. */
  | { readonly kind: "clock-skew"; readonly offsetSeconds: number };

/** Which pods a fault is done to. */
export interface FaultTarget {
  /** DNS label. */
  readonly namespace: string;
  /** Labels that select them, at least one. */
  readonly labels: Labels;
}

/** What a fault needs to know of the cluster. */
export interface FaultSurroundings {
  /** Ranges from which the API server calls webhooks, CIDR; undefined where pods call on its behalf. */
  readonly webhookCallers: readonly string[] | undefined;
}

/** The step of a fault. `percent` of the chosen pods, 1–100; of a zone it is all. */
export function faultStep(
  fault: Fault,
  { labels, namespace }: FaultTarget,
  percent: number,
  { webhookCallers }: FaultSurroundings,
): FaultStep {
  const selector = { namespaces: [namespace], labelSelectors: labels };
  const chosen: Chosen = { mode: "fixed-percent", value: String(percent), selector };
  switch (fault.kind) {
    case "pod-kill":
      return podKill(chosen, fault);
    case "pod-failure":
      return podFailure(chosen);
    case "zone-loss":
      return zoneLoss(selector, fault);
    case "network-delay":
      return networkDelay(chosen, fault);
    case "network-loss":
      return networkLoss(chosen, fault);
    case "webhook-delay":
      return webhookDelay(chosen, fault, webhookCallers);
    case "io-stress":
      return ioStress(chosen, fault);
    case "clock-skew":
      return clockSkew(chosen, fault);
  }
}
