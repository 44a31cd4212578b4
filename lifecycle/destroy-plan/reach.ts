/** What of a stack cannot be looked at, or that its own state forbids to delete. */
import type { ClusterScene } from "./cluster-scene";
import type { Finding } from "./finding";
import { resourceOf } from "./live-object";
import type { StackObject } from "./stack-state";

/** A cluster that does not answer: what it holds cannot be deleted, nor what hangs there be known. */
export function unreachable(cluster: string, stack: string, objects: readonly StackObject[], message: string): Finding {
  return {
    cluster,
    verdict: "unknown",
    object: { group: "", kind: "Cluster", name: cluster },
    count: objects.length,
    waitsFor: `an answer of cluster ${cluster}`,
    why:
      `it cannot be reached (${message}): its ${objects.length} objects cannot be deleted, and what would hang there is not known. ` +
      "The others are destroyed by `--continue-on-error`; a cluster that is gone for good is struck out of the state by the command beside this",
    cure: `PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack ${stack}`,
  };
}

/** Kinds whose objects could not be listed. */
export const unlistedKinds = ({ cluster, snapshot }: ClusterScene): Finding[] =>
  snapshot.unlisted.map(({ kind, message }) => ({
    cluster,
    verdict: "unknown",
    object: { group: kind.group, kind: kind.kind },
    count: 1,
    why: `${resourceOf(kind)} could not be listed (${message}): whether any of them hangs is not known`,
  }));

/** Resources that the engine refuses to delete. */
export const protectedObjects = (objects: readonly StackObject[], stack: string): Finding[] =>
  objects
    .filter((one) => one.protected)
    .map(({ cluster, group, kind, name, namespace, urn }) => ({
      cluster,
      verdict: "hangs",
      object: { group, kind, name, ...(namespace && { namespace }) },
      count: 1,
      why: "it is protected: the engine refuses to delete it, and all that it needs stays with it",
      cure: `pulumi state unprotect --yes --stack ${stack} '${urn}'`,
    }));
