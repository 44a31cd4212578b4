/** Parameters that a person wrote: YAML, rule id → parameters, each as its rule's schema wants them. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { catalogue } from "./engine/catalogue";
import type { RuleSettings } from "./parameters";
import { describedParameters, type Rule } from "./rule";

/** One wrong place. */
export interface ParameterFault {
  /** `IM-03.registries[0]`. */
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
}

export interface GivenParameters {
  readonly parameters: Readonly<Record<string, RuleSettings["parameters"]>>;
  readonly faults: readonly ParameterFault[];
}

/** What a schema finds, as a sentence; `isMissing` where nothing stands there. Whoever asks brings the words of all its files. */
export type Say = (issue: z.core.$ZodIssue, isMissing: boolean) => string;

export function readParameters(text: string, say: Say): GivenParameters {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return { parameters: {}, faults: document.errors.map(({ message }) => ({ path: "", value: undefined, message })) };
  }
  const given: unknown = document.toJS() ?? {};
  const byRule = z.record(z.string(), z.record(z.string(), z.unknown())).safeParse(given);
  if (!byRule.success) return { parameters: {}, faults: faultsOf(byRule.error, [], given, say) };
  const faults = Object.entries(byRule.data).flatMap(([id, parameters]) => {
    const rule = catalogue().rules.find((known) => known.id === id);
    return rule ? wrongParameters(rule, parameters, say) : [unknownRule(id)];
  });
  return { parameters: byRule.data, faults };
}

/** Faults of one rule's parameters; their paths begin with its id. */
export function wrongParameters(rule: Rule, parameters: RuleSettings["parameters"], say: Say): ParameterFault[] {
  const schema = z.fromJSONSchema(closed(rule.parameters ?? { type: "object" }) as z.core.JSONSchema.JSONSchema);
  const { error } = schema.safeParse(parameters);
  const faults = error ? faultsOf(error, [rule.id], parameters, say) : [];
  return faults.map((fault) => ({ ...fault, message: `${fault.message}. ${describe(rule)}` }));
}

/** What the rule takes, in the words of its `meta.yaml`. */
function describe(rule: Rule): string {
  const each = describedParameters(rule).map(([name, description]) =>
    description ? `${name}: ${description}` : `${name}.`,
  );
  return `${rule.id} takes ${each.length > 0 ? each.join(" ") : "no parameters."}`;
}

const unknownRule = (id: string): ParameterFault => ({
  path: id,
  value: undefined,
  message: `no such rule: there are ${catalogue()
    .rules.map((rule) => rule.id)
    .join(", ")}`,
});

/** The schema with no room for fields that it does not name: the API server drops those, which would hide a typing error. */
function closed(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = inner.type === "object" && !("additionalProperties" in inner);
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}

function faultsOf(error: z.ZodError, before: readonly PropertyKey[], root: unknown, say: Say): ParameterFault[] {
  return error.issues.map((issue) => {
    const path = [...before, ...issue.path];
    const printed = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
    const value = issue.path.reduce<unknown>(
      (at, step) => (Object(at) === at ? Reflect.get(Object(at), step) : undefined),
      root,
    );
    const isUnknown = issue.code === "unrecognized_keys";
    const message = isUnknown ? `no such parameter: ${issue.keys.join(", ")}` : say(issue, value === undefined);
    return { path: printed.replace(/^\./, ""), value, message };
  });
}
