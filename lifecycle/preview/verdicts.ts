/** What the rules say of a change: verdicts, those that refuse first, and what exemptions did. */

import { EXEMPTIONS_POLICY } from "../../policies/pack/policy";
import type { ClusterRules, PolicyParameters } from "../../policies/parameters";
import { clusterIdentifier, type Environment } from "../../stacks/environment";
import { type PolicyEvent, plainMessage } from "../engine-event";
import { CANNOT_RUN, policyFinding } from "../policy-finding";
import { objectName, typeOfUrn } from "./object-name";
import type { ExemptionReport, PolicyVerdict } from "./report";
import type { PlannedResource, PlannedRun } from "./steps";

/** A verdict, and the resource that it is about. */
export interface FoundVerdict extends PolicyVerdict {
  readonly urn?: string;
}

/** The verdicts of a run, each once; refusing ones first, then by rule. */
export function verdictsOf(
  { diagnostics, findings, resources }: PlannedRun,
  environment: Environment,
  parameters: PolicyParameters,
): FoundVerdict[] {
  const planned = new Map(resources.map((resource) => [resource.urn, resource]));
  const clusters = Object.keys(environment.clusters);
  // some engines tell what a pack could not judge as a warning of the resource
  const told = diagnostics.flatMap(({ message, urn }): PolicyEvent[] =>
    CANNOT_RUN.test(message)
      ? [
          {
            message,
            policyName: /policy '([^']+)'/.exec(message)?.[1] ?? "unknown",
            policyPackName: "",
            enforcementLevel: "advisory",
            ...(urn ? { resourceUrn: urn } : {}),
          },
        ]
      : [],
  );
  const found = [...findings.filter((one) => !isCount(one)), ...told].map((event): FoundVerdict => {
    const urn = event.resourceUrn;
    const resource = urn === undefined || isStack(urn) ? undefined : objectName(asPlanned(planned, urn), clusters);
    const finding = policyFinding({ ...event, message: plainMessage(event.message) });
    // what a pack of somebody else's could not judge is downgraded to a remark there, whatever its level
    const isOpen = finding.verdict === "undetermined" && CANNOT_RUN.test(event.message);
    const refuses =
      finding.refuses || (isOpen && rulesFor(environment, parameters, resource?.cluster)?.undetermined === "deny");
    return { ...finding, refuses, ...(resource ? { resource } : {}), ...(urn ? { urn } : {}) };
  });
  return found.sort(
    (a, b) => Number(b.refuses) - Number(a.refuses) || a.verdict.localeCompare(b.verdict) || a.id.localeCompare(b.id),
  );
}

function asPlanned(planned: ReadonlyMap<string, PlannedResource>, urn: string) {
  return planned.get(urn) ?? { urn, type: typeOfUrn(urn), provider: "" };
}

const isStack = (urn: string) => typeOfUrn(urn) === "pulumi:pulumi:Stack";

const isCount = ({ policyName }: PolicyEvent) => policyName === EXEMPTIONS_POLICY.name;

/** What an environment says of rules in a cluster; of what lies in no cluster, of its clouds. */
function rulesFor(
  environment: Environment,
  { clusters, infrastructure }: PolicyParameters,
  cluster: string | undefined,
): ClusterRules | undefined {
  return cluster === undefined ? infrastructure : clusters[clusterIdentifier(environment, cluster)];
}

/** What the pack counted of exemptions at the end of its run. */
export function exemptionsOf({ findings }: PlannedRun): ExemptionReport {
  const lines = findings.filter(isCount).map(({ message }) => plainMessage(message));
  const counts = lines
    .map((line) => /^exemptions: (\d+) in force.*?, (\d+) violations? exempted/.exec(line))
    .find(Boolean);
  return {
    inForce: Number(counts?.[1] ?? 0),
    exempted: Number(counts?.[2] ?? 0),
    ending: lines.filter((line) => / ends (today|in \d+ days?), on /.test(line)),
    unused: lines.filter((line) => / exempts nothing in /.test(line)),
  };
}
