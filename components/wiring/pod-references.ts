/** What pods need to start: configuration, secrets, accounts, ranks, storage. */
import type { KubeObject } from "../kube-object";
import type { ClusterIndex } from "./cluster-index";
import type { Pods } from "./pods";
import { ABSENT, at, type Dangling, entriesOf, type Fields, fieldsOf, namedFieldsIn, textOf } from "./reference";

/** ConfigMaps that controllers put into every namespace. */
const EVERYWHERE = ["kube-root-ca.crt", "istio-ca-root-cert"];

/** Fields of a pod's spec that name a ConfigMap or a Secret, with the kind. */
const SOURCES: Readonly<Record<string, "ConfigMap" | "Secret">> = {
  configMap: "ConfigMap",
  configMapKeyRef: "ConfigMap",
  configMapRef: "ConfigMap",
  secret: "Secret",
  secretKeyRef: "Secret",
  secretRef: "Secret",
};

export function podReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.pods.flatMap((pods) => [
      ...configuration(index, pods),
      ...named(
        index,
        pods,
        "ServiceAccount",
        textOf(pods.spec.serviceAccountName),
        "serviceAccountName",
        pods.namespace,
      ),
      ...named(index, pods, "PriorityClass", textOf(pods.spec.priorityClassName), "priorityClassName", undefined),
      ...entriesOf(pods.spec.volumes).flatMap((volume, position) =>
        named(
          index,
          pods,
          "PersistentVolumeClaim",
          textOf(at(volume, "persistentVolumeClaim", "claimName")),
          `volumes[${position}].persistentVolumeClaim`,
          pods.namespace,
        ),
      ),
      ...entriesOf(pods.spec.imagePullSecrets).flatMap(({ name }, position) =>
        isSecret(index, String(name), pods.namespace)
          ? []
          : [dangling(pods, `imagePullSecrets[${position}]`, `Secret ${pods.namespace}/${name}`, ABSENT)],
      ),
    ]),
    ...storageClasses(index),
  ];
}

/** Whether a Secret is made here: written out, or by a Certificate or a reference to where secrets are kept. */
export function isSecret(index: ClusterIndex, name: string, namespace: string): boolean {
  return (
    index.has("Secret", name, namespace) ||
    index.objects.some((object) => object.metadata.namespace === namespace && madeSecrets(object).includes(name))
  );
}

function madeSecrets({ kind, metadata, spec }: KubeObject): string[] {
  if (kind === "Certificate") return [String(at(spec, "secretName"))];
  if (kind === "ExternalSecret") return [textOf(at(spec, "target", "name")) ?? metadata.name];
  return [];
}

function configuration(index: ClusterIndex, pods: Pods): Dangling[] {
  return namedFieldsIn(pods.spec, Object.keys(SOURCES)).flatMap(({ field, path, value }): Dangling[] => {
    const kind = SOURCES[field] ?? "ConfigMap";
    const source = fieldsOf(value);
    const name = textOf(source.secretName) ?? textOf(source.name);
    if (name === undefined || source.optional === true) return [];
    if (kind === "ConfigMap" && EVERYWHERE.includes(name)) return [];
    const known = kind === "Secret" ? isSecret(index, name, pods.namespace) : index.has(kind, name, pods.namespace);
    const target = `${kind} ${pods.namespace}/${name}`;
    if (!known) return [dangling(pods, path, target, ABSENT)];
    const found = index.find(kind, name, pods.namespace);
    if (!found) return [];
    const keys = keysOf(found);
    // a Secret without data is filled by its program
    if (kind === "Secret" && keys.length === 0) return [];
    return wantedKeys(source)
      .filter((key) => !keys.includes(key))
      .map((key) => dangling(pods, path, `key ${key} of ${target}`, "which it does not have"));
  });
}

const wantedKeys = ({ items, key }: Fields): string[] => [
  ...(typeof key === "string" ? [key] : []),
  ...entriesOf(items).map((item) => String(item.key)),
];

const keysOf = (object: KubeObject): string[] =>
  ["data", "stringData", "binaryData"].flatMap((field) => Object.keys(fieldsOf(object[field])));

/** StorageClasses that claims name, wherever a claim's spec stands. */
function storageClasses(index: ClusterIndex): Dangling[] {
  return index.objects
    .filter(({ kind }) => kind !== "CustomResourceDefinition")
    .flatMap((from) =>
      namedFieldsIn(from.spec, ["storageClassName"], "spec").flatMap(({ path, value }): Dangling[] => {
        const name = textOf(value);
        if (name === undefined || name === "" || index.has("StorageClass", name)) return [];
        return [{ from, field: path, target: `StorageClass ${name}`, problem: ABSENT }];
      }),
    );
}

function named(
  index: ClusterIndex,
  pods: Pods,
  kind: string,
  name: string | undefined,
  field: string,
  namespace: string | undefined,
): Dangling[] {
  if (name === undefined || (kind === "ServiceAccount" && name === "default") || index.has(kind, name, namespace))
    return [];
  return [dangling(pods, field, `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`, ABSENT)];
}

const dangling = (pods: Pods, field: string, target: string, problem: string): Dangling => ({
  from: pods.of,
  field: `${pods.path}.${field}`,
  target,
  problem,
});
