/** Custom resources come after their definition, in a version that it serves. */
import { isCustomGroup } from "./api-kinds";
import { isTooEarly } from "./document-order";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { type SetObject, shownName, shownPlace } from "./set-object";

export const definitionFirst: GraphJudge = {
  subject: "custom resources",
  looksAt: customResources,
  find(set) {
    const undefinedKinds = new Map<string, SetObject[]>();
    const findings = customResources(set).flatMap((one): GraphFinding[] => {
      const definition = set.definition(one.group, one.kind);
      if (definition) return definedFindings(set, one, definition);
      const kind = `${one.group}/${one.kind}`;
      undefinedKinds.set(kind, [...(undefinedKinds.get(kind) ?? []), one]);
      return [];
    });
    return [...findings, ...[...undefinedKinds.values()].flatMap((of) => absentKind(set, of))];
  },
};

function customResources(set: ObjectSet): SetObject[] {
  const served = new Set(
    set.ofKind("apiregistration.k8s.io", "APIService").map(({ object }) => {
      const { group, version } = Object(object.spec) as { group?: unknown; version?: unknown };
      return `${String(group)}/${String(version)}`;
    }),
  );
  return set.all.filter(({ group, version }) => isCustomGroup(group) && !served.has(`${group}/${version}`));
}

function definedFindings(
  set: ObjectSet,
  one: SetObject,
  { by, served }: NonNullable<ReturnType<ObjectSet["definition"]>>,
): GraphFinding[] {
  if (served && !served.includes(one.version)) {
    const message = `apiVersion is ${one.version}, which ${shownName(by)} does not serve: it serves ${served.join(", ") || "none"}`;
    return [{ on: one, verdict: "deny", path: "apiVersion", message }];
  }
  const early = isTooEarly(set, one, by);
  if (early === "no") return [];
  const message =
    `apiVersion is of a kind that is defined later: as kubectl applies files, ${shownName(one)} (${shownPlace(one)}) comes before ` +
    `${shownName(by)} (${shownPlace(by)})`;
  const wayOut = "Put the definition before it, and wait until it is established";
  return early === "yes"
    ? [{ on: one, verdict: "deny", path: "apiVersion", message: `${message}, and is refused. ${wayOut}` }]
    : [
        {
          on: one,
          verdict: "undetermined",
          path: "apiVersion",
          message: `${message}; nothing here says who applies them`,
        },
      ];
}

/** One sentence for all objects of a kind, unless each is denied. */
function absentKind(set: ObjectSet, of: readonly SetObject[]): GraphFinding[] {
  const [first] = of;
  if (!first) return [];
  const others = of.length === 1 ? "" : ` (and ${of.length - 1} more of the kind)`;
  const counted = set.isWhole ? of : [first];
  return counted.map((on) => ({
    on,
    verdict: "absent",
    path: "apiVersion",
    message: `apiVersion ${on.object.apiVersion} of ${on.kind} is defined by none of these objects${set.isWhole ? "" : others}`,
  }));
}
