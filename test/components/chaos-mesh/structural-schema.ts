/**
 * Judges an object by a structural schema as the API server does: types, required fields, bounds, enums and patterns;
 * fields that the schema does not know are told apart, for the API server would drop them.
 */
import type { Schema } from "../../../components/chaos-mesh/definitions/schema";

/** What the API server would say. */
export interface Judgement {
  /** Paths of the wrong fields, each with why. */
  readonly faults: readonly string[];
  /** Paths of the fields that would be dropped. */
  readonly dropped: readonly string[];
}

export function judge(schema: Schema, value: unknown, path = ""): Judgement {
  const fault = (why: string): Judgement => ({ faults: [`${path}: ${why}`], dropped: [] });
  if (value === null) return schema.nullable === true ? NOTHING : fault("is null");
  if (schema["x-kubernetes-validations"] !== undefined) return fault("is not offered");
  switch (schema.type) {
    case "object":
      return judgeObject(schema, value, path, fault);
    case "array":
      if (!Array.isArray(value) || !schema.items) return fault("is no list");
      return together(value.map((each, index) => judge(schema.items as Schema, each, `${path}[${index}]`)));
    case "string":
      return typeof value === "string" ? judgeText(schema, value, fault) : fault("is no text");
    case "integer":
      return Number.isInteger(value) ? judgeNumber(schema, value as number, fault) : fault("is no whole number");
    case "boolean":
      return typeof value === "boolean" ? NOTHING : fault("is no boolean");
    default:
      throw new Error(`a schema of type ${String(schema.type)}`);
  }
}

const NOTHING: Judgement = { faults: [], dropped: [] };

type Fault = (why: string) => Judgement;

function judgeObject(schema: Schema, value: unknown, path: string, fault: Fault): Judgement {
  if (typeof value !== "object" || Array.isArray(value)) return fault("is no object");
  const { additionalProperties, properties = {}, required = [] } = schema;
  const given = value as Record<string, unknown>;
  const missing = required.filter((name) => given[name] === undefined && properties[name]?.default === undefined);
  return together([
    ...missing.map((name) => fault(`${name} is missing`)),
    ...Object.entries(given).map(([name, each]) => {
      const at = path === "" ? name : `${path}.${name}`;
      const known = properties[name] ?? additionalProperties;
      if (known) return judge(known, each, at);
      // the API server knows what metadata has
      return path === "metadata" ? NOTHING : { faults: [], dropped: [at] };
    }),
  ]);
}

function judgeText(schema: Schema, value: string, fault: Fault): Judgement {
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return fault(`is none of ${schema.enum.join(", ")}`);
  if (typeof schema.pattern === "string" && !new RegExp(schema.pattern).test(value)) return fault("has another form");
  if (typeof schema.maxLength === "number" && value.length > schema.maxLength) return fault("is too long");
  return NOTHING;
}

function judgeNumber(schema: Schema, value: number, fault: Fault): Judgement {
  const { exclusiveMinimum, maximum, minimum } = schema;
  const isTooSmall = typeof minimum === "number" && (exclusiveMinimum === true ? value <= minimum : value < minimum);
  if (isTooSmall) return fault("is too small");
  return typeof maximum === "number" && value > maximum ? fault("is too large") : NOTHING;
}

const together = (all: readonly Judgement[]): Judgement => ({
  faults: all.flatMap(({ faults }) => faults),
  dropped: all.flatMap(({ dropped }) => dropped),
});
