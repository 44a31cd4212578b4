/** What lies in a namespace comes after it, and the namespace is somebody's. */
import { isTooEarly } from "./document-order";
import { at, textOf } from "./field";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { INITIAL_NAMESPACES, type ObjectSet } from "./object-set";
import { type SetObject, shownName, shownPlace } from "./set-object";

export const namespaceFirst: GraphJudge = {
  subject: "objects that name their namespace",
  looksAt: namespaced,
  find(set) {
    const made = madeElsewhere(set);
    const absent = new Map<string, SetObject[]>();
    const findings = namespaced(set).flatMap((one): GraphFinding[] => {
      const namespace = set.namespace(one.namespace);
      if (namespace) return lateFindings(set, one, namespace);
      if (!made.has(one.namespace)) absent.set(one.namespace, [...(absent.get(one.namespace) ?? []), one]);
      return [];
    });
    return [...findings, ...[...absent.values()].flatMap((of) => absentNamespace(set, of))];
  },
};

/** Kinds that are surely of the cluster are left out, whatever namespace they name. */
function namespaced(set: ObjectSet): SetObject[] {
  return set.all.filter((one) => one.namespace !== "" && set.apiKind(one)?.isNamespaced !== false);
}

function lateFindings(set: ObjectSet, one: SetObject, namespace: SetObject): GraphFinding[] {
  const early = isTooEarly(set, one, namespace);
  if (early === "no") return [];
  const message =
    `metadata.namespace is ${one.namespace}, which is made later: as kubectl applies files, ${shownName(one)} (${shownPlace(one)}) ` +
    `comes before ${shownName(namespace)} (${shownPlace(namespace)})`;
  return early === "yes"
    ? [
        {
          on: one,
          verdict: "deny",
          path: "metadata.namespace",
          message: `${message}, and is refused. Put the Namespace first`,
        },
      ]
    : [
        {
          on: one,
          verdict: "undetermined",
          path: "metadata.namespace",
          message: `${message}; nothing here says who applies them`,
        },
      ];
}

/** Namespaces that every cluster has, or that others make as these objects tell them to. */
function madeElsewhere(set: ObjectSet): Set<string> {
  const names = set.all.flatMap(({ group, kind, namespace, object }) => {
    const { spec } = object;
    switch (`${group}/${kind}`) {
      case "argoproj.io/Application":
        return textOf(at(spec, "destination", "namespace")) ?? [];
      case "helm.toolkit.fluxcd.io/HelmRelease":
        return at(spec, "install", "createNamespace") === true
          ? (textOf(at(spec, "targetNamespace")) ?? namespace)
          : [];
      case "helm.cattle.io/HelmChart":
        return at(spec, "createNamespace") === true ? (textOf(at(spec, "targetNamespace")) ?? []) : [];
      case "project.openshift.io/Project":
      case "project.openshift.io/ProjectRequest":
        return textOf(at(object, "metadata", "name")) ?? [];
      default:
        return [];
    }
  });
  return new Set([...INITIAL_NAMESPACES, ...names]);
}

/** One sentence for all objects of a namespace, unless each is denied. */
function absentNamespace(set: ObjectSet, of: readonly SetObject[]): GraphFinding[] {
  const [first] = of;
  if (!first) return [];
  const others = of.length === 1 || set.isWhole ? "" : ` (and of ${of.length - 1} more)`;
  const counted = set.isWhole ? of : [first];
  return counted.map((on) => ({
    on,
    verdict: "absent",
    path: "metadata.namespace",
    message: `metadata.namespace of ${shownName(on)}${others} is ${on.namespace}, which none of these objects makes`,
  }));
}
