/**
 * The labels that objects carry, each key written in one place.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */

/** Who answers for a namespace: the name of a team. On every namespace that Fleetwright makes. */
export const OWNER_LABEL = "fleetwright.dev/owner";

/** The tenant that a namespace belongs to; absent on the platform's own namespaces. */
export const TENANT_LABEL = "fleetwright.dev/tenant";

/** The label by which every namespace can be selected; the API server sets it to the namespace's own name. */
export const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** Labels of an object; on pods, those that select them never change, for selectors are immutable. */
export type Labels = Readonly<Record<string, string>>;

/**
 * The stable labels of a workload's pods: for selectors of workloads, Services, budgets and NetworkPolicies.
 *
 * @param name the program, a DNS label, for example `cert-manager`
 * @param component its part, a DNS label, for example `webhook`; absent for programs of one part
 * @throws Error when either is not a DNS label
 */
export function selectorLabels(name: string, component?: string): Labels {
  requireDnsLabel("labels", "app.kubernetes.io/name", name);
  if (component === undefined) return { "app.kubernetes.io/name": name };
  requireDnsLabel("labels", "app.kubernetes.io/component", component);
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
}

/** The labels of every object of a component; who manages it is added where the object meets the engine. */
export function objectLabels(name: string, component?: string): Labels {
  return { ...selectorLabels(name, component), "app.kubernetes.io/part-of": "fleetwright" };
}

/**
 * @param owner whose field it is, as the sentence starts: `flow`, `storage-classes`
 * @throws Error naming the field when the value is not a DNS label (RFC 1123)
 */
export function requireDnsLabel(owner: string, field: string, value: string): void {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) return;
  throw new Error(
    `${owner}: ${field} is "${value}", must be a DNS label (RFC 1123): lower-case letters, digits and '-', at most 63`,
  );
}
