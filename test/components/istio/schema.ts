/** What a CustomResourceDefinition's schema finds wrong with an object: shape, types, enums, bounds, required fields; no CEL. */
import { groupOf, type KubeObject } from "../../../components/kube-object";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
}

interface Definition {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
}

/** One sentence per fault; a kind or version that no definition has is one. */
export function schemaFaults(object: KubeObject, definitions: readonly KubeObject[]): string[] {
  const whose = `${object.kind}/${object.metadata.name}`;
  const version = object.apiVersion.split("/")[1];
  const schema = definitions
    .map(({ spec }) => spec as Definition)
    .find(({ group, names }) => group === groupOf(object) && names.kind === object.kind)
    ?.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
  if (schema === undefined) return [`${whose}: no definition has ${object.apiVersion}`];
  return faults(schema.properties?.spec ?? {}, object.spec, "spec").map((fault) => `${whose}: ${fault}`);
}

function faults(schema: Schema, value: unknown, path: string): string[] {
  const is = (bound: string) => [`${path} is ${JSON.stringify(value)}, must be ${bound}`];
  if (schema.enum && !schema.enum.includes(value)) return is(`one of ${schema.enum.join(", ")}`);
  if (schema["x-kubernetes-int-or-string"])
    return ["string", "number"].includes(typeof value) ? [] : is("number or text");
  switch (schema.type) {
    case "object":
      return isMap(value) ? ofMap(schema, value, path) : is("object");
    case "array": {
      if (!Array.isArray(value)) return is("array");
      const { items = {}, maxItems = Number.POSITIVE_INFINITY, minItems = 0 } = schema;
      const count = value.length < minItems || value.length > maxItems ? is(`${minItems}–${maxItems} items`) : [];
      return [...count, ...value.flatMap((each, index) => faults(items, each, `${path}[${index}]`))];
    }
    case "string": {
      if (typeof value !== "string") return is("string");
      const { maxLength = Number.POSITIVE_INFINITY, minLength = 0, pattern } = schema;
      if (value.length < minLength || value.length > maxLength) return is(`${minLength}–${maxLength} characters`);
      return pattern === undefined || new RegExp(pattern).test(value) ? [] : is(pattern);
    }
    case "integer":
    case "number": {
      const isNumber = schema.type === "integer" ? Number.isInteger(value) : typeof value === "number";
      if (!isNumber) return is(schema.type);
      const { maximum = Number.POSITIVE_INFINITY, minimum = Number.NEGATIVE_INFINITY } = schema;
      return Number(value) < minimum || Number(value) > maximum ? is(`${minimum}–${maximum}`) : [];
    }
    case "boolean":
      return typeof value === "boolean" ? [] : is("boolean");
    default:
      return [];
  }
}

function ofMap(schema: Schema, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const { additionalProperties, properties = {}, required = [] } = schema;
  const isOpen = additionalProperties !== undefined || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return [
    ...required.filter((field) => !(field in value)).map((field) => `${path}.${field} is missing`),
    ...Object.entries(value).flatMap(([field, inner]) => {
      const its = properties[field] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
      if (its) return faults(its, inner, `${path}.${field}`);
      return isOpen ? [] : [`${path}.${field} is no field`];
    }),
  ];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
