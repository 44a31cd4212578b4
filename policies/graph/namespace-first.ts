/** What lies in a namespace comes after it, and the namespace is somebody's. */
import { Absences, andMore } from "./absence";
import { isTooEarly } from "./document-order";
import { at, textOf } from "./field";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { INITIAL_NAMESPACES, type ObjectSet } from "./object-set";
import { type SetObject, shownName, shownPlace } from "./set-object";
import { isUnknownAt } from "./unknown-field";

export const namespaceFirst: GraphJudge = {
  subject: "objects that name their namespace",
  looksAt: namespaced,
  find(set) {
    const made = madeElsewhere(set);
    const late = new Absences<SetObject>();
    const absent = new Absences<string>();
    const findings = namespaced(set).flatMap((one): GraphFinding[] => {
      if (isUnknownAt(one.object, "metadata", "namespace")) return [unknownNamespace(one)];
      const namespace = set.namespace(one.namespace);
      if (!namespace) {
        if (!made.has(one.namespace)) absent.add(one.namespace, one);
        return [];
      }
      const first = set.firstOf(namespace);
      const early = isTooEarly(set, one, first);
      if (early === "perhaps") late.add(first, one);
      return early === "yes" ? [tooEarly(one, first)] : [];
    });
    return [
      ...findings,
      ...late.open(PATH, (namespace, on, others) => {
        return `${lateSentence(on, namespace, others)}; nothing here says who applies them in which order`;
      }),
      ...absent.missing(set, PATH, outside, (namespace, on, others) => {
        return `${PATH} of ${shownName(on)}${andMore(others)} is ${namespace}, which none of these objects makes`;
      }),
    ];
  },
};

/** What is to be made in a namespace makes nothing before it is there. */
const outside = (installer: SetObject, namespace: string) => installer.namespace !== namespace;

const PATH = "metadata.namespace";

/** Kinds that are surely of the cluster are left out, whatever namespace they name. */
function namespaced(set: ObjectSet): SetObject[] {
  return set.all.filter(
    (one) =>
      (isUnknownAt(one.object, "metadata", "namespace") || one.namespace !== "") &&
      set.apiKind(one)?.isNamespaced !== false,
  );
}

/** Whichever it will be, it is made elsewhere at worst. */
const unknownNamespace = (on: SetObject): GraphFinding => ({
  on,
  verdict: "absent",
  path: PATH,
  message: `${PATH} is not known yet, so that none of these objects is known to make it`,
});

function tooEarly(on: SetObject, namespace: SetObject): GraphFinding {
  const message = `${lateSentence(on, namespace, 0)}, and is refused. Put the Namespace first`;
  return { on, verdict: "deny", path: PATH, message };
}

const lateSentence = (on: SetObject, namespace: SetObject, others: number) =>
  `${PATH} is ${on.namespace}, which is made later: as kubectl applies files, ${shownName(on)} (${shownPlace(on)})` +
  `${andMore(others)} comes before ${shownName(namespace)} (${shownPlace(namespace)})`;

/** Namespaces that every cluster has, or that others make as these objects tell them to. */
function madeElsewhere(set: ObjectSet): Set<string> {
  const names = set.all.flatMap((one) => {
    const { group, kind, object } = one;
    const said = (...path: string[]) => at(object, "spec", ...path);
    switch (`${group}/${kind}`) {
      case "argoproj.io/Application":
        return textOf(said("destination", "namespace")) ?? [];
      case "helm.toolkit.fluxcd.io/HelmRelease":
        return said("install", "createNamespace") === true ? (textOf(said("targetNamespace")) ?? one.namespace) : [];
      case "helm.cattle.io/HelmChart":
        return said("createNamespace") === true ? (textOf(said("targetNamespace")) ?? []) : [];
      case "project.openshift.io/Project":
      case "project.openshift.io/ProjectRequest":
        return textOf(at(object, "metadata", "name")) ?? [];
      default:
        return [];
    }
  });
  return new Set([...INITIAL_NAMESPACES, ...names]);
}
