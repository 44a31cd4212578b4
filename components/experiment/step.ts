/** A fault as a step of a Workflow: its type, and the field that says what to do. */
import type { Labels } from "../labels";

/** The labels of nodes and pods that a fault is confined to. */
export interface Selector {
  readonly namespaces: readonly string[];
  readonly labelSelectors: Labels;
  readonly nodeSelectors?: Labels;
}

/** Which pods, and how many of them. */
export interface Chosen {
  readonly mode: "all" | "fixed-percent";
  /** Percent, as the API wants it: a text. */
  readonly value?: string;
  readonly selector: Selector;
}

/** `templateType`, and the field of the same name with the fault's own. */
export interface FaultStep {
  readonly templateType: "PodChaos" | "NetworkChaos" | "IOChaos" | "TimeChaos";
  readonly podChaos?: object;
  readonly networkChaos?: object;
  readonly ioChaos?: object;
  readonly timeChaos?: object;
}
