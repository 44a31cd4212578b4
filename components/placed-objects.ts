/** Objects as the platform writes them: by whom, under which name, when they are made, and how they go. */
import { deletedAtOnce } from "./deletion";
import type { KubeObject } from "./kube-object";
import type { Placed } from "./order";
import { madeWhenServed } from "./service-readiness";

/** Under which name fields are owned, whichever run wrote them. */
export const FIELD_MANAGER = "fleetwright";

/**
 * The label tells our objects from others'. The annotation names one field manager for all time: the provider's own is
 * random and kept in the state, so that an object whose state was lost would conflict with itself.
 */
export function placedObjects(component: string, objects: readonly KubeObject[]): Placed[] {
  return objects.map((object) => ({
    component,
    object: marked(
      deletedAtOnce(madeWhenServed(object)),
      { "app.kubernetes.io/managed-by": "fleetwright" },
      { "pulumi.com/patchFieldManager": FIELD_MANAGER },
    ),
  }));
}

export const takenOver = ({ component, object }: Placed): Placed => ({
  component,
  object: marked(object, {}, { "pulumi.com/patchForce": "true" }),
});

function marked(object: KubeObject, labels: Record<string, string>, annotations: Record<string, string>): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: { ...metadata.annotations, ...annotations },
    },
  };
}
