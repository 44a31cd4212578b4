/**
 * An experiment: a hypothesis about a program under a fault, bounded in place, share and time, with an abort that needs
 * nobody.
 *
 * It lies in the cluster as a Schedule that is paused: checked by the API server, seen by everybody, and never started
 * by a deployment. Whoever runs it makes a Workflow of it. It is not un-paused: a Workflow that a Schedule makes has no
 * annotations, and without any Chaos Mesh cannot abort it.
 *
 * @see docs/how-to/run-an-experiment.md
 */
import { CHAOS_API_VERSION, CHAOS_MESH_NAMESPACE, PAUSE_ANNOTATION } from "./chaos-api";
import type { AbortCondition } from "./experiment/abort";
import { type Fault, type FaultSurroundings, type FaultTarget, faultStep } from "./experiment/fault";
import { cron, type Window } from "./experiment/window";
import { wholeSeconds, workflowSpec } from "./experiment/workflow";
import type { KubeObject } from "./kube-object";
import { objectLabels, requireDnsLabel, TENANT_LABEL } from "./labels";
import { unclosedFault } from "./promql";

export interface ExperimentArgs {
  /** Name of the experiment, a DNS label of at most 40 characters: names of steps are made of it. */
  readonly name: string;
  /** What is believed to hold while the fault is on, one sentence. */
  readonly hypothesis: string;
  /** Name of the objective that must hold, a DNS label. */
  readonly slo: string;
  /** Whose pods: the tenant, and which pods of one of its namespaces. */
  readonly target: FaultTarget & { readonly tenant: string };
  /** What is done to them. */
  readonly fault: Fault;
  /** The most that is hit: percent of the target's pods, 1–100; a zone is lost as a whole. */
  readonly blastRadius: { readonly percent: number };
  /** How long the fault is on, seconds, 60–3600. */
  readonly durationSeconds: number;
  /** When it ends early. */
  readonly abort: AbortCondition;
  /** Afterwards: seconds, 120–3600, within which the objective must hold again; and how many runs are kept, 1–20. */
  readonly cleanup: { readonly withinSeconds: number; readonly keepRuns: number };
  /** When in the week it may run. */
  readonly window: Window;
  /** Where Prometheus answers, `http://host:port`. */
  readonly prometheus: string;
  /** What its fault must know of the cluster. */
  readonly surroundings: FaultSurroundings;
}

/** Seconds from its first check until its last deadline. */
export const experimentSeconds = (durationSeconds: number, recoverySeconds: number) =>
  wholeSeconds({ faultSeconds: durationSeconds, recoverySeconds });

/**
 * The paused Schedule of an experiment.
 *
 * @throws Error naming the experiment, the field, its value and the bound
 */
export function experiment(args: ExperimentArgs): KubeObject {
  checkExperiment(args);
  const { abort, blastRadius, cleanup, durationSeconds, fault, prometheus, surroundings, target } = args;
  const step = faultStep(fault, target, blastRadius.percent, surroundings);
  return {
    apiVersion: CHAOS_API_VERSION,
    kind: "Schedule",
    metadata: {
      name: args.name,
      namespace: CHAOS_MESH_NAMESPACE,
      labels: {
        ...objectLabels("chaos-mesh", "experiment"),
        [TENANT_LABEL]: target.tenant,
        "fleetwright.dev/slo": args.slo,
      },
      annotations: { ...PAUSE_ANNOTATION, "fleetwright.dev/hypothesis": args.hypothesis },
    },
    spec: {
      schedule: cron(args.window),
      concurrencyPolicy: "Forbid",
      historyLimit: cleanup.keepRuns,
      type: "Workflow",
      workflow: workflowSpec({
        step,
        faultSeconds: durationSeconds,
        recoverySeconds: cleanup.withinSeconds,
        abort,
        prometheus,
      }),
    },
  };
}

function checkExperiment(args: ExperimentArgs): void {
  const whose = `experiment ${args.name}`;
  const { abort, blastRadius, cleanup, durationSeconds, name, target } = args;
  requireDnsLabel(whose, "name", name);
  if (name.length > 40) throw new Error(`${whose}: name has ${name.length} characters, must have at most 40`);
  requireDnsLabel(whose, "slo", args.slo);
  requireDnsLabel(whose, "target.tenant", target.tenant);
  requireDnsLabel(whose, "target.namespace", target.namespace);
  if (Object.keys(target.labels).length === 0) {
    throw new Error(`${whose}: target.labels is empty, must have one label at least: it would be the whole namespace`);
  }
  if (args.hypothesis.trim() === "") {
    throw new Error(`${whose}: hypothesis is empty, must say in one sentence what is believed to hold`);
  }
  if (abort.query.trim() === "" || !Number.isFinite(abort.threshold)) {
    throw new Error(`${whose}: abort has no query or no threshold, must have both: nothing would end it early`);
  }
  const unclosed = unclosedFault(abort.query);
  if (unclosed) throw new Error(`${whose}: abort.query is "${abort.query}", ${unclosed}`);
  const between = (field: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new Error(`${whose}: ${field} is ${value}, must be a whole number of ${least}–${most}`);
  };
  between("blastRadius.percent", blastRadius.percent, 1, 100);
  between("durationSeconds", durationSeconds, 60, 3600);
  between("cleanup.withinSeconds", cleanup.withinSeconds, 120, 3600);
  between("cleanup.keepRuns", cleanup.keepRuns, 1, 20);
}
