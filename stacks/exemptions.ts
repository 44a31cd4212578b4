/**
 * Reads who may do what although a rule forbids it: the project's `exemptions.yaml`, and the exemptions that the
 * platform itself needs. The only reader of both.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Exemption } from "../policies/exemption";
import { policiesPath } from "../policies/folder";
import { type Environment, EnvironmentError } from "./environment";
import { type ExemptionContext, exemptionFaults, groupOfObject } from "./exemption-checks";
import { type ExemptionEntry, exemptionEntry, exemptionsFile } from "./exemption-schema";
import { type Fault, TeamFile } from "./team-file";

/** The team's file, in the project beside `environments/`. */
export const EXEMPTIONS_FILE = "exemptions.yaml";

/** Exemptions of one cluster by rule id, those that have ended among them; the platform's own come first. */
export type ClusterExemptions = Readonly<Record<string, readonly [Exemption, ...Exemption[]]>>;

/** Exemptions of one environment, by cluster. */
export class Exemptions {
  /** @param entries checked */
  constructor(readonly entries: readonly ExemptionEntry[]) {}

  /** Those that hold on a cluster. */
  on(environment: string, cluster: string): ClusterExemptions {
    const byRule: Record<string, [Exemption, ...Exemption[]]> = {};
    for (const entry of this.entries) {
      const isHere = entry.environments === "every" || entry.environments.includes(environment);
      if (!isHere || !(entry.clusters?.includes(cluster) ?? true)) continue;
      const exemption = asParameter(entry);
      const before = byRule[entry.rule];
      if (before) before.push(exemption);
      else byRule[entry.rule] = [exemption];
    }
    return byRule;
  }
}

/**
 * The platform's exemptions and the project's.
 *
 * @param now the clock by which the project's are bounded
 * @throws EnvironmentError listing every fault of a file with its line, path, value and bound
 */
export function readExemptions(environment: Environment, now = new Date()): Exemptions {
  const file = join(environment.root, EXEMPTIONS_FILE);
  const own = existsSync(file)
    ? parseExemptions(readFileSync(file, "utf8"), EXEMPTIONS_FILE, { environments: clustersByName(environment), now })
    : [];
  return new Exemptions([...platformExemptions(), ...own]);
}

/** What the platform itself needs, in every environment. */
export function platformExemptions(): readonly ExemptionEntry[] {
  const file = policiesPath(EXEMPTIONS_FILE);
  const text = readFileSync(file, "utf8");
  if (known?.text !== text) known = { text, entries: parseExemptions(text, file) };
  return known.entries;
}

/** The platform's file as it was read last: every cluster asks for it. */
let known: { readonly text: string; readonly entries: readonly ExemptionEntry[] } | undefined;

/**
 * The entries of a file.
 *
 * @param context what a team's are held against; none: the platform's
 * @throws EnvironmentError listing every fault
 */
export function parseExemptions(text: string, file: string, context?: ExemptionContext): ExemptionEntry[] {
  const content = new TeamFile(text);
  const parsed = exemptionsFile.safeParse(content.raw);
  const entries = entriesOf(content.raw);
  const faults: Fault[] =
    content.syntaxFaults.length > 0
      ? [...content.syntaxFaults]
      : [
          ...content.shapeFaults(parsed.error),
          ...entries.flatMap(({ entry, index }) =>
            [...exemptionFaults(entry, context), ...twice(entry, index, entries)].map(({ message, path }) =>
              content.fault({ path: ["exemptions", index, ...path], message }),
            ),
          ),
        ];
  if (faults.length > 0 || !parsed.success) throw new EnvironmentError(file, faults);
  return parsed.data.exemptions;
}

interface NumberedEntry {
  readonly entry: ExemptionEntry;
  readonly index: number;
}

/** Entries of the right shape: those of another are already faults. */
function entriesOf(raw: unknown): NumberedEntry[] {
  const { exemptions } = Object(raw) as { exemptions?: unknown };
  return (Array.isArray(exemptions) ? exemptions : []).flatMap((value: unknown, index) => {
    const { data } = exemptionEntry.safeParse(value);
    return data ? [{ entry: data, index }] : [];
  });
}

function twice(entry: ExemptionEntry, index: number, entries: readonly NumberedEntry[]) {
  const same = ({ entry: other }: NumberedEntry) =>
    other.rule === entry.rule &&
    JSON.stringify([other.object, other.paths]) === JSON.stringify([entry.object, entry.paths]) &&
    meet(other.environments, entry.environments) &&
    meet(other.clusters ?? "every", entry.clusters ?? "every");
  const first = entries.find((one) => one.index < index && same(one));
  return first ? [{ path: [], message: `is exempt already, by exemptions[${first.index}]` }] : [];
}

const meet = (some: "every" | readonly string[], others: "every" | readonly string[]) =>
  some === "every" || others === "every" || some.some((name) => others.includes(name));

function asParameter(entry: ExemptionEntry): Exemption {
  const { expires, object, owner, paths, reason } = entry;
  const group = groupOfObject(entry) ?? "";
  const { kind, name = "", namespace = "" } = object;
  return { owner, reason, expires, group, kind, namespace, name, ...(paths ? { paths } : {}) };
}

/** Names alone are read of the other environments, which may have faults of their own. */
function clustersByName(environment: Environment): Record<string, string[]> {
  const folder = join(environment.root, "environments");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  const others = files.map((name): [string, string[]] => [
    name.replace(/\.ya?ml$/, ""),
    clusterNames(readFileSync(join(folder, name), "utf8")),
  ]);
  return { ...Object.fromEntries(others), [environment.name]: Object.keys(environment.clusters) };
}

function clusterNames(text: string): string[] {
  try {
    return Object.keys(Object((parse(text) as { clusters?: unknown } | null)?.clusters));
  } catch {
    return [];
  }
}
