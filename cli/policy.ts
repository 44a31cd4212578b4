/** `fleetwright policy`: the rules, asked without a cluster. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { shapeSentence } from "../components/shape-sentence";
import { type CheckReport, check } from "../policies/check";
import { compileOwnRules } from "../policies/compile/own-build";
import { findTool } from "../policies/compile/tool";
import { readCatalogue } from "../policies/engine/catalogue";
import { dayOf } from "../policies/exemption";
import { endedSentence, endingSentence, ruleExemptions, standing } from "../policies/exemption-report";
import { ownPoliciesFolder } from "../policies/folder";
import { type GivenParameters, readParameters } from "../policies/given-parameters";
import { readManifests } from "../policies/manifests";
import { NewRuleError, newRule } from "../policies/new-rule";
import type { PolicyParameters } from "../policies/parameters";
import { runCases, type TestReport } from "../policies/run-cases";
import { loadEnvironment } from "../stacks/environment";
import { policyParameters } from "../stacks/policy-parameters";
import { projectRoot } from "../stacks/project";
import { CliError, type Format, printDocument } from "./output";
import { auditCommand } from "./policy-audit";
import { chosenOf, rulesOption } from "./rules-option";
import { nameOf, violationTable } from "./violation-table";

export function policyCommand(): Command {
  return new Command("policy")
    .summary("judge manifests by the rules, test and begin rules")
    .description(
      "Asks the rules of policies/ without a cluster: the same compiled rules that guard previews and admission.",
    )
    .addCommand(checkCommand())
    .addCommand(auditCommand())
    .addCommand(testCommand())
    .addCommand(newCommand())
    .addCommand(compileCommand());
}

interface CheckCommandOptions {
  readonly filename: string[];
  readonly environment?: string;
  readonly params?: string;
  readonly rules?: string;
  readonly whole?: boolean;
  readonly output: Format;
}

function checkCommand(): Command {
  return new Command("check")
    .summary("judge any Kubernetes manifests")
    .description(
      "Judges every object by every rule that looks at its kind; with --whole, or where --rules names GR, also all of them as a\n" +
        "set: what waits for itself, webhooks that lock themselves out, what comes before what it needs (GR-01 to GR-11).\n" +
        "Exits 3 when one is denied by a rule whose level is deny, and when an exemption of the environment has ended.\n" +
        "A rule whose parameters are not given is undetermined; nothing is assumed in their place. Of an environment's rules that\n" +
        "refuses too, with 5.\n\n" +
        "  fleetwright policy check -f deploy/ -e prod\n" +
        "  helm template app | fleetwright policy check -f - --params params.yaml\n" +
        "  fleetwright policy check -f deploy/ --rules SC,PS-01,image\n" +
        "  helm template app --include-crds | fleetwright policy check -f - --rules GR\n\n" +
        "  # params.yaml, by rule id\n" +
        "  IM-03: { registries: [registry.k8s.io, ghcr.io/acme] }",
    )
    .requiredOption("-f, --filename <path>", "file, folder, or - for standard input; may be repeated", collect)
    .option("-e, --environment <name>", "levels and parameters of an environment: a name or a path")
    .option("--params <file>", "YAML, rule id to parameters; they take the place of the environment's")
    .option(
      "--whole",
      "the objects are all that a cluster gets: what is missing among them is nowhere, and they are judged as a set",
    )
    .addOption(rulesOption())
    .action((options: CheckCommandOptions) => {
      const { parameters } = given(options.params);
      const chosen = chosenOf(options);
      const environment = options.environment === undefined ? undefined : loadEnvironment(options.environment);
      const manifests = readManifests(options.filename, () => readFileSync(0, "utf8"));
      if (manifests.faults.length > 0) {
        const lines = manifests.faults.map(({ path, message }) => `  ${path}  ${message}`);
        const count = `${lines.length} ${lines.length === 1 ? "fault" : "faults"}`;
        const message = [`the manifests cannot be read: ${count}, nothing was judged.`, ...lines].join("\n");
        throw new CliError("ManifestInvalid", message, 2, manifests.faults);
      }
      const settings = environment && policyParameters(environment);
      const report = check(manifests.objects, {
        parameters,
        ...chosen,
        places: manifests.places,
        isWhole: options.whole === true,
        ...(settings ? { environment: settings } : {}),
      });
      const exemptions = exemptionLists(settings);
      if (options.output === "table") process.stdout.write(checkTable(report, manifests.skipped, exemptions));
      else printDocument("PolicyReport", { ...report, ...exemptions, skipped: manifests.skipped }, options.output);
      process.exitCode = exemptions.ended.length > 0 ? 3 : exitCodeOf(report);
    });
}

/** Exemptions of an environment to speak of: those that have ended, which refuse, and those that soon will. */
function exemptionLists(parameters: PolicyParameters | undefined) {
  const day = dayOf(new Date());
  const { ended, ending } = standing(parameters ? ruleExemptions(parameters) : [], day);
  return {
    ended: ended.map((one) => ({ ...one, message: endedSentence(one) })),
    ending: ending.map((one) => ({ ...one, message: endingSentence(one, day) })),
  };
}

function testCommand(): Command {
  return new Command("test")
    .summary("run the cases of every rule")
    .description(
      "Runs policies/rules/*/cases through the compiled rules, and through Gatekeeper's own engine where gator is installed.\n" +
        "Exits 3 when a verdict is not the one that its case expects.",
    )
    .addOption(rulesOption())
    .action(async ({ output, ...options }: { output: Format; rules?: string }) => {
      const chosen = chosenOf(options);
      const report = await runCases(chosen?.rules, chosen?.graphRules);
      if (output === "table") process.stdout.write(testTable(report));
      else printDocument("PolicyTestReport", report, output);
      if (report.summary.failed > 0) process.exitCode = 3;
    });
}

