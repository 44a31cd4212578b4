/**
 * What other fields of an environment file need of its components, and components of its storage classes. Reads the raw
 * value, as environment-checks.ts does.
 */
import { asMap, type Raw } from "./raw-value";

type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

/** Fields that name the class of a component's volumes, and whether its pods run on the hub alone. */
const CLASS_FIELDS = [
  { component: "prometheus", field: "storageClassName", isHubOnly: false },
  { component: "loki", field: "storageClass", isHubOnly: true },
  { component: "grafana", field: "storageClass", isHubOnly: true },
] as const;

/** All faults between components and what is asked of them. */
export function componentFaults(file: Raw): Fault[] {
  return [...slosAreMeasured(file), ...experimentsCanEnd(file), ...classesExist(file)];
}

function slosAreMeasured(file: Raw): Fault[] {
  if (managementOf(file, "istio") !== "off") return [];
  return Object.entries(asMap(file.slos)).flatMap(([name, slo]) =>
    asMap(asMap(slo).sli).kind === "istio"
      ? [
          {
            path: ["slos", name, "sli", "kind"],
            message:
              "is measured by the mesh, which is off in this environment: set components.istio.management to managed or external, or take another kind",
          },
        ]
      : [],
  );
}

function experimentsCanEnd(file: Raw): Fault[] {
  const management = managementOf(file, "prometheus");
  if (Object.keys(asMap(file.experiments)).length === 0 || (management !== "external" && management !== "off")) {
    return [];
  }
  const message =
    "are ended by answers of Prometheus, which is not managed in this environment: set components.prometheus.management to managed, or declare no experiment";
  return [{ path: ["experiments"], message }];
}

/** A claim of a class that is not there waits for ever, and its pod with it. */
function classesExist(file: Raw): Fault[] {
  const classes = asMap(file.storageClasses);
  const clusters = asMap(file.clusters);
  return CLASS_FIELDS.flatMap(({ component, field, isHubOnly }) => {
    const name = asMap(asMap(file.components)[component])[field];
    if (typeof name !== "string" || managementOf(file, component) !== "managed") return [];
    const path = ["components", component, field];
    if (!Object.hasOwn(classes, name)) {
      return [{ path, message: `no such class: storageClasses has ${Object.keys(classes).join(", ") || "none"}` }];
    }
    const { clusters: listed } = asMap(classes[name]);
    const without = Object.keys(clusters).find(
      (cluster) =>
        (!isHubOnly || asMap(clusters[cluster]).role === "hub") && Array.isArray(listed) && !listed.includes(cluster),
    );
    return without === undefined
      ? []
      : [{ path, message: `cluster ${without} has no such class: name it in storageClasses.${name}.clusters` }];
  });
}

/** Each of these is managed where the file says nothing. */
const managementOf = (file: Raw, component: string) => asMap(asMap(file.components)[component]).management ?? "managed";
