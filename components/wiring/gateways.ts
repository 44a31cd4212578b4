/**
 * Routes of the mesh: gateways, hosts, subsets and ports that VirtualServices and DestinationRules name.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/
 */
import type { KubeObject } from "../kube-object";
import type { Labels } from "../labels";
import { type ClusterIndex, servicePorts } from "./cluster-index";
import { ABSENT, at, type Dangling, entriesOf, fieldsOf, listOf, namedFieldsIn, textOf } from "./reference";

export function gatewayReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.ofKind("Gateway").flatMap((from) => (isIstio(from) ? gatewayPods(index, from) : [])),
    ...index.ofKind("VirtualService").flatMap((from) => [...gatewaysOf(index, from), ...destinationsOf(index, from)]),
    ...index.ofKind("DestinationRule").flatMap((from): Dangling[] => {
      const host = textOf(at(from, "spec", "host")) ?? "";
      return isHost(index, host, from) ? [] : [{ from, field: "spec.host", target: `host ${host}`, problem: ABSENT }];
    }),
  ];
}

const isIstio = ({ apiVersion }: KubeObject) => apiVersion.startsWith("networking.istio.io/");

function gatewayPods(index: ClusterIndex, from: KubeObject): Dangling[] {
  const selector = fieldsOf(at(from, "spec", "selector")) as Labels;
  const pods = index.pods.filter(({ labels }) =>
    Object.entries(selector).every(([label, value]) => labels[label] === value),
  );
  if (pods.length === 0) {
    return [
      {
        from,
        field: "spec.selector",
        target: `pods ${JSON.stringify(selector)}`,
        problem: "and no workload makes any",
      },
    ];
  }
  const services = index.ofKind("Service").filter((service) => {
    const wanted = fieldsOf(at(service, "spec", "selector")) as Labels;
    return pods.some(
      ({ labels, namespace }) =>
        namespace === service.metadata.namespace &&
        Object.keys(wanted).length > 0 &&
        Object.entries(wanted).every(([label, value]) => labels[label] === value),
    );
  });
  const leadTo = services.flatMap(servicePorts).flatMap(({ port, targetPort }) => [port, targetPort]);
  return entriesOf(at(from, "spec", "servers")).flatMap((server, position): Dangling[] => {
    const number = Number(at(server, "port", "number"));
    if (leadTo.includes(number)) return [];
    return [
      {
        from,
        field: `spec.servers[${position}].port`,
        target: `port ${number}`,
        problem: "to which no Service of the gateway's pods leads",
      },
    ];
  });
}

function gatewaysOf(index: ClusterIndex, from: KubeObject): Dangling[] {
  return namedFieldsIn(from.spec, ["gateways"], "spec").flatMap(({ path, value }) =>
    listOf(value).flatMap((gateway, position): Dangling[] => {
      const said = String(gateway);
      if (said === "mesh") return [];
      const [name = "", namespace = from.metadata.namespace] = said.split("/").reverse();
      if (index.has("Gateway", name, namespace)) return [];
      return [{ from, field: `${path}[${position}]`, target: `Gateway ${namespace}/${name}`, problem: ABSENT }];
    }),
  );
}

function destinationsOf(index: ClusterIndex, from: KubeObject): Dangling[] {
  return namedFieldsIn(from.spec, ["destination"], "spec").flatMap(({ path, value }): Dangling[] => {
    const destination = fieldsOf(value);
    const host = textOf(destination.host) ?? "";
    if (!isHost(index, host, from)) return [{ from, field: `${path}.host`, target: `host ${host}`, problem: ABSENT }];
    const port = at(destination, "port", "number");
    const ports = portsOf(index, host, from);
    const subset = textOf(destination.subset);
    return [
      ...(port === undefined || ports === undefined || ports.includes(Number(port))
        ? []
        : [{ from, field: `${path}.port`, target: `port ${port} of host ${host}`, problem: "which it does not have" }]),
      ...(subset === undefined || subsetsOf(index, host, from).includes(subset)
        ? []
        : [
            {
              from,
              field: `${path}.subset`,
              target: `subset ${subset} of host ${host}`,
              problem: "which no DestinationRule has",
            },
          ]),
    ];
  });
}

/** A host is a Service, by its short or its full name, or an entry of the mesh; a wildcard is any. */
function isHost(index: ClusterIndex, host: string, from: KubeObject): boolean {
  if (host.includes("*")) return true;
  const service = serviceOf(host, from);
  return (
    (service !== undefined && index.has("Service", service.name, service.namespace)) ||
    entryOf(index, host) !== undefined
  );
}

function portsOf(index: ClusterIndex, host: string, from: KubeObject): number[] | undefined {
  const service = serviceOf(host, from);
  const found = service && index.find("Service", service.name, service.namespace);
  if (found) return servicePorts(found).map(({ port }) => port);
  const entry = entryOf(index, host);
  return entry && entriesOf(at(entry, "spec", "ports")).map(({ number }) => Number(number));
}

const subsetsOf = (index: ClusterIndex, host: string, from: KubeObject): string[] =>
  index
    .ofKind("DestinationRule")
    .filter((rule) => sameHost(String(at(rule, "spec", "host")), rule, host, from))
    .flatMap((rule) => entriesOf(at(rule, "spec", "subsets")).map(({ name }) => String(name)));

function sameHost(one: string, whose: KubeObject, other: string, from: KubeObject): boolean {
  const [first, second] = [serviceOf(one, whose), serviceOf(other, from)];
  return one === other || (first !== undefined && JSON.stringify(first) === JSON.stringify(second));
}

const entryOf = (index: ClusterIndex, host: string): KubeObject | undefined =>
  index.ofKind("ServiceEntry").find((entry) => listOf(at(entry, "spec", "hosts")).includes(host));

function serviceOf(host: string, { metadata }: KubeObject): { name: string; namespace: string } | undefined {
  const [name = "", namespace = metadata.namespace ?? "default", svc, ...rest] = host.split(".");
  if (svc !== undefined && (svc !== "svc" || (rest.length > 0 && rest.join(".") !== "cluster.local"))) return undefined;
  return { name, namespace };
}
