/**
 * Tier 0: what holds while Gatekeeper is down. The API server itself judges by these few policies, about the objects that
 * all other judgements rest on.
 *
 * None has parameters: a policy that must read an object of its own refuses everything while an API server starts.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import { groupOf, type KubeObject } from "./kube-object";
import { objectLabels } from "./labels";
import type { Rule } from "./rights";

/** Users and groups, as the API server names them. */
export interface Accounts {
  /** Such as `system:serviceaccount:istio-system:istiod`. */
  readonly users: readonly string[];
  /** Such as `system:masters`. */
  readonly groups: readonly string[];
}

/** A ValidatingAdmissionPolicy to be: its expressions know lists by name, which are given here. */
export interface TierZeroPolicy {
  /** Name of the policy and of its binding. */
  readonly name: string;
  /** What holds, as a sentence. */
  readonly title: string;
  /** `deny` refuses, `warn` only says so. */
  readonly level: "deny" | "warn";
  readonly matchConstraints: object;
  readonly variables: readonly (
    | { readonly name: string; readonly expression: string }
    | { readonly name: string; readonly given: string }
  )[];
  readonly validations: readonly object[];
}

/** What tier 0 is made from. */
export interface TierZeroArgs {
  /** The policies of the rules that are not off. */
  readonly policies: readonly TierZeroPolicy[];
  /** Who deploys the platform, and may change what is guarded; at least one. */
  readonly administrators: Accounts;
  /** Namespaces in which Gatekeeper judges nothing. */
  readonly exemptNamespaces: readonly string[];
  /** Who else writes into the platform's webhook configurations than the platform's own programs, which are read from their roles. @default nobody */
  readonly otherWebhookWriters?: Accounts;
}

/**
 * The policies, and a binding of each.
 *
 * @param objects all that the platform makes on the cluster: its roles say which of its programs write into webhook configurations
 * @throws Error when nobody would be an administrator, or a policy asks for a list that there is not
 */
export function tierZeroObjects(args: TierZeroArgs, objects: readonly KubeObject[]): KubeObject[] {
  const { administrators, exemptNamespaces, policies } = args;
  if (administrators.users.length + administrators.groups.length === 0) {
    throw new Error(
      "tier 0: administrators names nobody, must name a user or a group: nothing could be deployed again",
    );
  }
  const others = args.otherWebhookWriters ?? { users: [], groups: [] };
  const given: Readonly<Record<string, readonly string[]>> = {
    "administrators.users": administrators.users,
    "administrators.groups": administrators.groups,
    exemptNamespaces,
    "webhookWriters.users": [...webhookWriters(objects), ...others.users],
    "webhookWriters.groups": others.groups,
  };
  return policies.flatMap((policy) => [policyObject(policy, given), binding(policy)]);
}

function policyObject(policy: TierZeroPolicy, given: Readonly<Record<string, readonly string[]>>): KubeObject {
  const { matchConstraints, name, title, validations, variables } = policy;
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name, labels: objectLabels("gatekeeper", "tier-zero"), annotations: { [TITLE]: title } },
    spec: {
      failurePolicy: "Fail",
      matchConstraints,
      variables: variables.map((variable) => {
        if ("expression" in variable) return variable;
        const list = given[variable.given];
        if (list) return { name: variable.name, expression: celList(list) };
        throw new Error(`tier 0: ${name} is given ${variable.given}, must be one of ${Object.keys(given).join(", ")}`);
      }),
      validations: validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
    },
  };
}

function binding({ level, name, title }: TierZeroPolicy): KubeObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name, labels: objectLabels("gatekeeper", "tier-zero"), annotations: { [TITLE]: title } },
    spec: { policyName: name, validationActions: [level === "deny" ? "Deny" : "Warn", "Audit"] },
  };
}

/** As Gatekeeper's own templates and constraints have it. */
const TITLE = "metadata.gatekeeper.sh/title";

/** A list of strings as CEL spells it, which is as JSON does. */
const celList = (strings: readonly string[]) => JSON.stringify(strings).replaceAll('","', '", "');

const CONFIGURATIONS = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"];

/** ServiceAccounts of programs that put their CA into webhook configurations: those whose role names these and lets them. Sorted. */
export function webhookWriters(objects: readonly KubeObject[]): string[] {
  const roles = objects.filter((object) => object.kind === "ClusterRole" && rulesOf(object).some(writesWebhooks));
  const names = new Set(roles.map(({ metadata }) => metadata.name));
  const bindings = objects.filter((object) => object.kind === "ClusterRoleBinding" && names.has(roleOf(object)));
  const accounts = bindings.flatMap(({ subjects = [] }) => subjects as readonly Subject[]);
  return accounts
    .filter(({ kind }) => kind === "ServiceAccount")
    .map(({ name, namespace }) => `system:serviceaccount:${namespace}:${name}`)
    .sort();
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

const rulesOf = ({ rules }: KubeObject) => (rules ?? []) as readonly Partial<Rule>[];

const roleOf = ({ roleRef }: KubeObject) => (roleRef as { readonly name: string }).name;

const writesWebhooks = ({ apiGroups = [], resources = [], verbs = [] }: Partial<Rule>) =>
  apiGroups.includes("admissionregistration.k8s.io") &&
  resources.some((resource) => CONFIGURATIONS.includes(resource)) &&
  verbs.some((verb) => verb === "update" || verb === "patch");

/** Whether a platform's objects refuse something by tier 0, and not only warn. */
export const refusesByTierZero = (objects: readonly KubeObject[]): boolean =>
  objects.some(
    (object) =>
      object.kind === "ValidatingAdmissionPolicyBinding" &&
      groupOf(object) === "admissionregistration.k8s.io" &&
      (object.spec as { readonly validationActions: readonly string[] }).validationActions.includes("Deny"),
  );
