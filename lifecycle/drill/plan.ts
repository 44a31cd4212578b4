/** Which lines a drill of an environment would run. */
import type { KubeObject } from "../../components/kube-object";
import type { Environment } from "../../stacks/environment";
import { instanceName } from "../../stacks/kubeconfig";
import { policyParameters } from "../../stacks/policy-parameters";
import { render } from "../../stacks/render";
import { projectName, stackCluster } from "../engine-state";
import { admissionPods } from "./admission-pods";
import type { DrillReport } from "./report";
import { type Runbook, type RunbookNames, runbookOf, type ScenarioName } from "./runbook";

/** What is drilled. */
export interface DrillSubject {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly stack: string;
  readonly scenario: ScenarioName;
  /** Names in the environment; at least one. */
  readonly clusters: readonly string[];
}

/** What is asked for. */
export interface DrillAsked extends DrillSubject {
  /** Whether data is backed up and restored, and from which backup; `true`: from the drill's own. @default nothing is restored */
  readonly restore?: string | true;
  /** From which the moment of a kill comes, a whole number. */
  readonly seed: number;
  /** Of Fleetwright. */
  readonly version: string;
  /** Results to compare with. */
  readonly earlier: readonly DrillReport[];
  /** Takes lines of progress. */
  readonly tell: (line: string) => void;
}

/** @throws AdmissionUnprovable when a cluster's rules cannot be proved by a Pod */
export function namesOf(
  environment: Environment,
  { clusters, root, stack }: Omit<DrillSubject, "scenario">,
  movedTo: RunbookNames["movedTo"] = (cluster) => `https://${cluster}.example:6443`,
): RunbookNames {
  const parameters = policyParameters(environment);
  return {
    environment: environment.name,
    stack,
    project: projectName(root),
    instance: instanceName(),
    clusters: clusters.map((name) => ({
      name,
      context: environment.clusters[name]?.context ?? name,
      pods: admissionPods(environment, name, parameters),
    })),
    movedTo,
  };
}

/**
 * The runbook with the names of this environment filled in.
 *
 * @throws AdmissionUnprovable when a cluster's rules cannot be proved by a Pod
 */
export const plannedRunbook = (environment: Environment, subject: DrillSubject): Runbook =>
  runbookOf(subject.scenario, namesOf(environment, subject));

/** The clusters that a stack holds: all of the environment, or the one that its file names. */
export function stackClusters(
  environment: Environment,
  { root, stack }: Pick<DrillSubject, "root" | "stack">,
): string[] {
  const only = stackCluster({ root, stack });
  return Object.keys(environment.clusters).filter((cluster) => only === undefined || cluster === only);
}

/** What the environment puts on each cluster. */
export function objectsByCluster(environment: Environment, stack: string): ReadonlyMap<string, readonly KubeObject[]> {
  return new Map([...render(environment, stack)].map(([cluster, parts]) => [cluster, [...parts.values()].flat()]));
}
