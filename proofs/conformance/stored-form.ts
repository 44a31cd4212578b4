/**
 * F1 and F2: the object as the API server reads it, and as it keeps it. Where an API server was asked they are what it
 * answered, see stored-objects.ts; without one they are made here, by what holds for objects of every kind.
 */
import type { AnyObject } from "../../policies/engine/match";
import type { Question } from "./question";

/** Who made the form. */
export type StoredBy = "the API server" | "this proof";

/** What an API server makes of an authored object; undefined where it takes no such object. */
export type StoredObject = (object: AnyObject) => AnyObject | undefined;

/** The server's own fields of `metadata`, of objects of every kind. */
const SERVER_METADATA = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];

/**
 * Both forms of an authored question.
 *
 * @param stored asked first. @default no API server: nulls are dropped, and no defaults known
 */
export function storedForms(question: Question, stored: StoredObject = () => undefined): Question[] {
  const { object } = question;
  const kept = stored(object);
  const canonical = kept ? withoutServerFields(kept) : withoutNulls(object);
  const by = kept ? "" : " without an API server";
  return [
    { ...question, id: `${question.origin}, canonical${by}`, form: "canonical", object: canonical },
    { ...question, id: `${question.origin}, stored${by}`, form: "stored", object: asKept(canonical, kept) },
  ];
}

/** Fields that hold texts by any name. */
export const MAPS_OF_TEXTS: readonly string[] = ["annotations", "labels", "parameters"];
/** Fields that hold quantities by any name. */
const MAPS_OF_QUANTITIES: readonly string[] = ["limits", "requests"];

/**
 * The API server reads a field that is null as one that is not there, and an entry of a map that is null as
 * the empty text, or as the quantity zero; what stands in a list stays.
 */
export function withoutNulls(object: AnyObject): AnyObject {
  return JSON.parse(
    JSON.stringify(object, (key, value: unknown) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      const entries = Object.entries(value);
      const filled = (empty: string) => Object.fromEntries(entries.map(([name, entry]) => [name, entry ?? empty]));
      if (MAPS_OF_TEXTS.includes(key)) return filled("");
      if (MAPS_OF_QUANTITIES.includes(key)) return filled("0");
      return Object.fromEntries(entries.filter(([, field]) => field !== null));
    }),
  );
}

function withoutServerFields(object: AnyObject): AnyObject {
  const { status: _, metadata, ...rest } = object;
  const own = Object.entries(metadata ?? {}).filter(([field]) => !SERVER_METADATA.includes(field));
  return { ...rest, metadata: Object.fromEntries(own) } as AnyObject;
}

/** With what a controller and a client leave on an object that has been there for a while. */
function asKept(canonical: AnyObject, kept: AnyObject | undefined): AnyObject {
  const metadata = (kept ?? canonical).metadata;
  if (metadata !== undefined && (typeof metadata !== "object" || metadata === null)) return canonical;
  const own = (metadata ?? {}) as { readonly annotations?: unknown };
  const { annotations } = own;
  // an object without any may have been made by who leaves none: that it has none may be what a rule is about
  const isMap = typeof annotations === "object" && annotations !== null && Object.keys(annotations).length > 0;
  const applied = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(canonical) };
  return {
    ...canonical,
    metadata: {
      ...own,
      ...(isMap && !Array.isArray(annotations) && { annotations: { ...annotations, ...applied } }),
      uid: "5d1f6b5c-6d5e-4b8e-9a55-0c7c1c1b9a10",
      resourceVersion: "4711",
      generation: 3,
      creationTimestamp: "2026-01-01T00:00:00Z",
      managedFields: [
        {
          manager: "kubectl",
          operation: "Apply",
          apiVersion: canonical.apiVersion,
          fieldsType: "FieldsV1",
          fieldsV1: {},
        },
      ],
    },
    status: canonical.status ?? { observedGeneration: 3, conditions: [{ type: "Ready", status: "True" }] },
  };
}
