/** A Kubernetes object that stands in a chart as it was written: plain data, with nothing left to resolve. */
import { ApiObject } from "cdk8s";
import type { Construct } from "constructs";
import type { KubeObject } from "./kube-object";

/**
 * cdk8s asks of every single value of an object whether it is a token, and copies the object three times; our charts have
 * no tokens, and definitions have ten thousands of values. What comes out is the same: keys in the order of the alphabet,
 * no nulls, and no empty lists or maps in the metadata.
 */
export class Manifest extends ApiObject {
  readonly #object: KubeObject;

  /** @param object what it is; nobody changes it afterwards */
  constructor(scope: Construct, id: string, object: KubeObject) {
    super(scope, id, object);
    this.#object = object;
  }

  /** @throws Error naming the object and the value that is no plain data, such as an instance of a class */
  override toJson(): KubeObject {
    const { apiVersion, kind, metadata, ...others } = this.#object;
    try {
      return {
        apiVersion,
        kind,
        metadata: sorted(metadata, isEmpty) as KubeObject["metadata"],
        ...mapped(others, sortedOnce),
      };
    } catch (error) {
      throw new Error(`${kind} ${metadata.name}: ${(error as Error).message}`);
    }
  }
}

/** Definitions and templates are the same in every cluster of a fleet: by what was given, what came of it. */
const known = new WeakMap<object, unknown>();

function sortedOnce(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return sorted(value);
  const earlier = known.get(value);
  if (earlier !== undefined) return earlier;
  const made = sorted(value);
  known.set(value, made);
  return made;
}

/** @param isLeftOut said of what became of a value. @default nothing but nulls is left out */
function sorted(value: unknown, isLeftOut: (made: unknown) => boolean = () => false): unknown {
  if (value === null || typeof value !== "object") return value ?? undefined;
  if (Array.isArray(value)) return value.map((one) => sorted(one, isLeftOut));
  const type = value.constructor?.name ?? "Object";
  if (type !== "Object") throw new Error(`a value is of type ${type}, must be plain data`);
  return mapped(value as Readonly<Record<string, unknown>>, (one) => {
    const made = sorted(one, isLeftOut);
    return isLeftOut(made) ? undefined : made;
  });
}

function mapped(
  fields: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) {
    const value = change(fields[name]);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

const isEmpty = (made: unknown) =>
  typeof made === "object" && made !== null && (Array.isArray(made) ? made.length : Object.keys(made).length) === 0;
