/** An object is said once. */
import { isDeepStrictEqual } from "node:util";
import { joined } from "./asked-about";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { type SetObject, shownName, shownPlace } from "./set-object";

export const oneDefinition: GraphJudge = {
  subject: "all objects",
  looksAt: (set) => groupsOf(set).flatMap(([first]) => (first ? [first] : [])),
  find: (set) =>
    groupsOf(set).flatMap((same): GraphFinding[] => {
      const [on] = same;
      return on && same.length > 1 ? [{ on, verdict: "deny", path: "metadata.name", message: sentence(on, same) }] : [];
    }),
};

/** Hooks that are made at other times are other objects, though they have one name. */
function groupsOf(set: ObjectSet): SetObject[][] {
  const groups = new Map<string, SetObject[]>();
  for (const one of set.all) {
    const { annotations, group, kind, name, namespace } = one;
    const hook = annotations["argocd.argoproj.io/hook"] ?? annotations["helm.sh/hook"];
    const key = JSON.stringify([group, kind, namespace, name, hook]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function sentence(on: SetObject, same: readonly SetObject[]): string {
  const places = same.map(shownPlace).filter((place) => place !== "");
  const where = places.length > 0 ? ` (${joined(places)})` : "";
  const isAlike = same.every(({ object }) => isDeepStrictEqual(object, on.object));
  const consequence = isAlike
    ? "alike each time: Helm, kustomize and Pulumi refuse that, and whoever lets go of one deletes it for all"
    : "unlike each time: whichever is applied last wins, and two owners take it from one another for ever";
  return `metadata.name says ${shownName(on)} ${same.length} times${where}, ${consequence}. Leave one`;
}
