/**
 * Which of the fields that we declare a live object does not have as we declare them. What we do not declare is not looked
 * at: it is somebody else's, or a default.
 */
import type { KubeObject } from "../../components/kube-object";
import { childAt, type FieldPath, isFields, isSame, mayHaveKey, parseStep, type Step } from "./field-path";
import { type Owner, Ownership } from "./ownership";

/** A declared field that is not literally as declared; whether that means anything is for verdict.ts to say. */
export interface Difference {
  readonly path: FieldPath;
  readonly declared: unknown;
  /** Undefined where the live object has nothing there. */
  readonly live: unknown;
  /** Who owns what is there, latest first; none of what is absent. */
  readonly owners: readonly Owner[];
  /** Whether we are among them: then nobody changed it since we wrote it. */
  readonly isOurs: boolean;
}

/** Compares what is declared, as it would be stored, with what is there. */
export function differences(declared: KubeObject, live: KubeObject): Difference[] {
  const { apiVersion: _, kind: __, status: ___, ...fields } = asStored(declared);
  const { name: ____, namespace: _____, ...metadata } = fields.metadata;
  return walk({ declared: { ...fields, metadata }, live, ownership: Ownership.of(live), path: [] });
}

/** A Secret's `stringData` is kept as `data`. */
export function asStored(object: KubeObject): KubeObject {
  if (object.kind !== "Secret" || !isFields(object.stringData)) return object;
  const { stringData, ...rest } = object;
  const encoded = Object.entries(stringData).map(([name, text]) => [
    name,
    Buffer.from(String(text)).toString("base64"),
  ]);
  return { ...rest, data: { ...(isFields(rest.data) ? rest.data : {}), ...Object.fromEntries(encoded) } };
}

interface Place {
  readonly declared: unknown;
  readonly live: unknown;
  readonly ownership: Ownership;
  readonly path: FieldPath;
}

function walk(place: Place): Difference[] {
  const { declared, live, ownership } = place;
  if (declared === undefined || declared === null) return [];
  if (live === undefined || live === null || ownership.isWhole) return whole(place);
  if (isFields(declared) && isFields(live)) {
    return Object.keys(declared).flatMap((field) =>
      walk({ ...below(place, `f:${field}`, { field }), declared: declared[field] }),
    );
  }
  if (Array.isArray(declared) && Array.isArray(live) && ownership.items.length > 0) {
    return walkItems(place, declared, live);
  }
  return whole(place);
}

/** A list or map that is never merged, a scalar, or nothing at all: one field. */
function whole({ declared, live, ownership, path }: Place): Difference[] {
  if (isSame(declared, live)) return [];
  const { isOurs, owners, ownersWithin } = ownership;
  return [{ path, declared, live: live ?? undefined, owners: owners.length > 0 ? owners : ownersWithin, isOurs }];
}

/** An item of a list that has an identity: its name in `fieldsV1`, and as a step. */
interface Item {
  readonly raw: string;
  readonly step: Step;
}

/** A list whose items have an identity, of a set themselves, else some of their fields, of which defaults may be left out. */
function walkItems(place: Place, declared: readonly unknown[], live: readonly unknown[]): Difference[] {
  const items = place.ownership.items.flatMap((raw): Item[] => {
    const step = parseStep(raw);
    return step && childAt(live, step) !== undefined ? [{ raw, step }] : [];
  });
  const names = [...new Set(items.flatMap(({ step }) => ("key" in step ? Object.keys(step.key) : [])))];
  const taken = new Set<Item>();
  const places = new Map<unknown, Item | undefined>();
  // whoever says the whole key comes first, the others get what is left
  const byLeftOut = declared.toSorted((a, b) => leftOut(a, names) - leftOut(b, names));
  for (const one of byLeftOut) {
    const item = items.find((some) => !taken.has(some) && isOf(some.step, one));
    if (item) taken.add(item);
    places.set(one, item);
  }
  return declared.flatMap((one) => {
    const item = places.get(one);
    if (item) return walk({ ...below(place, item.raw, item.step), declared: one });
    // that it has no owner any more says nothing of whether it is there
    const step = keyOfItem(one, names);
    const { ownership, path } = place;
    return walk({
      declared: one,
      live: childAt(live, step),
      ownership: ownership.below("nobody's"),
      path: [...path, step],
    });
  });
}

const leftOut = (item: unknown, names: readonly string[]) =>
  isFields(item) ? names.filter((name) => item[name] === undefined).length : 0;

/** Whether a declared item is the one of a step. */
function isOf(step: Step, declared: unknown): boolean {
  if ("value" in step) return isSame(step.value, declared);
  return "key" in step && mayHaveKey(declared, step.key);
}

function keyOfItem(declared: unknown, names: readonly string[]): Step {
  if (!isFields(declared)) return { value: declared };
  return { key: Object.fromEntries(names.flatMap((name) => (name in declared ? [[name, declared[name]]] : []))) };
}

const below = ({ live, ownership, path }: Place, raw: string, step: Step): Place => ({
  declared: undefined,
  live: childAt(live, step),
  ownership: ownership.below(raw),
  path: [...path, step],
});
