/**
 * What Gatekeeper gets: the compiled constraint templates, and one constraint per rule with the cluster's parameters.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { catalogue } from "./engine/catalogue";
import { missingParameters } from "./engine/judge";
import { dayOf } from "./exemption";
import {
  type ClusterRules,
  type PolicyParameters,
  type PolicyPhase,
  type RuleSettings,
  settingsOn,
} from "./parameters";
import type { MatchedKind, Rule } from "./rule";

/** An object for the API server. */
export interface AdmissionObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: unknown;
}

export interface AdmissionObjects {
  readonly templates: readonly AdmissionObject[];
  readonly constraints: readonly AdmissionObject[];
}

/**
 * What a level comes to in each phase. While a cluster is rebuilt only audit counts what a rule would refuse; while it
 * is restored whoever applies is told, and refused nothing.
 */
const ACTIONS: Readonly<Record<PolicyPhase, Readonly<Record<"deny" | "warn", "deny" | "warn" | "dryrun">>>> = {
  bootstrap: { deny: "dryrun", warn: "dryrun" },
  recover: { deny: "warn", warn: "warn" },
  enforce: { deny: "deny", warn: "warn" },
};

export interface AdmissionOptions {
  /** Namespaces that no constraint looks at. `*` may end a name, as in Gatekeeper's own `match`. */
  readonly excludedNamespaces: readonly string[];
  /** @default enforce */
  readonly phase?: PolicyPhase;
  /** Exemptions that have ended by now are left out. @default the machine's clock */
  readonly now?: Date;
}

/**
 * The objects for one cluster. A rule whose level is `off` has none: neither Gatekeeper nor the API server spends anything on it.
 *
 * @param cluster its `clusterIdentifier`, `<environment>/<cluster>`
 * @throws Error when the parameters do not speak of the cluster, of one of the rules, or of a parameter it needs
 */
export function admissionObjects(
  parameters: PolicyParameters,
  cluster: string,
  { excludedNamespaces, now = new Date(), phase = "enforce" }: AdmissionOptions,
): AdmissionObjects {
  const { rules: settings } = clusterRules(parameters, cluster);
  const rules = catalogue().rules.filter((rule) => rule.points.includes("admission"));
  const enforced = rules.flatMap((rule) => {
    const { level, parameters } = settingsOn(checked(rule, settings[rule.id], cluster), dayOf(now));
    return level === "off" ? [] : [{ rule, parameters, action: ACTIONS[phase][level] }];
  });
  return {
    templates: enforced.map(({ rule }) => template(rule)),
    constraints: enforced.map((one) => constraint(one, excludedNamespaces)),
  };
}

function clusterRules(parameters: PolicyParameters, cluster: string): ClusterRules {
  const rules = parameters.clusters[cluster];
  if (rules) return rules;
  throw new Error(`policy parameters: no cluster ${cluster}, only ${Object.keys(parameters.clusters).join(", ")}`);
}

function checked(rule: Rule, settings: RuleSettings | undefined, cluster: string): RuleSettings {
  if (!settings) throw new Error(`policy parameters: ${cluster} says nothing of ${rule.id}: give it a level`);
  const missing = settings.level === "off" ? [] : missingParameters(rule, settings.parameters);
  if (missing.length === 0) return settings;
  throw new Error(`policy parameters: ${rule.id} of ${cluster} lacks ${missing.join(", ")}`);
}

function template(rule: Rule): AdmissionObject {
  const known = templates.get(rule);
  if (known) return known;
  const file = join(catalogue().folderOf(rule), "compiled", "templates", `${rule.name}.yaml`);
  const read: AdmissionObject = parse(readFileSync(file, "utf8"));
  templates.set(rule, read);
  return read;
}

/** Read once, as the catalogue is that has the rules: every cluster gets the same ones. */
const templates = new WeakMap<Rule, AdmissionObject>();

interface Enforced {
  readonly rule: Rule;
  readonly parameters: RuleSettings["parameters"];
  readonly action: string;
}

function constraint({ action, parameters, rule }: Enforced, excludedNamespaces: readonly string[]): AdmissionObject {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: rule.kind,
    metadata: { name: rule.id.toLowerCase(), annotations: { "metadata.gatekeeper.sh/title": rule.title } },
    spec: {
      enforcementAction: action,
      match: {
        kinds: byGroup(rule.match).map(([group, kinds]) => ({
          apiGroups: [group],
          kinds: kinds.map(({ kind }) => kind),
        })),
        ...(excludedNamespaces.length > 0 ? { excludedNamespaces: [...excludedNamespaces] } : {}),
      },
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    },
  };
}

/** Kinds by their API group, groups in alphabetical order. */
function byGroup(kinds: readonly MatchedKind[]): [string, MatchedKind[]][] {
  const groups = [...new Set(kinds.map(({ group }) => group))].sort();
  return groups.map((group) => [group, kinds.filter((kind) => kind.group === group)]);
}
