/** Waves and hooks come in the order of need. */

import { backendOf } from "./backend";
import { at } from "./field";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { impliedNeeds, type Need, statedNeeds } from "./needs";
import type { ObjectSet } from "./object-set";
import { ownRequest } from "./own-request";
import { podRequest } from "./pod-request";
import { podTemplate } from "./pod-template";
import { type SetObject, shownName } from "./set-object";
import { compareStages, type Stage, shownStage, stageOf, stagePath } from "./stage";
import { type Webhook, webhooksOf } from "./webhook";
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
  const when = conditionOf(first, second) ?? (isOneApplication(from, to) ? undefined : "one Application has both");
  if (when === undefined) return [{ on, verdict: "deny", path, message: said }];
  return [{ on, verdict: "undetermined", path, message: `${said}, if ${when}` }];
}

/** Who must apply stages for them to be in this order; undefined where everybody does. */
function conditionOf(first: Stage, second: Stage): string | undefined {
  if (first.isUpgrades || second.isUpgrades) return "Argo CD applies them";
  return second.isHelms && second.phase > 0 ? "Argo CD or `helm --wait` applies them" : undefined;
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
    const program = service && earliest(backendOf(set, service).workloads);
    const last = program && stageOf(program);
    if (!failsClosed || !first || !last || compareStages(first, last) >= 0) return [];
    const blocked = blockedObject(set, webhook, first, last);
    if (!blocked) return [];
    const on = first.isSaid ? configuration : program;
    const path = stagePath(on);
    const { one, arePods, stage } = blocked;
    const refused = `${shownName(one)} (${shownStage(one)})`;
    const message =
      `${path} has the webhook ${name} (${shownStage(configuration)}) come before its own ${shownName(program)} ` +
      `(${shownStage(program)}), which nobody reaches: ` +
      (arePods
        ? `pods of ${refused} are refused meanwhile, so that it is never well`
        : `${refused} is refused meanwhile`);
    const isForUpgrades = [first, stage, last].some(({ isUpgrades }) => isUpgrades);
    if (isOneApplication(configuration, program) && !set.isShortened && !isForUpgrades) {
      return [{ on, verdict: "deny", path, message }];
    }
    return [
      { on, verdict: "undetermined", path, message: isForUpgrades ? `${message}, if Argo CD applies them` : message },
    ];
  });
}

/** One of them is enough to answer. */
function earliest(workloads: readonly SetObject[]): SetObject | undefined {
  const staged = workloads.map((one) => ({ one, stage: stageOf(one) }));
  return staged.reduce<(typeof staged)[number] | undefined>((first, next) => {
    if (!first?.stage || !next.stage) return first ?? next;
    return compareStages(next.stage, first.stage) < 0 ? next : first;
  }, undefined)?.one;
}

interface Blocked {
  readonly one: SetObject;
  readonly stage: Stage;
  /** Whether the object itself is made, and none of its pods. */
  readonly arePods: boolean;
}

/** The first that a webhook refuses after its own stage, and up to that of its program; hooks of upgrades where there is no other. */
function blockedObject(set: ObjectSet, webhook: Webhook, first: Stage, last: Stage): Blocked | undefined {
  const blocked = set.all.flatMap((one): Blocked[] => {
    const stage = stageOf(one);
    if (!stage || compareStages(first, stage) >= 0 || compareStages(stage, last) > 0) return [];
    if (isAsked(webhook, ownRequest(set, one, "CREATE")) === true) return [{ one, stage, arePods: false }];
    // what stands in the stage of the program is not waited for before that is made
    const isWaitedFor = compareStages(stage, last) < 0 && startsPods(one);
    const arePods = isWaitedFor && isAsked(webhook, podRequest(set, one, one.namespace)) === true;
    return arePods ? [{ one, stage, arePods }] : [];
  });
  return blocked.find(({ stage }) => !stage.isUpgrades) ?? blocked[0];
}

/** Whether an object is well only once its pods are. */
function startsPods({ kind, object }: SetObject): boolean {
  const template = podTemplate(object);
  if (!template || kind === "CronJob" || kind === "Pod") return false;
  return template.replicas !== 0 && !(kind === "Job" && at(object, "spec", "suspend") === true);
}
