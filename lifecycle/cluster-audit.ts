/**
 * Judges what runs in a cluster by the rules, as its environment configures them, and compares that with what
 * Gatekeeper's audit wrote into the constraints. Reads only the kinds that rules look at; Secrets are none of them.
 */
import { EXEMPT_NAMESPACES } from "../components/gatekeeper";
import { type AdmissionObject, admissionObjects } from "../policies/admission";
import { compareAudit, type RuleAudit } from "../policies/audit";
import { keyOf } from "../policies/audit/entries";
import type { LiveConstraint, Timed } from "../policies/audit/live-constraint";
import { type CheckReport, check } from "../policies/check";
import { type AnyObject, groupOf, matches } from "../policies/engine/match";
import type { Rule } from "../policies/rule";
import { clusterIdentifier, type Environment } from "../stacks/environment";
import { LiveCluster } from "../stacks/live-cluster";
import { readIdentity } from "../stacks/ownership";
import { policyParameters } from "../stacks/policy-parameters";
import { isWithoutController } from "../stacks/sandbox-controllers";
import { clusterAccess } from "./cluster-access";
import { listKinds } from "./live-objects";

/** A cluster that is not the one that was asked for, as a sentence. */
export class AuditError extends Error {
  override readonly name = "AuditError";
}

export interface ClusterAudit extends CheckReport {
  readonly cluster: string;
  /** `absent`: nothing of it is installed, so that the rules are judged here alone. */
  readonly gatekeeper: "installed" | "absent";
  /** Live objects that rules look at, those in namespaces without rules left out. */
  readonly objects: number;
  /** Of each rule that Gatekeeper enforces; none where it is absent. */
  readonly audits: readonly RuleAudit[];
}

type LiveObject = AnyObject & Timed;

const CONSTRAINTS = "constraints.gatekeeper.sh/v1beta1";

/**
 * @param rules those that judge; rules that look at previews only say nothing of what runs
 * @throws ClusterUnreachable when the cluster does not answer
 * @throws AuditError when the context leads to another cluster
 */
export async function auditCluster(
  environment: Environment,
  root: string,
  cluster: string,
  rules: readonly Rule[],
): Promise<ClusterAudit> {
  const identifier = clusterIdentifier(environment, cluster);
  const parameters = policyParameters(environment);
  const settings = parameters.clusters[identifier];
  if (!settings) throw new AuditError(`${environment.file}: there is no cluster ${cluster}`);
  const excludedNamespaces = [...EXEMPT_NAMESPACES, ...environment.components.gatekeeper.exemptNamespaces];
  const wanted = isWithoutController(environment, "gatekeeper")
    ? []
    : admissionObjects(parameters, identifier, { excludedNamespaces }).constraints;
  const judging = rules.filter(({ id, points }) => points.includes("audit") && settings.rules[id]?.level !== "off");
  const live = await LiveCluster.open(clusterAccess(environment, root, cluster));
  try {
    await requireIdentity(live, environment.name, cluster);
    // before the objects: what changes in between counts as changed since
    const constraints = await liveConstraints(live);
    const kinds = judging.flatMap(({ match }) => match);
    const found = (await listKinds<LiveObject>(live, kinds)).filter((one) => !isExempt(one, excludedNamespaces));
    const report = check(found, {
      parameters: {},
      environment: { clusters: { [identifier]: settings } },
      rules: judging,
    });
    const audits = constraints
      ? judging.flatMap((rule) => {
          const one = wanted.find(({ kind }) => kind === rule.kind);
          return one ? [auditOf(rule, one, constraints, found, report)] : [];
        })
      : [];
    return { cluster, gatekeeper: constraints ? "installed" : "absent", objects: found.length, audits, ...report };
  } finally {
    live.close();
  }
}

async function requireIdentity(live: LiveCluster, environment: string, cluster: string): Promise<void> {
  const identity = await readIdentity(live);
  if (!identity || (identity.environment === environment && identity.cluster === cluster)) return;
  throw new AuditError(
    `the context of cluster ${cluster} leads to cluster ${identity.cluster} of environment ${identity.environment}: ` +
      "mend `context` in the environment file or the kubeconfig",
  );
}

/** Every constraint; undefined where Gatekeeper is not installed. */
async function liveConstraints(live: LiveCluster): Promise<readonly LiveConstraint[] | undefined> {
  const [templates, served] = await Promise.all([
    live.get<object>("/apis/templates.gatekeeper.sh"),
    live.get<{ resources: readonly { name: string; kind: string }[] }>(`/apis/${CONSTRAINTS}`),
  ]);
  if (!templates) return undefined;
  const plurals = (served?.resources ?? []).filter(({ name }) => !name.includes("/"));
  const lists = await Promise.all(
    plurals.map(async ({ name, kind }) => {
      const list = await live.get<{ items: readonly LiveConstraint[] }>(`/apis/${CONSTRAINTS}/${name}`);
      return (list?.items ?? []).map((item) => ({ ...item, kind }));
    }),
  );
  return lists.flat();
}

function auditOf(
  rule: Rule,
  wanted: AdmissionObject,
  constraints: readonly LiveConstraint[],
  found: readonly LiveObject[],
  { results }: CheckReport,
): RuleAudit {
  const looked = found.filter(({ apiVersion, kind }) => matches(rule, apiVersion, kind));
  return compareAudit({
    rule,
    wanted,
    live: constraints.find(({ kind, metadata }) => kind === rule.kind && metadata.name === wanted.metadata.name),
    objects: new Map(looked.map((object) => [keyOf(auditedName(object)), object])),
    results: results.filter(({ id }) => id === rule.id),
  });
}

function auditedName({ apiVersion, kind, metadata }: LiveObject) {
  const { namespace = "", name = "" } = metadata as { namespace?: string; name?: string };
  return { group: groupOf(apiVersion), kind, namespace, name };
}

/** As Gatekeeper's own exclusion reads it: a Namespace by its name, anything else by where it lies. */
function isExempt(object: LiveObject, namespaces: readonly string[]): boolean {
  const { namespace, name } = auditedName(object);
  return namespaces.includes(object.kind === "Namespace" ? name : namespace);
}
