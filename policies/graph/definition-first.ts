/** Custom resources come after their definition, in a version that it serves. */
import { Absences, andMore } from "./absence";
import { isCustomGroup } from "./api-kinds";
import { isTooEarly } from "./document-order";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { type SetObject, shownName, shownPlace } from "./set-object";

export const definitionFirst: GraphJudge = {
  subject: "custom resources",
  looksAt: customResources,
  find(set) {
    const late = new Absences<SetObject>();
    const absent = new Absences<string>();
    const findings = customResources(set).flatMap((one): GraphFinding[] => {
      const definition = set.definition(one.group, one.kind);
      if (!definition) {
        absent.add(kindOf(one), one);
        return [];
      }
      const { by, served } = definition;
      // an APIService of others may serve it
      if (served && !served.includes(one.version)) return [unserved(one, by, served, set.hasOthers)];
      const first = set.firstOf(by);
      const early = isTooEarly(set, one, first);
      if (early === "perhaps") late.add(first, one);
      return early === "yes" ? [tooEarly(one, first)] : [];
    });
    return [
      ...findings,
      ...late.open(PATH, (by, on, others) => {
        return `${lateSentence(on, by, others)}; nothing here says who applies them in which order`;
      }),
      ...absent.missing(set, PATH, ofAnother, (_kind, on, others) => {
        return `${PATH} ${on.object.apiVersion} of ${shownName(on)}${andMore(others)} is defined by none of these objects`;
      }),
    ];
  },
};

const kindOf = ({ group, kind }: SetObject) => `${group}/${kind}`;

/** An object of a kind that nobody knows makes nothing. */
const ofAnother = (installer: SetObject, kind: string) => kindOf(installer) !== kind;

const PATH = "apiVersion";

function customResources(set: ObjectSet): SetObject[] {
  const served = new Set(
    set.ofKind("apiregistration.k8s.io", "APIService").map(({ object }) => {
      const { group, version } = Object(object.spec) as { group?: unknown; version?: unknown };
      return `${String(group)}/${String(version)}`;
    }),
  );
  return set.all.filter(({ group, version }) => isCustomGroup(group) && !served.has(`${group}/${version}`));
}

function unserved(on: SetObject, by: SetObject, served: readonly string[], isOpen: boolean): GraphFinding {
  const versions = served.join(", ") || "none";
  const message = `${PATH} is ${on.version}, which ${shownName(by)} does not serve: it serves ${versions}`;
  return { on, verdict: isOpen ? "absent" : "deny", path: PATH, message };
}

function tooEarly(on: SetObject, by: SetObject): GraphFinding {
  const wayOut = "Put the definition before it, and wait until it is established";
  return { on, verdict: "deny", path: PATH, message: `${lateSentence(on, by, 0)}, and is refused. ${wayOut}` };
}

const lateSentence = (on: SetObject, by: SetObject, others: number) =>
  `${PATH} is of a kind that is defined later: as kubectl applies files, ${shownName(on)} (${shownPlace(on)})${andMore(others)} ` +
  `comes before ${shownName(by)} (${shownPlace(by)})`;
