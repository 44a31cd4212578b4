/** Objects with `managedFields` as an API server writes them, for lists whose keys a test says. */
import type { KubeObject } from "../../../components/kube-object";
import { type Fields, isFields } from "../../../lifecycle/drift/field-path";

/** Names of the key fields of each list that has some, by the name of its field; `"set"` for one whose items are their own key. */
export type ListKeys = Readonly<Record<string, readonly string[] | "set">>;

const KEYS: ListKeys = { containers: ["name"], ports: ["containerPort", "protocol"], env: ["name"], finalizers: "set" };

interface Tree {
  [step: string]: Tree;
}

/** `fieldsV1` of whoever applied an object. */
export function fieldsOf(applied: unknown, keys: ListKeys | readonly string[] | "set" | undefined = KEYS): Tree {
  if (Array.isArray(applied)) {
    if (keys === "set") return Object.fromEntries(applied.map((item) => [`v:${JSON.stringify(item)}`, {}]));
    if (!Array.isArray(keys)) return {};
    return Object.fromEntries(
      applied.map((item) => {
        const key = Object.fromEntries(keys.map((name) => [name, item[name] ?? (name === "protocol" ? "TCP" : "")]));
        return [`k:${JSON.stringify(key)}`, { ".": {}, ...fieldsOf(item) }];
      }),
    );
  }
  if (!isFields(applied)) return {};
  return Object.fromEntries(
    Object.entries(applied).map(([name, value]) => [
      `f:${name}`,
      fieldsOf(value, KEYS[name] ?? (isFields(value) ? KEYS : undefined)),
    ]),
  );
}

/** Without what is no field: version, kind and name. */
export function entryOf(
  manager: string,
  { metadata, ...rest }: Fields & { readonly metadata?: Fields },
  more: object = {},
) {
  const { apiVersion: _, kind: __, ...fields } = rest;
  const { name: ___, namespace: ____, managedFields: _____, ...own } = metadata ?? {};
  return {
    ...{ manager, operation: manager === "fleetwright" ? "Apply" : "Update", time: "2026-11-30T12:00:00Z" },
    ...more,
    fieldsV1: fieldsOf({ ...(Object.keys(own).length > 0 ? { metadata: own } : {}), ...fields }),
  };
}

/** The object as its API server holds it, with who owns what. */
export function owned(object: KubeObject, ...managedFields: readonly object[]): KubeObject {
  return { ...object, metadata: { ...object.metadata, uid: "1", managedFields } };
}
