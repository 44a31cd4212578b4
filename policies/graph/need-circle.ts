/** Nothing waits for itself. */
import { circles, type Edges } from "./circle";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { impliedNeeds, type Need, statedNeeds } from "./needs";
import { type SetObject, shownName } from "./set-object";

export const needCircle: GraphJudge = {
  subject: "objects that need another",
  looksAt: (set) => [...new Set([...impliedNeeds(set), ...statedNeeds(set).needs].map(({ from }) => from))],
  find(set) {
    const { needs, unmet } = statedNeeds(set);
    return [
      ...foundCircles([...impliedNeeds(set), ...needs]),
      ...unmet.map(
        ({ from, missing, path }): GraphFinding => ({
          on: from,
          verdict: "absent",
          path,
          message: `${path} names ${missing}, which is not among these objects: it waits for that without end`,
        }),
      ),
    ];
  },
};

function foundCircles(needs: readonly Need[]): GraphFinding[] {
  const reasons = new Map<SetObject, Map<SetObject, string>>();
  for (const { from, to, why } of needs) {
    const known = reasons.get(from) ?? new Map<SetObject, string>();
    reasons.set(from, known.has(to) ? known : known.set(to, why));
  }
  const inOrder = [...reasons].sort(([a], [b]) => a.position - b.position);
  const edges: Edges<SetObject> = new Map(inOrder.map(([from, to]) => [from, [...to.keys()]]));
  return circles(edges).flatMap((circle): GraphFinding[] => {
    const [on] = circle;
    return on ? [{ on, verdict: "deny", path: "", message: sentence(circle, reasons) }] : [];
  });
}

function sentence(
  circle: readonly SetObject[],
  reasons: ReadonlyMap<SetObject, ReadonlyMap<SetObject, string>>,
): string {
  const steps = circle.map((one, index) => {
    const next = circle[(index + 1) % circle.length] ?? one;
    return `${reasons.get(one)?.get(next) ?? "needs"} ${shownName(next)}`;
  });
  const [first] = circle;
  return `waits for itself: ${first ? shownName(first) : ""} ${steps.join(", which ")}. Take one of these needs away`;
}
