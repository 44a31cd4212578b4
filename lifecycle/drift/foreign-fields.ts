/** What others own of our objects: counted and listed, and no drift. */
import type { KubeObject } from "../../components/kube-object";
import { type DriftEntry, type ObjectName, objectName } from "./drift-entry";
import { isSame, spelt } from "./field-path";
import { nameOfOwner, ownedByOthers } from "./ownership";

/** Fields of one object that one other owns. */
export interface ForeignFields {
  readonly stack: string;
  readonly cluster: string;
  readonly object: ObjectName;
  /** `kube-controller-manager/scale`: the manager, with the subresource that it writes where it is one. */
  readonly manager: string;
  readonly paths: readonly string[];
}

/** By manager, without what is reported as drift. */
export function foreignFields(
  place: Pick<ForeignFields, "stack" | "cluster">,
  live: KubeObject,
  drift: readonly DriftEntry[],
): ForeignFields[] {
  const object = objectName(live);
  const drifted = drift.filter((one) => one.path !== "" && isSame(one.object, object)).map(({ path }) => path);
  const byManager = new Map<string, string[]>();
  for (const { owner, path } of ownedByOthers(live)) {
    const name = spelt(path);
    if (drifted.some((one) => isWithin(name, one) || isWithin(one, name))) continue;
    const manager = nameOfOwner(owner);
    byManager.set(manager, [...(byManager.get(manager) ?? []), name]);
  }
  return [...byManager].map(([manager, paths]) => ({ ...place, object, manager, paths }));
}

/** Whether a path is another one, or below it. */
const isWithin = (path: string, above: string) => path.startsWith(above) && /^($|[.[])/.test(path.slice(above.length));
