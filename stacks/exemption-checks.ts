/** What must hold between the fields of exemptions, and between them and the rules and environments that they name. */
import { catalogue } from "../policies/engine/catalogue";
import { PLATFORM_OWNER } from "../policies/exemption-report";
import { builtInGroups } from "../policies/graph/api-kinds";
import { graphRules } from "../policies/graph/graph-rules";
import type { Rule } from "../policies/rule";
import type { ExemptionEntry } from "./exemption-schema";
import type { Place } from "./team-file";

/** What a team's entries are held against. The platform's own hold everywhere, and are bounded by a test. */
export interface ExemptionContext {
  /** Clusters of each environment of the project, by its name. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
  /** Today. */
  readonly now: Date;
}

/** Days ahead that an exemption may end at most: a year, leap or not. */
const MOST_DAYS = 366;
const DAY_MILLISECONDS = 86_400_000;

/** Kubernetes' own kinds without a namespace, as far as rules look at them. */
const OF_THE_CLUSTER = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "FlowSchema",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PodSecurityPolicy",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "SelfSubjectAccessReview",
  "SelfSubjectReview",
  "SelfSubjectRulesReview",
  "StorageClass",
  "SubjectAccessReview",
  "TokenReview",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

/** Faults of one entry, with paths from the entry on. */
export function exemptionFaults(entry: ExemptionEntry, context: ExemptionContext | undefined): Place[] {
  return [...ruleFaults(entry), ...(context ? teamFaults(entry, context) : [])];
}

function ruleFaults(entry: ExemptionEntry): Place[] {
  const rule = ruleOf(entry);
  if (rule) return objectFaults(rule, entry);
  if (isOfSets(entry)) return setObjectFaults(entry);
  return [{ path: ["rule"], message: "no such rule: docs/reference/rules.md lists them" }];
}

const ruleOf = ({ rule }: ExemptionEntry) => catalogue().rules.find(({ id }) => id === rule);

const isOfSets = ({ rule }: ExemptionEntry) => graphRules().some(({ id }) => id === rule);

/** API group of the object that an entry is about; undefined where that is a fault. */
export function groupOfObject(entry: ExemptionEntry): string | undefined {
  const { group: said, kind } = entry.object;
  if (said !== undefined) return said;
  const groups =
    ruleOf(entry)
      ?.match.filter((matched) => matched.kind === kind)
      .map(({ group }) => group) ?? builtInGroups(kind);
  return groups.length === 1 ? groups[0] : undefined;
}

function objectFaults(rule: Rule, entry: ExemptionEntry): Place[] {
  const { group, kind, name } = entry.object;
  const looksAt = rule.match.filter((matched) => matched.kind === kind);
  if (group === undefined && looksAt.length > 1) {
    const groups = looksAt.map((matched) => `"${matched.group}"`).join(" or ");
    return [{ path: ["object", "group"], message: `is missing: ${kind} is of ${groups}` }];
  }
  if (looksAt.some((matched) => matched.group === (group ?? matched.group))) {
    const missing: Place[] = name === undefined ? [{ path: ["object", "name"], message: "is missing" }] : [];
    return [...missing, ...namespaceFaults(entry)];
  }
  if (group !== undefined && isOfOthers(group) && rule.match.some(isPod)) return namespaceFaults(entry, true);
  const known = rule.match.map((matched) => (matched.group ? `${matched.kind} (${matched.group})` : matched.kind));
  const message = `${rule.id} does not look at this kind${group ? ` of ${group}` : ""}, only at ${known.join(", ")}`;
  return [{ path: ["object", "kind"], message }];
}

/** Rules over sets of objects say what they find at any kind. */
function setObjectFaults(entry: ExemptionEntry): Place[] {
  const { kind, name } = entry.object;
  const group = groupOfObject(entry);
  if (group === undefined) {
    return [{ path: ["object", "group"], message: `is missing: ${kind} is not one of Kubernetes' own kinds` }];
  }
  const missing: Place[] = name === undefined ? [{ path: ["object", "name"], message: "is missing" }] : [];
  return [...missing, ...namespaceFaults({ ...entry, object: { ...entry.object, group } })];
}

const isPod = ({ group, kind }: Rule["match"][number]) => group === "" && kind === "Pod";

/** Of a group that is not Kubernetes' own. */
const isOfOthers = (group: string) => group.includes(".") && !group.endsWith(".k8s.io");

function namespaceFaults({ object }: ExemptionEntry, isController = false): Place[] {
  const { group = "", kind, namespace } = object;
  const path = ["object", "namespace"];
  if (OF_THE_CLUSTER.has(kind) && !isOfOthers(group)) {
    return namespace === undefined ? [] : [{ path, message: `must be absent: a ${kind} lies in no namespace` }];
  }
  const mustSay = isController || !isOfOthers(group);
  return namespace === undefined && mustSay ? [{ path, message: "is missing: name the namespace of the object" }] : [];
}

function teamFaults(entry: ExemptionEntry, { environments, now }: ExemptionContext): Place[] {
  const faults: Place[] = [];
  const days = Math.ceil((Date.parse(entry.expires) - now.getTime()) / DAY_MILLISECONDS);
  if (days > MOST_DAYS) {
    faults.push({ path: ["expires"], message: `is ${days} days ahead, must be at most ${MOST_DAYS}` });
  }
  if (entry.owner === PLATFORM_OWNER) {
    faults.push({ path: ["owner"], message: "must be the team that answers for it: this is Fleetwright itself" });
  }
  if (entry.environments === "every") {
    faults.push({ path: ["environments"], message: "must list environments by name, such as [dev, prod]" });
    return faults;
  }
  const known = Object.keys(environments).join(", ") || "none";
  entry.environments.forEach((name, index) => {
    if (Object.hasOwn(environments, name)) return;
    faults.push({ path: ["environments", index], message: `no such environment: there are ${known}` });
  });
  const clusters = entry.environments.flatMap((name) => environments[name] ?? []);
  entry.clusters?.forEach((name, index) => {
    if (clusters.includes(name)) return;
    const message = `no such cluster: these environments have ${[...new Set(clusters)].join(", ") || "none"}`;
    faults.push({ path: ["clusters", index], message });
  });
  return faults;
}
