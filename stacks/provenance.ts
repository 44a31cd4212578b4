/**
 * Which fields of an environment file decide an object, found out and not looked up: each value of the file is replaced
 * by another that the schema takes, the object is made again, and where it comes out different the value decides those
 * fields of it. What no variant showed is not claimed.
 */
import { setImmediate } from "node:timers/promises";
import { type Environment, variantOf } from "./environment";
import { type Setting, type SettingPath, settingsOf } from "./provenance/settings";
import { type Decision, Trial } from "./provenance/trial";
import { type ObjectOfCluster, VariantRender } from "./provenance/variant-render";

/** What decides an object, and what was not found out. */
export interface Provenance {
  readonly decisions: readonly Decision[];
  /** How many settings were tried. */
  readonly tried: number;
  /** Settings of which nothing is known: no other value could be found, or there was no time left. */
  readonly unknown: readonly UnknownSetting[];
}

export interface UnknownSetting {
  readonly path: SettingPath;
  readonly reason: "no other value" | "no time left";
}

export interface ProvenanceOptions {
  /** That has made the object already. @default it is made */
  readonly render?: VariantRender;
  /** Seconds after which the rest is left unknown. @default 30, ten times what a fleet of three needs */
  readonly seconds?: number;
  /** Told how many of all are done, now and then. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * @param raw the environment's file as YAML reads it
 * @throws Error when the environment does not make the object
 */
export async function provenanceOf(
  environment: Environment,
  raw: unknown,
  asked: ObjectOfCluster,
  { progress = () => {}, render = new VariantRender(environment, asked), seconds = 30 }: ProvenanceOptions = {},
): Promise<Provenance> {
  const trial = new Trial({ raw, render, variant: (other) => variantOf(environment, other) });
  const end = Date.now() + seconds * 1000;
  const all = settingsOf(raw).filter(({ path }) => !isTheClusterItself(path, asked));
  const groups = groupsOf(all, asked);
  const decisions = [trial.ofEnvironmentName(), trial.ofClusterName(asked.cluster)].filter((one) => one !== undefined);
  const unknown: UnknownSetting[] = [];
  let done = 0;
  for (const group of groups) {
    done += group.length;
    if (Date.now() > end) {
      unknown.push(...group.map(({ path }): UnknownSetting => ({ path, reason: "no time left" })));
      continue;
    }
    if (group.length > 1 && trial.changesNothing(group)) continue;
    for (const setting of group) {
      const decision = trial.of(setting);
      if (decision === "no other value") unknown.push({ path: setting.path, reason: decision });
      else if (decision !== "nothing") decisions.push(decision);
    }
    progress(done, all.length);
    await setImmediate();
  }
  return { decisions: withoutRepetitions(decisions), tried: all.length - unknown.length, unknown };
}

/** Without its cluster no object is made; that is no news. */
const isTheClusterItself = ([section, name, ...rest]: SettingPath, { cluster }: ObjectOfCluster) =>
  section === "clusters" && name === cluster && rest.length === 0;

/**
 * What is near comes first, each by itself: where time runs out, the least is lost. Of what is far, values of one section
 * are first tried together. An enumeration never is: what it switches off would hide what the others do.
 */
function groupsOf(settings: readonly Setting[], asked: ObjectOfCluster): Setting[][] {
  const groups = new Map<string, Setting[]>();
  for (const [index, setting] of settings.entries()) {
    const alone = setting.form === "entry" || isNear(setting, asked) || Trial.isEnumeration(setting);
    const key = alone ? String(index) : setting.path.slice(0, 2).join("/");
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  const distance = ([first]: readonly Setting[]) => (first && isNear(first, asked) ? 0 : 1) + (first?.isSet ? 0 : 1);
  return [...groups.values()].sort((a, b) => distance(a) - distance(b));
}

/** Settings of the object's own component and cluster, and of all. */
function isNear({ path }: Setting, { cluster, component }: ObjectOfCluster): boolean {
  const [section, name] = path;
  const isOwn = path.slice(0, 2).some((step) => String(step).toLowerCase() === component.replaceAll("-", ""));
  return isOwn || name === undefined || (section === "clusters" && name === cluster);
}

/** A section whose end ends the object is said once, by its innermost place. */
function withoutRepetitions(decisions: readonly Decision[]): Decision[] {
  const isWithin = (inner: SettingPath, outer: SettingPath) =>
    inner.length > outer.length && outer.every((step, index) => step === inner[index]);
  return decisions.filter(
    ({ fields, path }) =>
      fields.length > 0 || !decisions.some((other) => other.existence && isWithin(other.path, path)),
  );
}
