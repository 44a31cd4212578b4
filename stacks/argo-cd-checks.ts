/** What must hold between what an environment file says of Argo CD, its clusters and its tenants. */
import { asMap, type Raw } from "./raw-value";

/** Path of the field that must change, and the sentence that says why. */
interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Steps name every cluster once; what is synchronised goes to a namespace of the tenant. */
export function argoCdFits(argoCd: Raw, tenants: Raw, clusters: readonly string[]): Fault[] {
  return [
    ...stepsFit(argoCd.steps, clusters),
    ...Object.entries(tenants).flatMap(([name, tenant]) => deliveryFits(name, asMap(tenant))),
  ];
}

function stepsFit(steps: unknown, clusters: readonly string[]): Fault[] {
  if (!Array.isArray(steps)) return [];
  const path = ["components", "argoCd", "steps"];
  const named = steps.flatMap((step, index) =>
    Array.isArray(step) ? step.map((cluster: unknown, at) => ({ cluster, place: [...path, index, at] })) : [],
  );
  const listed = named.map(({ cluster }) => cluster);
  const missing = clusters.filter((cluster) => !listed.includes(cluster));
  return [
    ...named.flatMap(({ cluster, place }, index) => {
      if (listed.indexOf(cluster) < index) return [{ path: place, message: "stands in two steps" }];
      if (typeof cluster !== "string" || clusters.includes(cluster)) return [];
      return [{ path: place, message: `no such cluster: the environment has ${clusters.join(", ")}` }];
    }),
    ...(missing.length > 0
      ? [{ path, message: `has no step for ${missing.join(", ")}: a change would never reach there` }]
      : []),
  ];
}

function deliveryFits(name: string, { gitops, namespaces }: Raw): Fault[] {
  const faults: Fault[] = [];
  const { namespace } = asMap(gitops);
  const its = Object.keys(asMap(namespaces));
  if (typeof namespace === "string" && !its.includes(namespace)) {
    faults.push({
      path: ["tenants", name, "gitops", "namespace"],
      message: `no such namespace: the tenant has ${its.join(", ") || "none"}`,
    });
  }
  if (gitops !== undefined && its.length === 0) {
    faults.push({ path: ["tenants", name, "gitops"], message: "has nowhere to go: the tenant has no namespace" });
  }
  return faults;
}
