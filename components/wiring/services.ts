/** Services and Ingresses: behind each there are pods that have its ports. */
import type { Labels } from "../labels";
import { type ClusterIndex, servicePorts } from "./cluster-index";
import { ABSENT, at, type Dangling, entriesOf, fieldsOf, namedFieldsIn, textOf } from "./reference";

export function serviceReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.ofKind("Service").flatMap((from): Dangling[] => {
      const selector = fieldsOf(at(from, "spec", "selector")) as Labels;
      const namespace = from.metadata.namespace ?? "default";
      // endpoints of a Service without selector are somebody else's to make
      if (Object.keys(selector).length === 0) return [];
      const said = Object.entries(selector).map(([label, value]) => `${label}=${value}`);
      const pods = index.selected(namespace, selector);
      if (pods.length === 0) {
        return [
          {
            from,
            field: "spec.selector",
            target: `pods ${said.join(",")}`,
            problem: "and no workload of its namespace makes any",
          },
        ];
      }
      return servicePorts(from).flatMap(({ protocol, targetPort }, position) =>
        pods
          .filter(
            ({ ports }) =>
              !ports.some((one) => one.protocol === protocol && (one.name === targetPort || one.port === targetPort)),
          )
          .map((without) => ({
            from,
            field: `spec.ports[${position}].targetPort`,
            target: `port ${targetPort}/${protocol}`,
            problem: `which pods of ${without.of.kind} ${without.of.metadata.name} do not have`,
          })),
      );
    }),
    ...index.ofKind("Ingress").flatMap((from) =>
      namedFieldsIn(from.spec, ["service"], "spec").flatMap(({ path, value }): Dangling[] => {
        const name = textOf(at(value, "name")) ?? "";
        const namespace = from.metadata.namespace ?? "default";
        const port = at(value, "port", "number") ?? at(value, "port", "name");
        if (!index.find("Service", name, namespace)) {
          return index.has("Service", name, namespace)
            ? []
            : [{ from, field: path, target: `Service ${namespace}/${name}`, problem: ABSENT }];
        }
        return index.servicePort(namespace, name, port as number | string)
          ? []
          : [
              {
                from,
                field: `${path}.port`,
                target: `port ${port} of Service ${namespace}/${name}`,
                problem: "which it does not have",
              },
            ];
      }),
    ),
    ...index.ofKind("StatefulSet").flatMap((from): Dangling[] => {
      const name = textOf(at(from, "spec", "serviceName"));
      const namespace = from.metadata.namespace ?? "default";
      if (name === undefined || name === "" || index.has("Service", name, namespace)) return [];
      return [{ from, field: "spec.serviceName", target: `Service ${namespace}/${name}`, problem: ABSENT }];
    }),
    ...index.ofKind("EndpointSlice").flatMap((from) =>
      entriesOf([from.metadata.labels]).flatMap((labels): Dangling[] => {
        const name = textOf(labels["kubernetes.io/service-name"]);
        const namespace = from.metadata.namespace ?? "default";
        if (name === undefined || index.has("Service", name, namespace)) return [];
        return [{ from, field: "metadata.labels", target: `Service ${namespace}/${name}`, problem: ABSENT }];
      }),
    ),
  ];
}
