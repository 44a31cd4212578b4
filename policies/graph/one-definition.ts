/** An object is said once. */
import { isDeepStrictEqual } from "node:util";
import { joined } from "./asked-about";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { mayBe, type SetObject, shownName, shownPlace } from "./set-object";
import { hasUnknown } from "./unknown-field";

export const oneDefinition: GraphJudge = {
  subject: "all objects",
  looksAt: (set) => groupsOf(set).flatMap(([first]) => (first ? [first] : [])),
  find: (set) =>
    groupsOf(set).flatMap((same): GraphFinding[] => {
      const [on] = same;
      return on && same.length > 1 ? [{ on, verdict: "deny", path: "metadata.name", message: sentence(on, same) }] : [];
    }),
};

function groupsOf(set: ObjectSet): SetObject[][] {
  const named = set.all.filter((one) => one.isNamed || mayBeSaidTwice(set, one));
  return groupedBy(named, ({ group, kind, name, namespace }) => [group, kind, namespace, name]).flatMap((same) =>
    same.length === 1 ? [same] : groupedBy(same, ({ annotations }) => [hookOf(annotations)]),
  );
}

/** Hooks that are made at other times are other objects, though they have one name. */
const hookOf = (annotations: SetObject["annotations"]) =>
  annotations["argocd.argoproj.io/hook"] ?? annotations["helm.sh/hook"];

/** Of an object whose name is not known yet nothing is asked where no other can have that name. */
const mayBeSaidTwice = (set: ObjectSet, one: SetObject) =>
  set.ofKind(one.group, one.kind).some((other) => other !== one && mayBe(one, other));

function groupedBy(all: readonly SetObject[], keyOf: (one: SetObject) => readonly unknown[]): SetObject[][] {
  const groups = new Map<string, SetObject[]>();
  for (const one of all) {
    const key = JSON.stringify(keyOf(one));
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** Places that a sentence lists. */
const MOST_PLACES = 3;

function sentence(on: SetObject, same: readonly SetObject[]): string {
  const places = same.map(shownPlace).filter((place) => place !== "");
  const more = places.length > MOST_PLACES ? [`${places.length - MOST_PLACES} more`] : [];
  const where = places.length > 0 ? ` (${joined([...places.slice(0, MOST_PLACES), ...more])})` : "";
  if (same.some(({ object }) => hasUnknown(object))) {
    return `metadata.name says ${shownName(on)} ${same.length} times${where}, and not all of it is known yet. Leave one`;
  }
  const isAlike = same.every(({ object }) => isDeepStrictEqual(object, on.object));
  const consequence = isAlike
    ? "alike each time: Helm, kustomize and Pulumi refuse that, and whoever lets go of one deletes it for all"
    : "unlike each time: whichever is applied last wins, and two owners take it from one another for ever";
  return `metadata.name says ${shownName(on)} ${same.length} times${where}, ${consequence}. Leave one`;
}
