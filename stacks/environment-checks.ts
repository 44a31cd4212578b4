/**
 * What must hold between fields of an environment file. Reads the raw value, so that these faults are listed together
 * with those of shape; whatever has the wrong shape is the schema's to report and is passed over here.
 */
import { tenantNameFault } from "../components/tenant";
import { argoCdFits } from "./argo-cd-checks";
import { componentFaults } from "./component-checks";
import { cloudKinds } from "./environment-schema/cluster";
import { experimentFaults } from "./experiment-checks";
import { networkFaults } from "./network-checks";
import { objectStoreFaults } from "./object-store-checks";
import { ownRuleFaults } from "./own-rule-checks";
import { provisionFaults } from "./provision-checks";
import { asList, asMap, type Raw } from "./raw-value";
import { isReserved } from "./reserved-namespaces";

/** Path of the field that must change, and the sentence that says why. */
export interface CrossFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** All faults between fields, in the order of the file. */
export function crossChecks(raw: unknown): CrossFault[] {
  const file = asMap(raw);
  const clusters = asMap(file.clusters);
  // of clusters that are not there nothing can be said but that
  if (Object.keys(clusters).length === 0) return clusters === file.clusters ? exactlyOneHub(clusters) : [];
  return [
    ...exactlyOneHub(clusters),
    ...distinctContexts(clusters),
    ...distinctZones(clusters),
    ...networkFaults(clusters),
    ...provisionFaults(file),
    ...Object.entries(asMap(file.storageClasses)).flatMap(([name, value]) =>
      storageClassFits(name, asMap(value), clusters),
    ),
    ...oneDefaultClassPerCluster(asMap(file.storageClasses), clusters),
    ...escalationsLead(asMap(file.teams)),
    ...tenantsFit(asMap(file.tenants), asMap(file.teams), clusters),
    ...objectStoreFaults(file),
    ...slosFit(asMap(file.slos), asMap(file.tenants), clusters),
    ...secretStoreFits(file),
    ...componentFaults(file),
    ...experimentFaults(file),
    ...ownRuleFaults(asMap(file.policy)),
    ...argoCdFits(asMap(asMap(file.components).argoCd), asMap(file.tenants), Object.keys(clusters)),
  ];
}

function exactlyOneHub(clusters: Raw): CrossFault[] {
  const hubs = Object.keys(clusters).filter((name) => asMap(clusters[name]).role === "hub");
  if (hubs.length === 1) return [];
  const found = hubs.length === 0 ? "none has" : `${hubs.join(", ")} have`;
  return [{ path: ["clusters"], message: `exactly one cluster must have role: hub, ${found}` }];
}

function distinctContexts(clusters: Raw): CrossFault[] {
  const names = Object.keys(clusters);
  const stated = (name: string) => asMap(clusters[name]).context;
  const context = (name: string) => stated(name) ?? name;
  return names.flatMap((name, index) => {
    const twin = names.slice(0, index).find((other) => context(other) === context(name));
    return twin === undefined
      ? []
      : [
          {
            // the one that says so: the other may be called so and say nothing
            path: ["clusters", stated(name) === undefined ? twin : name, "context"],
            message: `clusters ${twin} and ${name} name the same context: each cluster needs its own, or one would be deployed twice`,
          },
        ];
  });
}

function distinctZones(clusters: Raw): CrossFault[] {
  return Object.keys(clusters).flatMap((name) => {
    const zones = asList(asMap(clusters[name]).zones);
    return zones.flatMap((zone, index) =>
      zones.indexOf(zone) < index
        ? [{ path: ["clusters", name, "zones", index], message: "stands twice in the list" }]
        : [],
    );
  });
}

function storageClassFits(name: string, spec: Raw, clusters: Raw): CrossFault[] {
  const faults: CrossFault[] = unknownClusters(["storageClasses", name, "clusters"], spec.clusters, clusters);
  const zones = asList(spec.zones);
  for (const cluster of clustersOf(spec, clusters)) {
    const its = asList(asMap(clusters[cluster]).zones);
    zones.forEach((zone, index) => {
      if (its.length > 0 && !its.includes(zone)) {
        faults.push({
          path: ["storageClasses", name, "zones", index],
          message: `cluster ${cluster} has no such zone, its zones are ${its.join(", ")}`,
        });
      }
    });
  }
  if (spec.volumeBindingMode === "Immediate" && spec.driver !== "ceph") {
    const zonal = clustersOf(spec, clusters).filter((cluster) =>
      isZonal(spec.driver ?? asMap(clusters[cluster]).cloud),
    );
    if (zonal.length > 0) {
      faults.push({
        path: ["storageClasses", name, "volumeBindingMode"],
        message: `volumes of cluster ${zonal[0]} live in one zone: use WaitForFirstConsumer, or a pod may wait for ever in another zone`,
      });
    }
  }
  return faults;
}

function oneDefaultClassPerCluster(classes: Raw, clusters: Raw): CrossFault[] {
  return Object.keys(clusters).flatMap((cluster) => {
    const defaults = Object.keys(classes).filter((name) => {
      const spec = asMap(classes[name]);
      return spec.default === true && clustersOf(spec, clusters).includes(cluster);
    });
    if (defaults.length === 1) return [];
    const found = defaults.length === 0 ? "none says so" : `${defaults.join(" and ")} do`;
    return [
      { path: ["storageClasses"], message: `cluster ${cluster} needs exactly one class with default: true, ${found}` },
    ];
  });
}

