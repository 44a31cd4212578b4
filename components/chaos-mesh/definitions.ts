/**
 * The kinds of Chaos Mesh: which are offered, which only have to be there.
 *
 * The schemas are written here because no package offers upstream's, and because upstream's three largest have
 * 0.6–1.3 MB. A test compares them with the published ones: every field is one of upstream's, of the same type.
 */
import type { KubeObject } from "../kube-object";
import { closedDefinition, type DefinedKind, definition } from "./definitions/definition";
import { ioChaos, podIoChaos } from "./definitions/io";
import { networkChaos, podNetworkChaos } from "./definitions/network";
import { dnsChaos, podChaos, stressChaos, timeChaos } from "./definitions/process";
import { schedule, statusCheck, workflow, workflowNode } from "./definitions/workflow";

/** Faults that somebody may ask for. */
export const FAULT_KINDS: readonly DefinedKind[] = [dnsChaos, ioChaos, networkChaos, podChaos, stressChaos, timeChaos];

/** What else somebody may ask for. */
export const COMPOSED_KINDS: readonly DefinedKind[] = [schedule, statusCheck, workflow];

/** What the controller makes of them. */
export const INTERNAL_KINDS: readonly DefinedKind[] = [podIoChaos, podNetworkChaos, workflowNode];

/** Faults whose controllers cannot be left out of the program, and which nobody may ask for: clouds, kernels, machines outside. */
export const CLOSED_FAULT_KINDS: readonly string[] = [
  "AWSChaos",
  "AzureChaos",
  "BlockChaos",
  "GCPChaos",
  "HTTPChaos",
  "JVMChaos",
  "KernelChaos",
  "PhysicalMachineChaos",
];

/** Watched on behalf of a closed one. */
const CLOSED_INTERNAL_KINDS: readonly string[] = ["PodHttpChaos"];

/** All kinds that the controller looks up when it starts and nobody may ask for. */
export const CLOSED_KINDS: readonly string[] = [...CLOSED_FAULT_KINDS, ...CLOSED_INTERNAL_KINDS];

/** The CustomResourceDefinitions. */
export function definitions(): KubeObject[] {
  return [
    ...[...FAULT_KINDS, ...COMPOSED_KINDS, ...INTERNAL_KINDS].map(definition),
    ...CLOSED_KINDS.map(closedDefinition),
  ];
}
