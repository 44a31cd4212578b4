/** `fleetwright explain <kind/name>`: where an object comes from, and what the rules make of it. */
import { stringify } from "yaml";
import { ensureUpstream } from "../components/upstream";
import { exemptedObject } from "../policies/exemption";
import { loadEnvironment } from "../stacks/environment";
import { type ExplainedDecision, explainObject, type ObjectExplanation } from "../stacks/object-explanation";
import { ObjectSearchError } from "../stacks/object-search";
import { CliError, type Format, printDocument } from "./output";
import { nameOf, violationTable } from "./violation-table";

export interface ObjectOptions {
  readonly environment?: string;
  readonly namespace?: string;
  readonly cluster?: string;
  readonly output: Format;
}

/** @throws CliError when the object is not there, or not the only one of its name */
export async function printObject(words: string, options: ObjectOptions): Promise<void> {
  const environment = loadEnvironment(options.environment ?? "dev");
  const { cluster, namespace } = options;
  if (cluster !== undefined && !environment.clusters[cluster]) {
    const known = Object.keys(environment.clusters).join(", ");
    throw new CliError("ClusterUnknown", `--cluster ${cluster}: ${environment.file} has ${known}`, 2);
  }
  await ensureUpstream();
  try {
    const explanation = await explainObject(environment, { words, namespace }, { cluster, progress: progress() });
    if (options.output === "table") process.stdout.write(objectText(explanation));
    else printDocument("ObjectExplanation", { ...explanation, summary: summaryOf(explanation) }, options.output);
  } catch (error) {
    if (error instanceof ObjectSearchError) throw new CliError(error.code, error.message, 2);
    throw error;
  }
}

/** One line that is written again and again, for who looks at it. */
function progress(): (done: number, all: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (done, all) => process.stderr.write(done < all ? `\rtried ${done} of ${all} settings` : "\r\x1b[K");
}

function summaryOf({ decisions, verdicts }: ObjectExplanation) {
  const count = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).length;
  return {
    decisions: decisions.length,
    deny: count("deny"),
    allow: count("allow"),
    undetermined: count("undetermined"),
    exempted: verdicts.filter(({ exemption }) => exemption).length,
  };
}

export function objectText(explanation: ObjectExplanation): string {
  const { cluster, component, environment, resource } = explanation;
  return [
    `${nameOf(resource)} on ${cluster} of ${environment}`,
    `${resource.apiVersion}${elsewhere(explanation)}`,
    "",
    `component     ${component.name}, made by ${component.source}`,
    ...(component.page ? [`page          ${component.page}`] : []),
    ...origin(explanation),
    "",
    "decided by",
    ...explanation.decisions.flatMap(decisionLines),
    ...undecided(explanation),
    "",
    "rules",
    ...rules(explanation),
    "",
    "exemption",
    ...exemption(explanation),
    "",
  ].join("\n");
}

function elsewhere({ elsewhere }: ObjectExplanation): string {
  const named = (isSame: boolean) => elsewhere.filter((one) => one.isSame === isSame).map(({ cluster }) => cluster);
  const [same, other] = [named(true), named(false)];
  return [
    ...(same.length > 0 ? [`; the same on ${same.join(", ")}`] : []),
    ...(other.length > 0 ? [`; another on ${other.join(", ")}: --cluster says which`] : []),
  ].join("");
}

function origin({ images, upstream }: ObjectExplanation): string[] {
  return [
    ...(upstream
      ? [
          `upstream      ${upstream.set} ${upstream.version}, ${upstream.path} (upstream.lock.yaml)`,
          `changed here  ${fieldList(upstream.changed)}`,
        ]
      : []),
    ...images.map(
      ({ file, image, line, name }) => `image         ${name}: ${image} (${file}${line ? `:${line}` : ""})`,
    ),
  ];
}

/** Fields that are listed; `--json` has all of them. */
const MOST_FIELDS = 6;

function fieldList(fields: readonly string[]): string {
  if (fields.length === 0) return "nothing";
  const more = fields.length - MOST_FIELDS;
  return `${fields.slice(0, MOST_FIELDS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function decisionLines({ existence, fields, file, holds, isSet, line, path, value }: ExplainedDecision): string[] {
  const place = path === "" ? `${file}  the file's name` : `${file}${line === undefined ? "" : `:${line}`}  ${path}`;
  const said = isSet ? JSON.stringify(value) : `not set, default ${JSON.stringify(value)}`;
  const what = [...(existence ? ["whether it is made at all"] : []), ...(fields.length > 0 ? [fieldList(fields)] : [])];
  const alone = holds ? "" : " (with something else of the file: by itself no other value is valid)";
  return [`  ${place}: ${said.length > 80 ? `${said.slice(0, 79)}…` : said}`, `      ${what.join("; ")}${alone}`];
}

function undecided({ decisions, tried, unknown }: ObjectExplanation): string[] {
  const late = unknown.filter(({ reason }) => reason === "no time left").length;
  const none = unknown.length - late;
  return [
    ...(decisions.length === 0 ? ["  nothing of the environment file"] : []),
    `  found by changing each of ${tried} settings and making the object again${none > 0 ? `; of ${none} no other value could be tried` : ""}`,
    ...(late > 0 ? [`  there was no time left for ${late} settings: they may decide something, too`] : []),
  ];
}

function rules({ ended, guardedBy, off, verdicts }: ObjectExplanation): string[] {
  const lines = verdicts
    .filter(({ exemption, verdict }) => verdict !== "allow" || exemption)
    .map(({ exemption, id, level, message, resource, verdict }) => ({
      id,
      level,
      verdict: exemption ? "exempt" : verdict,
      resource: nameOf(resource),
      message: exemption
        ? `${message}; until ${exemption.expires}, owner ${exemption.owner}: ${exemption.reason}`
        : message,
    }));
  const allowed = verdicts.filter(({ exemption, verdict }) => verdict === "allow" && !exemption).map(({ id }) => id);
  return [
    ...(lines.length > 0 ? [violationTable(lines).trimEnd()] : []),
    ...(allowed.length > 0 ? [`  allowed by ${[...new Set(allowed)].join(", ")}`] : []),
    ...(off.length > 0 ? [`  off here: ${off.join(", ")}`] : []),
    ...ended.map(
      ({ exemption, id }) => `  ${id}: the exemption of ${exemptedObject(exemption)} ended on ${exemption.expires}`,
    ),
    ...(guardedBy.length > 0 ? [`  who changes it is judged by the API server itself: ${guardedBy.join(", ")}`] : []),
    ...(verdicts.length + off.length + guardedBy.length === 0 ? ["  no rule looks at its kind"] : []),
  ];
}

function exemption({ exemption: { entries, file, owner } }: ObjectExplanation): string[] {
  const who = `  by an entry in ${file}, agreed by whoever merges there; team ${owner} answers for it`;
  if (entries.length === 0) return [`${who}; no rule denies the object, so none is needed`];
  return [
    who,
    ...stringify({ exemptions: entries })
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
  ];
}
