/** Tries other values of settings, and sees what becomes of an object. */
import { valueAt, withValue } from "../../policies/engine/path";
import type { EnvironmentVariant } from "../environment";
import { alternativesOf } from "./alternatives";
import { changedFields } from "./changed-fields";
import type { Setting, SettingPath } from "./settings";
import type { VariantRender } from "./variant-render";

/** A value of the file, and what of the object follows from it. */
export interface Decision {
  readonly path: SettingPath;
  /** What stands there; of what is not set, the default that holds. */
  readonly value: unknown;
  readonly isSet: boolean;
  /** Fields of the object that came out different, as violations say them. */
  readonly fields: readonly string[];
  /** Whether the object is made at all depends on it. */
  readonly existence: boolean;
  /** With which other values this was seen; null is the place left empty. */
  readonly tried: readonly unknown[];
  /** Whether the file may say such a value; otherwise only the whole of it refuses, as where others refer to a name. */
  readonly holds: boolean;
}

interface TrialArgs {
  /** The environment's file as YAML reads it. */
  readonly raw: unknown;
  readonly render: VariantRender;
  /** The environment that a file would be; undefined where its shape is wrong. */
  readonly variant: (raw: unknown) => EnvironmentVariant | undefined;
}

/** A number that is rounded, or a name that is passed over, may change nothing once; twice is no accident. */
const MOST_WITHOUT_EFFECT = 2;

interface Effect {
  readonly other: unknown;
  readonly fields: readonly string[];
  readonly isGone: boolean;
  readonly holds: boolean;
}

export class Trial {
  readonly #args: TrialArgs;

  constructor(args: TrialArgs) {
    this.#args = args;
  }

  /** Whether each other value may do something else; of numbers and texts one is as good as the next. */
  static isEnumeration({ schema, value }: Setting): boolean {
    return schema.enum !== undefined || typeof value === "boolean";
  }

  /** Whether other values at all of these places at once leave the object as it is. */
  changesNothing(settings: readonly Setting[]): boolean {
    const { raw, variant } = this.#args;
    let changed = raw;
    for (const setting of settings) {
      const next = alternativesOf(setting, raw)
        .map((other) => replaced(changed, setting.path, other))
        .find((candidate) => variant(candidate) !== undefined);
      if (next === undefined) return false;
      changed = next;
    }
    const all = variant(changed);
    const effect = all && this.#effectOf(all, undefined);
    return effect !== undefined && effect.fields.length === 0 && !effect.isGone;
  }

  /** What the name of the environment decides, which is its file's. */
  ofEnvironmentName(): Decision | undefined {
    const { environment } = this.#args.variant(this.#args.raw) ?? {};
    if (!environment) return undefined;
    const other = `${environment.name}-x`;
    const effect = this.#effectOf({ environment: { ...environment, name: other }, holds: () => true }, other);
    return effect && decisionOf({ path: [], value: environment.name, form: "value", isSet: true }, [effect]);
  }

  /** What the name of the object's own cluster decides, wherever the file says it. */
  ofClusterName(name: string): Decision | undefined {
    const other = `${name}-x`;
    const variant = this.#args.variant(renamed(this.#args.raw, name, other));
    const effect = variant && this.#effectOf(variant, other, other);
    return effect && decisionOf({ path: ["clusters", name], value: name, form: "value", isSet: true }, [effect]);
  }

  /** What a setting decides. */
  of(setting: Setting): Decision | "nothing" | "no other value" {
    const { raw } = this.#args;
    const effects: Effect[] = [];
    const each = Trial.isEnumeration(setting);
    for (const other of alternativesOf(setting, raw)) {
      const variant = this.#args.variant(replaced(raw, setting.path, other));
      const effect = variant && this.#effectOf(variant, other);
      if (effect) effects.push(effect);
      if (!each && (effects.some(isShown) || effects.length >= MOST_ALTERNATIVES)) break;
      if (!each && effects.filter(({ holds }) => holds).length >= MOST_WITHOUT_EFFECT) break;
    }
    if (effects.length === 0) return "no other value";
    return decisionOf(setting, effects) ?? "nothing";
  }

  #effectOf(variant: EnvironmentVariant, other: unknown, cluster?: string): Effect | undefined {
    try {
      const made = this.#args.render.of(variant.environment, cluster);
      const fields = made ? changedFields(this.#args.render.object, made) : [];
      return { other, fields, isGone: made === undefined, holds: variant.holds() };
    } catch {
      // a component has bounds of its own: what it does not take shows nothing
      return undefined;
    }
  }
}

/** Enough to find one that may stand in the file. */
const MOST_ALTERNATIVES = 6;

const isEffective = ({ fields, isGone }: Effect) => isGone || fields.length > 0;

const isShown = (effect: Effect) => effect.holds && isEffective(effect);

/** Of values that may stand in the file, if any of them shows something; else of the others. */
function decisionOf(
  { form, isSet, path, value }: Omit<Setting, "schema">,
  effects: readonly Effect[],
): Decision | undefined {
  const shown = effects.some(isShown) ? effects.filter(isShown) : effects.filter(isEffective);
  // of a section as a whole only the end of the object tells more than its values do
  const telling = form === "entry" ? shown.filter(({ isGone }) => isGone) : shown;
  if (telling.length === 0) return undefined;
  return {
    path,
    value,
    isSet,
    fields: [...new Set(telling.flatMap(({ fields }) => fields))],
    existence: telling.some(({ isGone }) => isGone),
    tried: telling.map(({ other }) => other ?? null),
    holds: telling.every(({ holds }) => holds),
  };
}

/** The file with another value at one place; without it, lists close ranks. */
function replaced(raw: unknown, path: SettingPath, other: unknown): unknown {
  const list = valueAt(raw, path.slice(0, -1));
  if (other !== undefined || !Array.isArray(list)) return withValue(raw, path, other);
  return withValue(raw, path.slice(0, -1), list.toSpliced(Number(path.at(-1)), 1));
}

/** A cluster by another name: in `clusters`, and in each list of clusters. */
function renamed(raw: unknown, name: string, other: string): unknown {
  return JSON.parse(JSON.stringify(raw), (key, value: unknown) => {
    if (key !== "clusters" || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => (one === name ? other : one));
    return Object.fromEntries(Object.entries(value).map(([own, entry]) => [own === name ? other : own, entry]));
  });
}
