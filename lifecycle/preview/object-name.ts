/** Which object a resource of the engine is, in which cluster, and of which component. */

import type { ObjectName } from "./report";
import type { PlannedResource } from "./steps";

/** Whether a resource is something that lies somewhere: no component, no provider, not the stack. */
export function isObject({ new: next, old, type }: PlannedResource): boolean {
  return (next ?? old)?.custom === true && !type.startsWith("pulumi:");
}

/**
 * @param clusters names in the environment
 */
export function objectName(
  { new: next, old, provider, type, urn }: Pick<PlannedResource, "new" | "old" | "provider" | "type" | "urn">,
  clusters: readonly string[],
): ObjectName {
  const cluster = clusterOf(provider, urn, clusters);
  return { ...(cluster === undefined ? {} : { cluster }), ...identity(next?.inputs ?? old?.inputs, type, urn) };
}

function identity(
  inputs: Readonly<Record<string, unknown>> | undefined,
  type: string,
  urn: string,
): Omit<ObjectName, "cluster"> {
  const [provider = "", module = "", kind = type] = type.split(":");
  const logical = logicalName(urn);
  if (provider !== "kubernetes") return { apiVersion: provider, kind, namespace: "", name: logical };
  const { name, namespace } = (inputs?.metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  // the platform's name of it, `<cluster>:<Kind>/<namespace>/<name>`: all that is known of what the engine did not get to, and
  // true of a kind that is not served yet, which the provider takes for one that lies in namespaces
  const [ofKind, ...spelt] = logical.split(":").slice(1).join(":").split("/");
  const isSpelt = !inputs || (ofKind === kind && spelt.at(-1) === name);
  const given = typeof namespace === "string" ? namespace : "";
  return {
    apiVersion: module.replace(/^core\//, ""),
    kind,
    namespace: isSpelt ? spelt.slice(0, -1).join("/") : given,
    name: typeof name === "string" ? name : (spelt.at(-1) ?? logical),
  };
}

/** The component of a platform's object: its parent is `<cluster>-<component>`. */
export function componentOf(
  { new: next, old }: Pick<PlannedResource, "new" | "old">,
  cluster: string | undefined,
): string | undefined {
  const parent = logicalName((next ?? old)?.parent ?? "");
  const isOne = cluster !== undefined && parent.startsWith(`${cluster}-`);
  return isOne ? parent.slice(cluster.length + 1) : undefined;
}

/** `kubernetes:apps/v1:Deployment` of `urn:pulumi:dev::shop::a:b:C$kubernetes:apps/v1:Deployment::hub:Deployment/shop/app`. */
export const typeOfUrn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** What stands behind the types. */
export const logicalName = (urn: string): string => urn.split("::").slice(3).join("::");

/** The provider of a cluster has its name, and so have the names of its objects begin. */
function clusterOf(provider: string, urn: string, clusters: readonly string[]): string | undefined {
  const ofProvider = typeOfUrn(provider) === "pulumi:providers:kubernetes" ? provider.split("::")[3] : undefined;
  return [ofProvider, logicalName(urn).split(":")[0]].find((name) => name !== undefined && clusters.includes(name));
}
