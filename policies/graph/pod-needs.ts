/** What the pods of an object cannot start without, and what makes it where it is not in the set itself. */
import { at, type Fields, fieldsOf, listOf, textOf } from "./field";
import type { ObjectSet } from "./object-set";
import { containersOf, podTemplate } from "./pod-template";
import type { SetObject } from "./set-object";

/** An object that pods refer to. */
interface Reference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly why: string;
}

/** An object, and why the other needs it, as the rest of a sentence. */
export interface Needed {
  readonly to: SetObject;
  readonly why: string;
}

export function podNeeds(set: ObjectSet, one: SetObject): Needed[] {
  const template = podTemplate(one.object);
  if (!template) return [];
  return referencesOf(template.spec).flatMap(({ group, kind, name, why }) => {
    const isOfCluster = kind === "PriorityClass" || kind === "RuntimeClass";
    const found = set.find(group, kind, isOfCluster ? "" : one.namespace, name);
    if (found) return [{ to: found, why }];
    return kind === "Secret" ? makersOf(set, one.namespace, name, why) : [];
  });
}

/** What is optional, and what pods start without, is left out. */
function referencesOf(spec: Fields): Reference[] {
  const named = (group: string, kind: string, name: unknown, why: string): Reference[] => {
    const said = textOf(name);
    return said === undefined ? [] : [{ group, kind, name: said, why }];
  };
  const required = (kind: "ConfigMap" | "Secret", source: unknown, name: unknown, why: string) =>
    at(source, "optional") === true ? [] : named("", kind, name, why);
  const configuration = (source: unknown, names: readonly [configMap: string, secret: string], why: string) => {
    const [configMap, secret] = names.map((name) => fieldsOf(source)[name]);
    return [
      ...required("ConfigMap", configMap, at(configMap, "name"), why),
      ...required("Secret", secret, at(secret, "name"), why),
    ];
  };
  const ofContainers = containersOf(spec).flatMap((container) => [
    ...listOf(container.envFrom).flatMap((source) => configuration(source, ["configMapRef", "secretRef"], "reads")),
    ...listOf(container.env).flatMap((one) =>
      configuration(at(one, "valueFrom"), ["configMapKeyRef", "secretKeyRef"], "reads"),
    ),
  ]);
  const ofVolumes = listOf(spec.volumes).flatMap((volume) => [
    ...required("ConfigMap", at(volume, "configMap"), at(volume, "configMap", "name"), "mounts"),
    ...required("Secret", at(volume, "secret"), at(volume, "secret", "secretName"), "mounts"),
    ...named("", "PersistentVolumeClaim", at(volume, "persistentVolumeClaim", "claimName"), "mounts"),
    ...listOf(at(volume, "projected", "sources")).flatMap((source) =>
      configuration(source, ["configMap", "secret"], "mounts"),
    ),
  ]);
  return [
    ...named("", "ServiceAccount", spec.serviceAccountName ?? spec.serviceAccount, "runs as"),
    ...named("scheduling.k8s.io", "PriorityClass", spec.priorityClassName, "has"),
    ...named("node.k8s.io", "RuntimeClass", spec.runtimeClassName, "runs by"),
    ...ofContainers,
    ...ofVolumes,
  ].filter(({ kind, name }, index, all) => all.findIndex((one) => one.kind === kind && one.name === name) === index);
}

/** Kinds whose controllers make a Secret, and where they name it. */
const MAKERS: readonly { readonly group: string; readonly kind: string; nameOf(object: SetObject): unknown }[] = [
  { group: "cert-manager.io", kind: "Certificate", nameOf: ({ object }) => at(object, "spec", "secretName") },
  {
    group: "external-secrets.io",
    kind: "ExternalSecret",
    nameOf: ({ name, object }) => at(object, "spec", "target", "name") ?? name,
  },
  {
    group: "bitnami.com",
    kind: "SealedSecret",
    nameOf: ({ name, object }) => at(object, "spec", "template", "metadata", "name") ?? name,
  },
];

function makersOf(set: ObjectSet, namespace: string, secret: string, why: string): Needed[] {
  return MAKERS.flatMap(({ group, kind, nameOf }) => {
    const maker = set.ofKind(group, kind).find((one) => one.namespace === namespace && nameOf(one) === secret);
    return maker ? [{ to: maker, why: `${why} Secret ${secret}, which is made by` }] : [];
  });
}
