/** What hangs on an object that goes, as the cluster has it now: nobody sees it in the change itself. */
import { ClusterUnreachable, type LiveCluster } from "../../stacks/live-cluster";
import type { Dependents } from "./interrupts";
import { valueAt } from "./property-path";
import type { ObjectName } from "./report";

interface Page {
  readonly metadata?: { readonly remainingItemCount?: number };
  /** Null in a list of metadata that is empty. */
  readonly items: readonly unknown[] | null;
}

/**
 * Counts what goes with a Namespace, or with the definition of a kind; nothing of other kinds.
 *
 * @param inputs the object as it was last known
 */
export async function dependentsOf(
  live: LiveCluster,
  { kind, name }: ObjectName,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Dependents> {
  try {
    if (kind === "Namespace") {
      const [pods, claims] = await Promise.all(
        ["pods", "persistentvolumeclaims"].map((plural) => count(live, `/api/v1/namespaces/${name}/${plural}`)),
      );
      return { ...(pods === undefined ? {} : { pods }), ...(claims === undefined ? {} : { claims }) };
    }
    const path = kind === "CustomResourceDefinition" ? pathOfKind(inputs) : undefined;
    const customResources = path && (await count(live, path));
    return typeof customResources === "number" ? { customResources } : {};
  } catch (error) {
    // who may not list it is told that it is everything
    if (error instanceof ClusterUnreachable) return {};
    throw error;
  }
}

/** Undefined where there is no such list. */
async function count(live: LiveCluster, path: string): Promise<number | undefined> {
  const page = await live.get<Page>(`${path}?limit=1`, "metadata");
  return page && (page.items?.length ?? 0) + (page.metadata?.remainingItemCount ?? 0);
}

/** Path of all objects of the kind that a CustomResourceDefinition defines. */
function pathOfKind(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const [group, plural, versions] = [["group"], ["names", "plural"], ["versions"]].map((path) =>
    valueAt(inputs, ["spec", ...path]),
  );
  const served = Array.isArray(versions)
    ? versions.find((version) => valueAt(version, ["served"]) === true)
    : undefined;
  const version = valueAt(served, ["name"]);
  return [group, plural, version].every((part) => typeof part === "string")
    ? `/apis/${group}/${version}/${plural}`
    : undefined;
}
