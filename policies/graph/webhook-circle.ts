/** Webhooks that fail closed do not wait for one another. */
import { askedAbout, shownRequests } from "./asked-about";
import { type Backend, backendOf, restartRequests } from "./backend";
import { circles, type Edges } from "./circle";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { configurationsOf, shownService, type Webhook, webhooksOf } from "./webhook";

/** A program, and the webhooks that it answers. */
interface Guard {
  readonly backend: Backend;
  readonly webhooks: Webhook[];
}

/** A guard that another needs to come back: by which webhook, and about what that is asked. */
interface Dependence {
  readonly webhook: Webhook;
  readonly asked: string;
  readonly isSure: boolean;
}

export const webhookCircle: GraphJudge = {
  subject: "validating and mutating webhook configurations",
  looksAt: configurationsOf,
  find(set) {
    const guards = guardsOf(set);
    const dependences = dependencesOf(set, guards);
    const sure = found(guards, dependences, ({ isSure }) => isSure, "deny");
    const inSure = new Set(sure.flatMap(({ circle }) => circle));
    const others = guards.filter((guard) => !inSure.has(guard));
    const perhaps = found(others, dependences, () => true, "undetermined");
    return [...sure, ...perhaps].map(({ finding }) => finding);
  },
};

function guardsOf(set: ObjectSet): Guard[] {
  const guards = new Map<string, Guard>();
  for (const webhook of webhooksOf(set)) {
    const { failsClosed, service } = webhook;
    if (!failsClosed || !service) continue;
    const backend = backendOf(set, service);
    // several Services may lead to one program
    const guard = guards.get(backend.shown) ?? { backend, webhooks: [] };
    guard.webhooks.push(webhook);
    guards.set(backend.shown, guard);
  }
  return [...guards.values()];
}

type Dependences = ReadonlyMap<Guard, ReadonlyMap<Guard, Dependence>>;

function dependencesOf(set: ObjectSet, guards: readonly Guard[]): Dependences {
  return new Map(
    guards.map((guard) => {
      const requests = restartRequests(set, guard.backend);
      const others = guards.filter((other) => other !== guard);
      const needed = others.flatMap((other): [Guard, Dependence][] => {
        const answers = other.webhooks.map((webhook) => ({ webhook, ...askedAbout(webhook, requests) }));
        const sure = answers.find(({ surely }) => surely.length > 0);
        const open = answers.find(({ perhaps }) => perhaps.length > 0);
        if (sure) return [[other, { webhook: sure.webhook, asked: shownRequests(sure.surely), isSure: true }]];
        return open ? [[other, { webhook: open.webhook, asked: shownRequests(open.perhaps), isSure: false }]] : [];
      });
      return [guard, new Map(needed)];
    }),
  );
}

function found(
  guards: readonly Guard[],
  dependences: Dependences,
  counts: (dependence: Dependence) => boolean,
  verdict: "deny" | "undetermined",
): { circle: Guard[]; finding: GraphFinding }[] {
  const edges: Edges<Guard> = new Map(
    guards.map((guard) => {
      const needed = [...(dependences.get(guard) ?? [])].filter(
        ([other, one]) => counts(one) && guards.includes(other),
      );
      return [guard, needed.map(([other]) => other)];
    }),
  );
  return circles(edges).flatMap((circle) => {
    const steps = circle.map((guard, index) => {
      const next = circle[(index + 1) % circle.length];
      return { guard, dependence: next && dependences.get(guard)?.get(next) };
    });
    const last = steps.at(-1)?.dependence?.webhook;
    if (!last) return [];
    const message = `${last.path} (${last.name}) ${sentence(steps, verdict === "deny")}`;
    return [{ circle, finding: { on: last.configuration, verdict, path: last.path, message } }];
  });
}

function sentence(steps: readonly { guard: Guard; dependence: Dependence | undefined }[], isSure: boolean): string {
  const each = steps.map(({ dependence, guard }) => {
    if (!dependence) return "";
    const { asked, isSure: isKnown, webhook } = dependence;
    const by = `${webhook.configuration.kind} ${webhook.configuration.name} (${webhook.name})`;
    const service = webhook.service ? shownService(webhook.service) : "";
    return `${guard.backend.shown} ${isKnown ? "needs" : "may need"} an answer of ${by} from Service ${service} to ${asked}`;
  });
  const end = isSure
    ? "once all of them are lost none comes back. Let one of them leave out the namespaces of the others"
    : "labels of namespaces or pods that are not among these objects decide";
  return `${isSure ? "stands" : "may stand"} in a circle of webhooks that fail closed: ${each.join("; ")}; ${end}`;
}
