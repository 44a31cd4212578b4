/**
 * What the live cluster says before anything is registered: whose it is, what would be replaced, whether its webhooks
 * answer. A cluster that cannot be reached says nothing, and that is said.
 */
import type { Identity } from "../components/identity";
import type { KubeObject } from "../components/kube-object";
import { type Accounts, refusesByTierZero } from "../components/tier-zero";
import { lockedOut, readDeployer } from "./deployer";
import { type ClusterAccess, ClusterUnreachable, LiveCluster } from "./live-cluster";
import { judgeOwnership, readFindings } from "./ownership";
import { findReplacements, missingMeanwhile } from "./replacements";
import { findDeadWebhooks } from "./webhooks";

export interface Inspection {
  /** Keys of objects whose immutable fields differ from the live ones. */
  readonly replaced: ReadonlySet<string>;
  /** Sentences that the preview shows. */
  readonly warnings: readonly string[];
}

interface InspectOptions {
  readonly mine: Identity;
  /** Whether objects of another owner may be taken over. */
  readonly adopt: boolean;
  /** Whether a dead webhook ends the run: in the sandbox, where the way out is always to start its program. */
  readonly refuseDeadWebhooks: boolean;
  /** Who may change what tier 0 guards. */
  readonly administrators: Accounts;
  /** Whether the objects are about to be made: then an account that would be refused half-way is refused at once, and not only told. */
  readonly deploys: boolean;
}

/**
 * Reads a cluster and judges whether it may be changed.
 *
 * @throws Error with a sentence when it must not be changed; ClusterUnreachable is no error but a warning
 */
export async function inspect(
  access: ClusterAccess,
  desired: readonly KubeObject[],
  options: InspectOptions,
): Promise<Inspection> {
  const { administrators, adopt, deploys, mine, refuseDeadWebhooks } = options;
  let cluster: LiveCluster | undefined;
  try {
    cluster = await LiveCluster.open(access);
    const [findings, replaced, dead, deployer] = await Promise.all([
      readFindings(cluster, desired),
      findReplacements(cluster, desired),
      findDeadWebhooks(cluster),
      refusesByTierZero(desired) ? readDeployer(cluster) : undefined,
    ]);
    const adopted = judgeOwnership(mine, findings, { adopt, context: access.context, replaced });
    const refused = deployer && lockedOut(mine.cluster, deployer, administrators);
    if (refused !== undefined && deploys) throw new Error(`${refused}. Nothing was changed.`);
    const deadHere = dead.map((sentence) => `cluster ${mine.cluster}: ${sentence}.`);
    if (deadHere.length > 0 && refuseDeadWebhooks) {
      throw new Error(
        `${deadHere.join("\n")}\nNothing was changed. Start its program again with \`fleetwright sandbox up\`.`,
      );
    }
    return {
      replaced,
      warnings: [
        ...(findings.identity ? [] : [unmarked(mine.cluster)]),
        ...(refused === undefined ? [] : [`${refused}.`]),
        ...deadHere,
        ...missingMeanwhile(desired, replaced).map((sentence) => `cluster ${mine.cluster}: ${sentence}`),
        ...adopted.map((object) => `cluster ${mine.cluster}: ${object} exists and is taken over`),
      ],
    };
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    return {
      replaced: new Set(),
      warnings: [
        `cluster ${mine.cluster} cannot be reached (${error.message}): this preview compares with the last known state, and neither the ` +
          `cluster's identity nor changes made by hand could be checked.`,
      ],
    };
  } finally {
    cluster?.close();
  }
}

/** The engine believes its state: of a cluster that was lost and is empty again, a preview would say that all is unchanged. */
const unmarked = (cluster: string) =>
  `cluster ${cluster} holds nothing of this environment yet. If this stack deployed to it before, the state is of a cluster that was lost: ` +
  "run `pulumi up --refresh`.";
