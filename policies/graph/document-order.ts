/** In which order documents are applied by whoever knows nothing of what they need: `kubectl apply -f DIR`. */
import { dirname } from "node:path";
import type { ObjectSet } from "./object-set";
import type { SetObject } from "./set-object";
import { compareStages, stageOf } from "./stage";

/**
 * Whether an object is applied before one that it needs. `perhaps`: the order of files is known, but not who applies
 * them, and some put them in order.
 */
export type TooEarly = "no" | "yes" | "perhaps";

/** @param needed what must be there before; of several of one name the first */
export function isTooEarly(set: ObjectSet, one: SetObject, needed: SetObject): TooEarly {
  if (!one.place || !needed.place || one.position > needed.position) return "no";
  // files that say whose they are were rendered for an engine that orders by need
  if (one.place.cluster !== undefined) return "no";
  const [own, other] = [stageOf(one), stageOf(needed)];
  // stages come in the order of their numbers, and a contradiction is a finding of its own
  if (!own || !other || own.isUpgrades || other.isUpgrades || compareStages(own, other) !== 0) return "no";
  // Argo CD and kustomize put namespaces and definitions first, whatever the order of documents
  if (set.sortedFiles.has(one.place.file)) return "no";
  const isOneFile = one.place.file === needed.place.file;
  const isOneFolder = dirname(one.place.file) === dirname(needed.place.file);
  return (isOneFile || isOneFolder) && !isHelms(one) ? "yes" : "perhaps";
}

/** Helm puts them first as well, but what it rendered may be applied by others. */
const isHelms = ({ labels }: SetObject) =>
  labels["app.kubernetes.io/managed-by"] === "Helm" || labels["helm.sh/chart"] !== undefined;
