/** Every object is some cluster's. */
import { at, textOf } from "./field";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { type SetObject, shownPlace } from "./set-object";

export const ownerCluster: GraphJudge = {
  subject: "objects of files that say no cluster, where others do; Applications of Argo CD",
  looksAt: (set) => [...ownerless(set), ...applications(set)],
  find: (set) => [
    ...ownerless(set).map(
      (on): GraphFinding => ({
        on,
        verdict: "deny",
        path: "",
        message:
          `belongs to no cluster: other files here say in their first line whose they are, and ${shownPlace(on)} does not. ` +
          "Move it to where its cluster's files are made, or judge it by itself",
      }),
    ),
    ...applications(set).flatMap(destinationFindings),
  ],
};

const ownerless = (set: ObjectSet) =>
  set.hasOtherOwners ? set.all.filter(({ place }) => place && place.cluster === undefined) : [];

const applications = (set: ObjectSet) => set.ofKind("argoproj.io", "Application");

/** Argo CD wants a name or an address of a cluster, and refuses both. */
function destinationFindings(on: SetObject): GraphFinding[] {
  const destination = at(on.object, "spec", "destination");
  const [name, server] = [textOf(at(destination, "name")), textOf(at(destination, "server"))];
  if ((name === undefined) !== (server === undefined)) return [];
  const path = "spec.destination";
  const message =
    name === undefined
      ? `${path} names no cluster, neither by name nor by server: Argo CD deploys it nowhere`
      : `${path} names a cluster twice, as ${name} and as ${server}: Argo CD refuses that`;
  return [{ on, verdict: "deny", path, message }];
}
