/**
 * Hosts that stand in configurations: `name.namespace.svc:port` in any text leads to a Service that has the port, to a host
 * outside that is meant to be reached, and, where it is known whose configuration it is, a flow allows the hop.
 */
import type { KubeObject } from "../kube-object";
import type { ClusterIndex } from "./cluster-index";
import type { Pods } from "./pods";
import { ABSENT, type Dangling, namedFieldsIn, textOf, textsIn } from "./reference";

/** `_port._tcp.`, then name and namespace, `.svc`, the cluster's domain, `:port`. */
const ENDPOINT =
  /(?:_([a-z0-9-]+)\._(?:tcp|udp)\.)?(?:[a-z0-9-]+\.)*?([a-z0-9]([a-z0-9-]*[a-z0-9])?)\.([a-z0-9]([a-z0-9-]*[a-z0-9])?)\.svc(?![a-z0-9-])(?:\.cluster\.local)?(?::(\d{1,5}))?/g;

/** Texts of these are about other clusters, other objects, or nothing that is reached. */
const SKIPPED = new Set([
  "CustomResourceDefinition",
  "NetworkPolicy",
  "Namespace",
  "DestinationRule",
  "VirtualService",
]);

export function endpointReferences(index: ClusterIndex): Dangling[] {
  return index.objects
    .filter(({ kind }) => !SKIPPED.has(kind))
    .flatMap((from) => {
      const users = usersOf(index, from);
      return configurationTexts(from).flatMap(({ path, text }) => [
        ...[...text.matchAll(ENDPOINT)].flatMap(([, portName, name = "", , namespace = "", , port]) =>
          toService(index, from, users, {
            field: path,
            name,
            namespace,
            port: port === undefined ? portName : Number(port),
          }),
        ),
        ...toHosts(index, from, path, text),
      ]);
    });
}

interface Endpoint {
  readonly field: string;
  readonly name: string;
  readonly namespace: string;
  readonly port: number | string | undefined;
}

function toService(
  index: ClusterIndex,
  from: KubeObject,
  users: readonly Pods[],
  { field, name, namespace, port }: Endpoint,
): Dangling[] {
  const target = `Service ${namespace}/${name}`;
  if (!index.find("Service", name, namespace)) {
    return index.has("Service", name, namespace) ? [] : [{ from, field, target, problem: ABSENT }];
  }
  if (port === undefined) return [];
  const found = index.servicePort(namespace, name, port);
  if (!found) {
    const listening = index.behindAnyPort(namespace, name);
    // the ports of a headless Service's pods are reached without it
    if (typeof port === "number" && listening.headless && listening.ports.includes(port))
      return hop(index, from, field, users, listening.pods, port, target);
    return [{ from, field, target: `port ${port} of ${target}`, problem: "which it does not have" }];
  }
  return index
    .behind(namespace, name, found)
    .flatMap(({ pods, port: listens }) => hop(index, from, field, users, [pods], listens, target, found.protocol));
}

/** A program that names its own Service tells others where it is. */
function hop(
  index: ClusterIndex,
  from: KubeObject,
  field: string,
  users: readonly Pods[],
  targets: readonly Pods[],
  port: number,
  target: string,
  protocol = "TCP",
): Dangling[] {
  return users.flatMap((user) =>
    targets
      .filter((pods) => pods.of !== user.of && !index.allows(user, pods, port, protocol))
      .map(
        (): Dangling => ({
          from,
          field,
          target,
          problem: `but no flow lets ${user.of.kind} ${user.namespace}/${user.of.metadata.name} reach its pods on port ${port}`,
        }),
      ),
  );
}

function toHosts(index: ClusterIndex, from: KubeObject, field: string, text: string): Dangling[] {
  return [...index.hosts].flatMap(([host, ports]) =>
    [...text.matchAll(new RegExp(`(?<![a-z0-9.-])${host.replaceAll(".", "\\.")}:(\\d{1,5})`, "g"))]
      .map(([, port]) => Number(port))
      .filter((port) => !ports.includes(port))
      .map((port): Dangling => ({ from, field, target: `${host}:${port}`, problem: "where no load balancer listens" })),
  );
}

/** Texts that a program reads; Secrets of plain configuration are read as well. */
function configurationTexts(object: KubeObject) {
  const { apiVersion: _, kind, metadata: __, ...body } = object;
  if (kind !== "Secret") return textsIn(body);
  const data = Object.entries((object.data ?? {}) as Readonly<Record<string, string>>);
  return data.map(([key, value]) => ({ path: `data.${key}`, text: Buffer.from(value, "base64").toString("utf8") }));
}

/** The pods whose configuration an object is: its own, or of those that mount it. */
function usersOf(index: ClusterIndex, { kind, metadata }: KubeObject): Pods[] {
  return index.pods.filter(({ namespace, of, spec }) => {
    if (of.kind === kind && of.metadata.name === metadata.name && namespace === metadata.namespace) return true;
    if ((kind !== "ConfigMap" && kind !== "Secret") || namespace !== metadata.namespace) return false;
    return namedFieldsIn(spec, [
      "configMap",
      "secret",
      "configMapRef",
      "secretRef",
      "additionalScrapeConfigs",
      "additionalAlertManagerConfigs",
    ]).some(({ field, value }) => {
      const named =
        textOf((value as { name?: unknown }).name) ?? textOf((value as { secretName?: unknown }).secretName);
      return named === metadata.name && (kind === "ConfigMap") === field.startsWith("configMap");
    });
  });
}
