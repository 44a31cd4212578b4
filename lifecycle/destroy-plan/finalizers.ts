/**
 * Objects that do not go because a finalizer stays on them: its controller is dead, or goes before them, or there is none.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 */
import { about, type ClusterScene } from "./cluster-scene";
import type { Controller } from "./controllers";
import { type Finding, some, spelt } from "./finding";
import type { Going } from "./going";
import { outsideControllers } from "./outside-controllers";

/** Finalizers that Kubernetes' own controllers take off, which no stack holds. */
const KUBERNETES: readonly RegExp[] = [
  /^(foregroundDeletion|orphan|kubernetes)$/,
  /^kubernetes\.io\/(pvc|pv)-protection$/,
  /^customresourcecleanup\.apiextensions\.k8s\.io$/,
  /^batch\.kubernetes\.io\/job-tracking$/,
  /^resource\.kubernetes\.io\//,
];

/** Finalizers that the programs of a cloud take off, or those of a storage driver: they are of the cluster, and stay. */
const CLOUD: readonly RegExp[] = [
  /^service\.kubernetes\.io\/load-balancer-cleanup$/,
  /^(service|ingress|elbv2)\.k8s\.aws\//,
  /^(networking\.gke\.io|gke\.networking\.io)\//,
  /^(external-provisioner\.volume\.kubernetes\.io|snapshot\.storage\.kubernetes\.io)\//,
  /^external-attacher\//,
];

/** One finding per object that goes and has finalizers which nobody is known to take off in time. */
export function heldByFinalizers(scene: ClusterScene): Finding[] {
  return scene.going.all.flatMap((going) => {
    const others = (going.object.metadata.finalizers ?? []).filter((one) => !matches(KUBERNETES, one));
    if (others.length === 0) return [];
    const foreign = others.filter((one) => !matches(CLOUD, one));
    return foreign.length > 0 ? held(scene, going, foreign) : cleanedByCloud(scene, going, others);
  });
}

const matches = (patterns: readonly RegExp[], text: string) => patterns.some((pattern) => pattern.test(text));

function held(scene: ClusterScene, going: Going, finalizers: readonly string[]): Finding[] {
  const { object } = going;
  const controllers = scene.controllers.of(object);
  const outside = controllers.length > 0 ? [] : outsideControllers(scene, object);
  const missing = controllers.find(({ state }) => state !== "running");
  const early = controllers.find(({ wave }) => wave !== undefined && wave <= going.wave);
  const isCleared = controllers.length > 0 && !missing && !early;
  const since = object.metadata.deletionTimestamp;
  if (isCleared && since === undefined) return [];
  const waitsFor = `finalizer ${finalizers.join(", ")}`;
  const deleted = since === undefined ? "" : `it is being deleted since ${since}; `;
  if (isCleared || outside.length > 0) {
    const who = outside.length > 0 ? `${some(outside)}, which stays,` : some(controllers.map(({ name }) => name));
    return [about(scene, object, { verdict: "slow", waitsFor, why: `${deleted}${who} must take it off` })];
  }
  const canBeDeletedNow = controllers.length > 0 && !missing && since === undefined;
  const cure = canBeDeletedNow ? scene.commands.delete([object]) : scene.commands.release(object);
  const why = `${deleted}${whyHeld(going, controllers, missing ?? early)}`;
  return [about(scene, object, { verdict: "hangs", waitsFor, why, cure })];
}

function whyHeld(going: Going, controllers: readonly Controller[], culprit: Controller | undefined): string {
  if (!culprit) return `nothing of this stack takes it off, and ${goesWith(going)}`;
  if (culprit.state === "dead") return `${culprit.name}, which takes it off, has no ready pod`;
  if (culprit.state === "simulated") return `${culprit.name}, which takes it off, is only simulated here`;
  const first = Math.min(...controllers.flatMap(({ wave }) => wave ?? []));
  return `${culprit.name}, which takes it off, goes in wave ${first}, and ${goesWith(going)}`;
}

/** `it goes in wave 5 with Namespace shop`. */
function goesWith({ object, way, wave, with: taker }: Going): string {
  return way === "stack" || taker === object
    ? `it goes in wave ${wave}`
    : `it goes in wave ${wave} with ${spelt(taker)}`;
}

/** In the sandbox there is no cloud behind a finalizer of a load balancer. */
function cleanedByCloud(scene: ClusterScene, { object }: Going, finalizers: readonly string[]): Finding[] {
  const waitsFor = `finalizer ${finalizers.join(", ")}`;
  if (scene.isSandbox && object.kind === "Service") {
    const why = "no cloud's controller runs in the sandbox to take it off";
    return [about(scene, object, { verdict: "hangs", waitsFor, why, cure: scene.commands.release(object) })];
  }
  if (object.kind !== "Service") return [];
  const why = "the cloud's controller takes it off once the load balancer is gone, some minutes later";
  return [about(scene, object, { verdict: "slow", waitsFor, why })];
}
