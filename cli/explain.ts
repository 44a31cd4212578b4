/** `fleetwright explain`: a rule in full, for whoever it refused; or an object, for whoever wonders where it comes from. */
import { Command } from "commander";
import { stringify } from "yaml";
import { casesOf, countByVerdict } from "../policies/cases";
import { catalogue } from "../policies/engine/catalogue";
import { exemptedObject } from "../policies/exemption";
import { graphRules } from "../policies/graph/graph-rules";
import type { RuleSettings } from "../policies/parameters";
import { describedParameters, type Rule } from "../policies/rule";
import { type TierZeroRule, tierZeroRules } from "../policies/tier-zero";
import { clusterIdentifier, loadEnvironment } from "../stacks/environment";
import { levelOf, policyParameters } from "../stacks/policy-parameters";
import { graphExplanation, graphRule, graphRuleText } from "./explain-graph-rule";
import { type ObjectOptions, printObject } from "./explain-object";
import { CliError, printDocument } from "./output";

/** A rule, and what an environment's clusters make of it. */
interface Explanation {
  readonly rule: Rule;
  /** Number of cases per expected verdict. */
  readonly cases: ReturnType<typeof countByVerdict>;
  /** By cluster; empty where no environment was asked for. */
  readonly clusters: Readonly<Record<string, RuleSettings>>;
}

export function explainCommand(): Command {
  return new Command("explain")
    .summary("what a rule demands, or where an object comes from")
    .description(
      "Of a rule: what it looks at and why, what it means at each level, its parameters, and where it comes from. With an\n" +
        "environment also the level and the parameters that its clusters give it, and what is exempt from it there.\n\n" +
        "Of an object, KIND/NAME as kubectl spells it: which fields of the environment file decide what of it, which component\n" +
        "makes it, from which upstream manifest and images, what the rules say of it, and how it is exempted. What decides it is\n" +
        "found by changing each setting and making the object again; needs no cluster.\n\n" +
        "  fleetwright explain IM-03 -e prod\n" +
        "  fleetwright explain deploy/istiod -n istio-system --cluster hub",
    )
    .argument("<what>", "id or name of a rule (IM-03, image-registry), or an object (deployment/istiod)")
    .option("-e, --environment <name>", "an environment: a name or a path; of an object, dev if none is given")
    .option("-n, --namespace <name>", "the object's namespace, where several have one of its name")
    .option("--cluster <name>", "the object's cluster; otherwise the first that has it")
    .action(async (asked: string, options: ObjectOptions) => {
      const { environment, output } = options;
      if (asked.includes("/")) return printObject(asked, options);
      const given = ["namespace", "cluster"].filter((name) => name in options);
      if (given.length > 0) {
        throw new CliError(
          "UsageInvalid",
          `--${given.join(" and --")}: only of an object, such as deployment/istiod`,
          2,
        );
      }
      const ofTierZero = tierZeroRule(asked);
      if (ofTierZero) {
        const levels = levelsOf(ofTierZero, environment);
        if (output === "table") process.stdout.write(tierZeroText(ofTierZero, levels));
        else printDocument("RuleExplanation", { rule: ofTierZero, ...levels }, output);
        return;
      }
      const ofSets = graphRule(asked);
      if (ofSets) {
        const explained = graphExplanation(ofSets, environment);
        if (output === "table") process.stdout.write(graphRuleText(explained));
        else printDocument("RuleExplanation", explained, output);
        return;
      }
      const explanation = explain(asked, environment);
      if (output === "table") process.stdout.write(text(explanation));
      else printDocument("RuleExplanation", explanation, output);
    });
}

/** A rule of tier 0; by an id that previews know as well their rule is meant. */
const tierZeroRule = (asked: string) =>
  tierZeroRules().find(({ id, name }) => name === asked || (id === asked.toUpperCase() && !judgedByPack(id)));

const judgedByPack = (asked: string) => catalogue().rules.some(({ id }) => id === asked);

/** @throws CliError when there is no such rule */
function explain(asked: string, environment: string | undefined): Explanation {
  const { rules } = catalogue();
  const rule = rules.find(({ id, name }) => id === asked.toUpperCase() || name === asked);
  if (!rule) {
    const known = [...rules, ...graphRules(), ...tierZeroRules()].map(({ id, name }) => `  ${id}  ${name}`).join("\n");
    throw new CliError("RuleUnknown", `there is no rule ${asked}. There are\n${known}`, 2);
  }
  return {
    rule,
    cases: countByVerdict(casesOf(rule)),
    clusters: environment === undefined ? {} : settingsByCluster(rule, environment),
  };
}

