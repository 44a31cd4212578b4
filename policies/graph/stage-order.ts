/** Waves and hooks come in the order of need. */

import { backendOf } from "./backend";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { impliedNeeds, type Need, statedNeeds } from "./needs";
import type { ObjectSet } from "./object-set";
import { ownRequest } from "./own-request";
import { podTemplate } from "./pod-template";
import { type SetObject, shownName } from "./set-object";
import { compareStages, shownStage, stageOf, stagePath } from "./stage";
import { webhooksOf } from "./webhook";
import { isAsked } from "./webhook-match";

export const stageOrder: GraphJudge = {
  subject: "objects with a sync wave or a hook, and those that need them",
  looksAt: (set) => set.all.filter((one) => stageOf(one)?.isSaid),
  find: (set) => {
    // where nobody says a stage there is one, and what objects need of one another need not be known
    if (!set.all.some((one) => stageOf(one)?.isSaid)) return [];
    const needs = [...impliedNeeds(set), ...statedNeeds(set).needs].flatMap(finding);
    return [...needs, ...judgedTooEarly(set)];
  },
};

function finding(need: Need): GraphFinding[] {
  const { from, to, why } = need;
  const [first, second] = [stageOf(from), stageOf(to)];
  if (!first || !second || !(first.isSaid || second.isSaid) || compareStages(first, second) >= 0) return [];
  if (isWellWithout(need)) return [];
  const [path, on] = first.isSaid ? [stagePath(from), from] : [stagePath(to), to];
  const said =
    `${path} contradicts what is needed: ${shownName(from)} (${shownStage(from)}) ${why} ${shownName(to)} (${shownStage(to)}), ` +
    "which is made only when the stage before is well, and that waits for it";
  if (isOneApplication(from, to) && !(second.isHelms && second.phase > 0)) {
    return [{ on, verdict: "deny", path, message: said }];
  }
  const when =
    second.isHelms && second.phase > 0 ? "Argo CD or `helm --wait` applies them" : "one Application has both";
  return [{ on, verdict: "undetermined", path, message: `${said}, if ${when}` }];
}

/** A stage does not wait for pods that nobody starts yet. */
function isWellWithout({ from, to }: Need): boolean {
  const template = podTemplate(from.object);
  const isConfiguration = ["ConfigMap", "PersistentVolumeClaim", "Secret", "ServiceAccount"].includes(to.kind);
  return isConfiguration && template !== undefined && (from.kind === "CronJob" || template.replicas === 0);
}

/** Waves are compared within an Application: surely where both say one, or stand in one file. */
function isOneApplication(one: SetObject, other: SetObject): boolean {
  const saysBoth = stageOf(one)?.isSaid === true && stageOf(other)?.isSaid === true;
  return saysBoth || one.place?.file === other.place?.file;
}

/** Between a webhook that fails closed and the stage of its program nothing that it judges can be made. */
function judgedTooEarly(set: ObjectSet): GraphFinding[] {
  return webhooksOf(set).flatMap((webhook): GraphFinding[] => {
    const { configuration, failsClosed, name, service } = webhook;
    const first = stageOf(configuration);
    const [program] = service ? backendOf(set, service).workloads : [];
    const last = program && stageOf(program);
    if (!failsClosed || !first || !last || compareStages(first, last) >= 0) return [];
    const blocked = set.all.find((one) => {
      const own = stageOf(one);
      const isBetween = own && compareStages(first, own) < 0 && compareStages(own, last) <= 0;
      return isBetween && isAsked(webhook, ownRequest(set, one, "CREATE")) === true;
    });
    if (!blocked) return [];
    const on = first.isSaid ? configuration : program;
    const path = stagePath(on);
    const message =
      `${path} has the webhook ${name} (${shownStage(configuration)}) come before its own ${shownName(program)} ` +
      `(${shownStage(program)}), which nobody reaches: ${shownName(blocked)} (${shownStage(blocked)}) is refused meanwhile`;
    const isSure = isOneApplication(configuration, program) && !set.isShortened;
    return [{ on, verdict: isSure ? "deny" : "undetermined", path, message }];
  });
}
