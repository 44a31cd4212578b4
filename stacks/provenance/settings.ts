/**
 * Everything that an environment file says, and what it leaves to a default: each a place of the file, with what the
 * schema would take there instead.
 */
import { z } from "zod";
import { environmentSchema } from "../environment-schema";

/** Keys and indices from the top of the file on. */
export type SettingPath = readonly (string | number)[];

/** A place of an environment file that one value decides. */
export interface Setting {
  readonly path: SettingPath;
  /** What stands there; of what is not set, the schema's default. */
  readonly value: unknown;
  /** `value`: a text, number, boolean, or list of these. `entry`: a member of a map or list, or a section that may be left out, as a whole. */
  readonly form: "value" | "entry";
  /** Whether the file says it; otherwise the default holds. */
  readonly isSet: boolean;
  /** What the schema takes at this place. */
  readonly schema: JsonSchema;
}

/** The part of JSON Schema in which zod describes the environment. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The settings of a file, in the schema's order. */
export function settingsOf(raw: unknown): Setting[] {
  schema ??= z.toJSONSchema(environmentSchema, { io: "input" }) as JsonSchema;
  return below(schema, raw, []);
}

let schema: JsonSchema | undefined;

function below(given: JsonSchema, raw: unknown, path: SettingPath): Setting[] {
  const one = branchFor(given, raw);
  if (one.properties) return ofFields(one, raw, path);
  if (one.additionalProperties) return ofEntries(one.additionalProperties, raw, path);
  if (Array.isArray(raw) && one.items?.properties) {
    const { items } = one;
    return raw.flatMap((value, index) => [
      { path: [...path, index], value, form: "entry", isSet: true, schema: items },
      ...below(items, value, [...path, index]),
    ]);
  }
  return raw === undefined ? [] : [{ path, value: raw, form: "value", isSet: true, schema: one }];
}

function ofFields({ properties = {}, required = [] }: JsonSchema, raw: unknown, path: SettingPath): Setting[] {
  return Object.entries(properties).flatMap(([name, field]): Setting[] => {
    const at = [...path, name];
    const value = isMap(raw) ? raw[name] : undefined;
    if (value !== undefined) {
      const mayGo = isMap(value) && !required.includes(name) && field.default === undefined;
      const section: Setting[] = mayGo ? [{ path: at, value, form: "entry", isSet: true, schema: field }] : [];
      return [...section, ...below(field, value, at)];
    }
    if (field.default === undefined) return [];
    return isMap(field.default)
      ? below(field, field.default, at).map((setting) => ({ ...setting, isSet: false }))
      : [{ path: at, value: field.default, form: "value", isSet: false, schema: branchFor(field, field.default) }];
  });
}

function ofEntries(entry: JsonSchema, raw: unknown, path: SettingPath): Setting[] {
  return Object.entries(isMap(raw) ? raw : {}).flatMap(([key, value]): Setting[] => {
    const at = [...path, key];
    const whole: Setting[] = isMap(value) ? [{ path: at, value, form: "entry", isSet: true, schema: entry }] : [];
    return [...whole, ...below(entry, value, at)];
  });
}

/** Of several forms the one that a value has: its constants agree, or its type does. */
function branchFor(given: JsonSchema, raw: unknown): JsonSchema {
  const branches = given.oneOf ?? given.anyOf;
  if (!branches) return given;
  return branches.find((branch) => fits(branch, raw)) ?? branches[0] ?? given;
}

function fits({ enum: values, properties, type }: JsonSchema, raw: unknown): boolean {
  if (!isMap(raw)) {
    if (values) return values.some((value) => value === raw);
    return type === (Array.isArray(raw) ? "array" : typeof raw) || (type === "integer" && Number.isInteger(raw));
  }
  if (type !== "object") return false;
  const constants = Object.entries(properties ?? {}).filter(([, field]) => field.const !== undefined);
  return constants.every(([name, field]) => raw[name] === field.const);
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
