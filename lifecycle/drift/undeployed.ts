/** What the environment says otherwise than it was deployed: a change that waits for its `up`, and no drift. */
import { type KubeObject, keyOf } from "../../components/kube-object";
import { isSealed, type RecordedObjects } from "./deployed-state";
import { isFields, isSame } from "./field-path";

/** Objects that are declared and were not deployed, that were and no longer are, and whose declaration is another one. */
export function countUndeployed(declared: readonly KubeObject[], recorded: RecordedObjects): number {
  const wanted = new Map(declared.map((object) => [keyOf(object), object]));
  const gone = [...recorded.keys()].filter((key) => !wanted.has(key));
  const other = [...wanted].filter(([key, { status: _, ...object }]) => {
    const deployed = recorded.get(key)?.declared;
    return deployed === undefined || !isWithin(object, deployed);
  });
  return gone.length + other.length;
}

/**
 * Whether all that is declared stands in what was deployed, secrets taken on trust; what the engine adds is no change. It
 * leaves out what is nothing to the API server: `false`, `0`, and what is empty.
 */
function isWithin(declared: unknown, deployed: unknown): boolean {
  if (deployed === undefined) return isNothing(declared);
  if (isFields(declared) && isFields(deployed)) {
    return isSealed(deployed) || Object.keys(declared).every((name) => isWithin(declared[name], deployed[name]));
  }
  if (Array.isArray(declared) && Array.isArray(deployed)) {
    return declared.length === deployed.length && declared.every((item, index) => isWithin(item, deployed[index]));
  }
  return isSame(declared, deployed);
}

const isNothing = (value: unknown) => !value || (typeof value === "object" && Object.values(value).every(isNothing));