function newCommand(): Command {
  return new Command("new")
    .summary("begin a rule")
    .description(
      "Writes policies/rules/<name>/ with a rule that compiles, its meta.yaml and first cases, to be changed. In a project of your\n" +
        "own it becomes a rule of the project's, beside Fleetwright's; in a checkout of Fleetwright one of Fleetwright's.\n" +
        "docs/how-to/write-a-rule.md goes on from there.\n\n" +
        "  fleetwright policy new host-network --id XA-01 && fleetwright policy compile && fleetwright policy test",
    )
    .argument("<name>", "lower-case words with dashes between them")
    .requiredOption("--id <id>", "two letters and two digits that no other rule has, such as XA-01")
    .action((name: string, { id, output }: { id: string; output: Format }) => {
      const files = written(name, id);
      if (output === "table") process.stdout.write(`${files.map((file) => relative(".", file)).join("\n")}\n`);
      else printDocument("NewRule", { id, name, files }, output);
    });
}

/** @throws ProjectError outside of every project: the package's own rules are begun only in a checkout of it */
function written(name: string, id: string): string[] {
  const own = ownPoliciesFolder(projectRoot());
  try {
    return own ? newRule(name, id, join(own, "rules"), readCatalogue().rules) : newRule(name, id);
  } catch (error) {
    if (error instanceof NewRuleError) throw new CliError("RuleInvalid", `nothing was written.\n${error.message}`, 2);
    throw error;
  }
}

function compileCommand(): Command {
  return new Command("compile")
    .summary("compile a project's own rules")
    .description(
      "Compiles policies/rules/ of the project into policies/compiled/, which is to be committed: from then on previews, policy\n" +
        "check and Gatekeeper judge by these rules as well. Needs opa, one of the tools that `fleetwright sandbox up` installs.\n" +
        "In a checkout of Fleetwright `npm run rules` does the same for Fleetwright's.",
    )
    .action(async ({ output }: { output: Format }) => {
      const own = ownPoliciesFolder(projectRoot());
      if (!own)
        throw new CliError(
          "ProjectMissing",
          "this is no project with rules of its own, it is Fleetwright's: `npm run rules` compiles Fleetwright's",
          2,
        );
      const opa = findTool("opa");
      if (!opa)
        throw new CliError(
          "ToolsNotReady",
          "opa is not installed: run `fleetwright sandbox up`, or put opa 1.17.1 into PATH",
          4,
        );
      const files = await compileOwnRules(opa, own);
      if (output === "table") process.stdout.write(`${files} files in ${relative(".", join(own, "compiled"))}\n`);
      else printDocument("CompiledRules", { folder: join(own, "compiled"), files }, output);
    });
}

/** What is denied comes before what could not be known. */
function exitCodeOf({ results }: CheckReport): 0 | 3 | 5 {
  const refusing = results.filter(({ refuses }) => refuses);
  if (refusing.some(({ verdict }) => verdict === "deny")) return 3;
  return refusing.length > 0 ? 5 : 0;
}

const collect = (path: string, before: string[] | undefined) => [...(before ?? []), path];

function given(file: string | undefined): GivenParameters {
  if (file === undefined) return { parameters: {}, faults: [] };
  const read = readParameters(textOf(file), shapeSentence);
  if (read.faults.length === 0) return read;
  const lines = read.faults.map(({ path, message }) => `  ${file}  ${path}${path ? ": " : ""}${message}`);
  throw new CliError("ParametersInvalid", ["the parameters cannot be used.", ...lines].join("\n"), 2, read.faults);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("ParametersInvalid", `--params ${file} cannot be read: ${reason}`, 2);
  }
}

/** Only what asks for attention; what is allowed is counted. */
function checkTable(
  { results, summary, unjudged }: CheckReport,
  skipped: readonly string[],
  { ended, ending }: ReturnType<typeof exemptionLists>,
): string {
  const shown = results
    .filter(({ verdict }) => verdict !== "allow")
    .map(({ resource, cluster, ...result }) => ({
      ...result,
      resource: `${nameOf(resource)}${cluster ? ` (${cluster})` : ""}`,
    }));
  const left = skipped.map((place) => `not judged, no Kubernetes object: ${place}\n`).join("");
  const spoken = [...ended, ...ending].map(({ message }) => `${message}\n`).join("");
  const refusing = results.filter(({ refuses, verdict }) => refuses && verdict === "undetermined").length;
  const open = `${summary.undetermined} undetermined${refusing > 0 ? ` (${refusing} refused)` : ""}`;
  const byExemption = summary.exempted > 0 ? `, ${summary.exempted} of them by exemption` : "";
  const outside = unjudged > 0 ? `objects of no kind that the rules look at: ${unjudged}\n` : "";
  const counts = `${summary.deny} denied, ${open}, ${summary.allow} allowed${byExemption}`;
  return `${violationTable(shown)}${left}${spoken}${outside}${counts}\n`;
}

function testTable({ failures, summary }: TestReport): string {
  const lines = failures.map(({ id, name, engine, message }) => `${id} "${name}" (${engine}): ${message}\n`).join("");
  const gator = summary.gator === "skipped" ? "gator is not installed: Gatekeeper's engine was not asked\n" : "";
  return `${lines}${gator}${summary.passed} passed, ${summary.failed} failed\n`;
}
