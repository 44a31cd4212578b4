/** Which clusters are on their way back, and what their API servers let through until they are. */
import type { PolicyPhase } from "../policies/parameters";
import type { Environment } from "./environment";

/** The phase of each of some clusters. */
export function policyPhases(
  environment: Environment,
  clusters: readonly string[],
): Readonly<Record<string, PolicyPhase>> {
  return Object.fromEntries(
    clusters.map((cluster) => [cluster, environment.clusters[cluster]?.policyPhase ?? "enforce"]),
  );
}

const LET_THROUGH: Readonly<Record<Exclude<PolicyPhase, "enforce">, string>> = {
  bootstrap: "its API server lets through what the rules forbid, and only audit counts it",
  recover: "its API server warns of what the rules forbid, and lets it through",
};

/** One sentence per cluster that does not enforce the rules, so that none is left there by mistake. */
export function phaseWarnings(phases: Readonly<Record<string, PolicyPhase>>): string[] {
  return Object.entries(phases).flatMap(([cluster, phase]) =>
    phase === "enforce"
      ? []
      : [
          `cluster ${cluster} is in policyPhase ${phase}: ${LET_THROUGH[phase]}, and what Gatekeeper does not answer in time is let ` +
            "through as well. When the cluster is back, take clusters." +
            `${cluster}.policyPhase out of the environment file, and deploy it.`,
        ],
  );
}