function escalationsLead(teams: Raw): CrossFault[] {
  return Object.entries(teams).flatMap(([name, value]) => {
    const { escalateTo } = asMap(asMap(value).alerts);
    if (typeof escalateTo !== "string" || (Object.hasOwn(teams, escalateTo) && escalateTo !== name)) return [];
    const others = Object.keys(teams).filter((other) => other !== name);
    const message = `must be another team: teams has ${others.join(", ") || "no other"}`;
    return [{ path: ["teams", name, "alerts", "escalateTo"], message }];
  });
}

function tenantsFit(tenants: Raw, teams: Raw, clusters: Raw): CrossFault[] {
  const owner = new Map<string, string>();
  return Object.entries(tenants).flatMap(([name, value]) => {
    const tenant = asMap(value);
    const faults = unknownClusters(["tenants", name, "clusters"], tenant.clusters, clusters);
    const fault = tenantNameFault(name);
    if (fault !== undefined) faults.push({ path: ["tenants", name], message: fault });
    if (typeof tenant.team === "string" && !Object.hasOwn(teams, tenant.team)) {
      faults.push({
        path: ["tenants", name, "team"],
        message: `no such team: teams has ${Object.keys(teams).join(", ") || "none"}`,
      });
    }
    for (const namespace of Object.keys(asMap(tenant.namespaces))) {
      const other = owner.get(namespace);
      if (other !== undefined) {
        faults.push({
          path: ["tenants", name, "namespaces", namespace],
          message: `tenant ${other} already has this namespace: a namespace has one owner`,
        });
      }
      if (isReserved(namespace)) {
        faults.push({
          path: ["tenants", name, "namespaces", namespace],
          message: "is a namespace of Kubernetes or of the platform: choose another name",
        });
      }
      owner.set(namespace, name);
    }
    return faults;
  });
}

function slosFit(slos: Raw, tenants: Raw, clusters: Raw): CrossFault[] {
  return Object.entries(slos).flatMap(([name, value]) => {
    const slo = asMap(value);
    const sli = asMap(slo.sli);
    const faults = unknownClusters(["slos", name, "clusters"], slo.clusters, clusters);
    if (typeof slo.tenant !== "string") return faults;
    if (!Object.hasOwn(tenants, slo.tenant)) {
      const known = Object.keys(tenants).join(", ") || "none";
      return [...faults, { path: ["slos", name, "tenant"], message: `no such tenant: tenants has ${known}` }];
    }
    const tenant = asMap(tenants[slo.tenant]);
    const its = clustersOf(tenant, clusters);
    asList(slo.clusters).forEach((cluster, index) => {
      if (typeof cluster === "string" && Object.hasOwn(clusters, cluster) && its.length > 0 && !its.includes(cluster)) {
        faults.push({
          path: ["slos", name, "clusters", index],
          message: `tenant ${slo.tenant} does not run there, it runs in ${its.join(", ")}`,
        });
      }
    });
    const namespaces = Object.keys(asMap(tenant.namespaces));
    if (typeof sli.namespace === "string" && !namespaces.includes(sli.namespace)) {
      faults.push({
        path: ["slos", name, "sli", "namespace"],
        message: `tenant ${slo.tenant} has no such namespace, its own are ${namespaces.join(", ")}`,
      });
    }
    return faults;
  });
}

function secretStoreFits({ sandbox, secretStore }: Raw): CrossFault[] {
  const { kind, name, program } = asMap(secretStore);
  const only = (field: string, value: unknown) =>
    value === undefined || kind !== "sandbox"
      ? []
      : [{ path: ["secretStore", field], message: "must be absent: the sandbox has one store, and its own program" }];
  return [
    ...(kind === "sandbox" && sandbox === undefined
      ? [{ path: ["secretStore", "kind"], message: "must be external-secrets: these clusters are not the sandbox's" }]
      : []),
    ...(kind === "external-secrets" && name === undefined
      ? [{ path: ["secretStore", "name"], message: "is missing, must name the ClusterSecretStore of the operator" }]
      : []),
    ...only("name", name),
    ...only("program", program),
  ];
}

function unknownClusters(path: (string | number)[], listed: unknown, clusters: Raw): CrossFault[] {
  return asList(listed).flatMap((cluster, index) =>
    typeof cluster === "string" && !Object.hasOwn(clusters, cluster)
      ? [
          {
            path: [...path, index],
            message: `no such cluster: the environment has ${Object.keys(clusters).join(", ")}`,
          },
        ]
      : [],
  );
}

/** Ceph RBD images and nothing else here are reachable from every zone. */
const isZonal = (kind: unknown) => cloudKinds.some((known) => known === kind) && kind !== "ceph";

const clustersOf = (spec: Raw, clusters: Raw): string[] =>
  Array.isArray(spec.clusters)
    ? spec.clusters.filter((name) => typeof name === "string" && Object.hasOwn(clusters, name))
    : Object.keys(clusters);
