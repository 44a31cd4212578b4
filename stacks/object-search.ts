/** Finds the object that somebody means by `deploy/istiod`, among all that an environment makes. */
import { groupOf, type KubeObject, keyOf } from "../components/kube-object";
import { ResourceNames } from "./resource-names";

/** An object, where it is, and whose. */
export interface PlacedObject {
  readonly cluster: string;
  readonly component: string;
  readonly object: KubeObject;
}

/** What somebody asked for. */
export interface AskedObject {
  /** `deployment/istiod`. */
  readonly words: string;
  /** @default any */
  readonly namespace?: string | undefined;
}

/** Nothing, or too much, is called that. */
export class ObjectSearchError extends Error {
  override readonly name = "ObjectSearchError";

  constructor(
    readonly code: "ObjectUnknown" | "ObjectAmbiguous",
    message: string,
  ) {
    super(message);
  }
}

/** Names that are offered where there is none of the one that was asked for. */
const MOST_NEAREST = 5;

/**
 * The object on each cluster that has it, in the order of the clusters; at least one.
 *
 * @throws ObjectSearchError listing what is meant where that is more than one object, or what is nearest where it is none
 */
export function findObject(all: readonly PlacedObject[], asked: AskedObject): [PlacedObject, ...PlacedObject[]] {
  const names = new ResourceNames(all.map(({ object }) => object));
  const [kind = "", name = ""] = split(asked.words);
  const ofKind = all.filter(({ object }) => names.means(kind, object));
  if (ofKind.length === 0) throw unknownKind(kind, all, names);
  const isThere = ({ object }: PlacedObject) =>
    asked.namespace === undefined || object.metadata.namespace === asked.namespace;
  const found = [...grouped(ofKind.filter((one) => one.object.metadata.name === name && isThere(one))).values()];
  if (found.length > 1) throw ambiguous(asked, found, names);
  const [first, ...others] = found[0] ?? [];
  if (first) return [first, ...others];
  const where = asked.namespace === undefined ? "" : ` in namespace ${asked.namespace}`;
  const near = nearest(name, [...grouped(ofKind).values()], (of) => of[0]?.object.metadata.name ?? "");
  throw new ObjectSearchError(
    "ObjectUnknown",
    `there is no ${asked.words}${where}. Nearest are\n${near.map((of) => `  ${line(of, names)}`).join("\n")}`,
  );
}

const split = (words: string) => [words.slice(0, words.indexOf("/")), words.slice(words.indexOf("/") + 1)];

/** By the object, on whichever clusters. */
function grouped(all: readonly PlacedObject[]): Map<string, PlacedObject[]> {
  const groups = new Map<string, PlacedObject[]>();
  for (const one of all) groups.set(keyOf(one.object), [...(groups.get(keyOf(one.object)) ?? []), one]);
  return groups;
}

function ambiguous({ words }: AskedObject, found: readonly PlacedObject[][], names: ResourceNames): ObjectSearchError {
  return new ObjectSearchError(
    "ObjectAmbiguous",
    `${words} means ${found.length} objects: say which, with -n or the kind's group.\n${found.map((of) => `  ${line(of, names)}`).join("\n")}`,
  );
}

function unknownKind(kind: string, all: readonly PlacedObject[], names: ResourceNames): ObjectSearchError {
  const kinds = [...new Map(all.map((one) => [`${groupOf(one.object)}/${one.object.kind}`, one])).values()];
  const near = nearest(kind.toLowerCase(), kinds, ({ object }) => object.kind.toLowerCase());
  const lines = near.map(({ object }) => `  ${qualified(object, names)}`);
  return new ObjectSearchError(
    "ObjectUnknown",
    `nothing here is of a kind "${kind}". Nearest are\n${lines.join("\n")}`,
  );
}

/** `deployments.apps/istiod -n istio-system, on hub, east`: what to paste. */
function line(of: readonly PlacedObject[], names: ResourceNames): string {
  const [first] = of;
  if (!first) return "";
  const { name, namespace } = first.object.metadata;
  const where = namespace === undefined ? "" : ` -n ${namespace}`;
  return `${qualified(first.object, names)}/${name}${where}, on ${of.map(({ cluster }) => cluster).join(", ")}`;
}

const qualified = (object: KubeObject, names: ResourceNames) =>
  [names.pluralOf(object), ...(groupOf(object) === "" ? [] : [groupOf(object)])].join(".");

function nearest<One>(word: string, all: readonly One[], nameOf: (one: One) => string): One[] {
  const ranked = all.map((one) => ({ one, distance: distanceOf(word, nameOf(one)) }));
  return ranked
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_NEAREST)
    .map(({ one }) => one);
}

/** Fewest letters to add, take away or replace; a name that holds the word is near, however long it is. */
function distanceOf(a: string, b: string): number {
  if (a !== "" && b.includes(a)) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