function settingsByCluster(rule: Rule, environment: string): Record<string, RuleSettings> {
  const { clusters, infrastructure } = policyParameters(loadEnvironment(environment));
  const places = {
    ...clusters,
    ...(infrastructure ? { [`${infrastructure.environment}, outside of clusters`]: infrastructure } : {}),
  };
  return Object.fromEntries(
    Object.entries(places).flatMap(([cluster, { rules }]) => {
      const settings = rules[rule.id];
      return settings ? [[cluster, settings]] : [];
    }),
  );
}

function text({ rule, cases, clusters }: Explanation): string {
  const { prod, dev = prod } = rule.levels;
  const kinds = rule.match.map(({ group, kind }) => (group ? `${kind} (${group})` : kind)).join(", ");
  const parameters = describedParameters(rule).map(([name, description]) => `  ${name}: ${description}`);
  return [
    `${rule.id} ${rule.name}`,
    rule.title,
    "",
    rule.description,
    "",
    `looks at      ${kinds}`,
    `level         ${prod} in production, ${dev} in development`,
    `severity      ${rule.severity}`,
    `judged at     ${rule.points.join(", ")}`,
    `at Gatekeeper ${rule.points.includes("admission") ? `${rule.kind}, constraint ${rule.id.toLowerCase()}` : "not judged"}`,
    `cases         ${cases.allow} allowed, ${cases.deny} denied, ${cases.undetermined} left open`,
    ...section("parameters", parameters),
    ...section("in this environment", alike(clusters)),
    ...section("exempt in this environment", exempt(clusters)),
    ...section(
      "sources",
      rule.sources.map((source) => `  ${source}`),
    ),
    "",
  ].join("\n");
}

/** What each cluster of an environment makes of a rule of tier 0, which takes no parameters of its own. */
interface TierZeroLevels {
  /** By cluster; absent where no environment was asked for. */
  readonly clusters?: Readonly<Record<string, Pick<RuleSettings, "level">>>;
}

function levelsOf(rule: TierZeroRule, asked: string | undefined): TierZeroLevels {
  if (asked === undefined) return {};
  const environment = loadEnvironment(asked);
  const level = levelOf(environment, rule);
  const names = Object.keys(environment.clusters).map((name) => clusterIdentifier(environment, name));
  return { clusters: Object.fromEntries(names.map((name) => [name, { level }])) };
}

function tierZeroText(rule: TierZeroRule, { clusters = {} }: TierZeroLevels): string {
  const { prod, dev = prod } = rule.levels;
  return [
    `${rule.id} ${rule.name}`,
    rule.title,
    "",
    rule.description,
    "",
    `level         ${prod} in production, ${dev} in development`,
    `severity      ${rule.severity}`,
    "judged at     the API server itself, whether Gatekeeper runs or not",
    `policies      ${rule.policies.map(({ name }) => name).join(", ")}`,
    ...section(
      "in this environment",
      Object.entries(clusters).map(([cluster, { level }]) => `  ${cluster}: ${level}`),
    ),
    ...section(
      "sources",
      rule.sources.map((source) => `  ${source}`),
    ),
    "",
  ].join("\n");
}

/** Clusters that make the same of the rule stand together. */
function alike(clusters: Explanation["clusters"]): string[] {
  const groups = new Map<string, string[]>();
  for (const [cluster, settings] of Object.entries(clusters)) {
    const { exemptions: _, ...parameters } = settings.parameters;
    const given = stringify({ level: settings.level, parameters });
    groups.set(given, [...(groups.get(given) ?? []), cluster]);
  }
  return [...groups].flatMap(([given, names]) => [`  ${names.join(", ")}`, given.trimEnd().replaceAll(/^/gm, "    ")]);
}

/** What is exempt, once for all clusters on which it is: which object, until when, whose, why. */
function exempt(clusters: Explanation["clusters"]): string[] {
  const lines = new Map<string, string[]>();
  for (const [cluster, { parameters }] of Object.entries(clusters)) {
    for (const { paths = [], ...exemption } of parameters.exemptions ?? []) {
      const { expires, owner, reason } = exemption;
      const line = [
        `  ${exemptedObject(exemption)} until ${expires}, owner ${owner}`,
        `    ${reason}`,
        ...paths.map((path) => `    ${path}`),
      ].join("\n");
      lines.set(line, [...(lines.get(line) ?? []), cluster]);
    }
  }
  return [...lines].map(([line, names]) => `${line}\n    on ${names.join(", ")}`);
}

const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ["", title, ...lines] : []);
