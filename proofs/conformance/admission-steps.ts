/** What a run does with a cluster: what an API server makes of the objects, then Gatekeeper in its way. */
import type { AnyObject } from "../../policies/engine/match";
import type { AdmissionCluster } from "./admission-cluster";
import { AdmissionLane, WebhookLane } from "./admission-lane";
import { each, REQUESTS_AT_ONCE } from "./at-once";
import { canonical } from "./audit-lane";
import { Chance } from "./chance";
import type { Lane } from "./lane";
import type { CaseOfRule, Question } from "./question";
import type { RunArgs, Step } from "./run-args";
import type { StoredObject } from "./stored-form";

/** Seconds on an idle machine of two cores. */
const SECONDS = { cluster: 30, gatekeeper: 60, object: 0.02 };
/** Share of a sample that is the forms of an API server. */
const STORED_SHARE = 0.1;

/** The cases whose objects an API server is asked for: all, or as few as a sample needs. */
export function casesToStore(cases: readonly CaseOfRule[], { sample, seed }: RunArgs): CaseOfRule[] {
  const known = cases.filter(({ one }) => one.unknown.length === 0);
  if (sample === undefined) return known;
  return new Chance(`${seed} stored`).some(known, Math.ceil(sample * STORED_SHARE));
}

/** Creates each object by dry run, while nothing but the API server judges. */
export async function storedObjects(
  cluster: AdmissionCluster,
  cases: readonly CaseOfRule[],
  step: Step,
): Promise<StoredObject> {
  const start = () => cluster.start();
  await step("API server", SECONDS.cluster, start, () => "ready, with the definitions of the platform");
  const objects = [...new Map(cases.map(({ one }) => [canonical(one.object), one.object as AnyObject]))];
  const kept = new Map<string, AnyObject>();
  const ask = async () => {
    await cluster.makeNamespaces(objects.map(([, object]) => object));
    const server = await cluster.apiServer();
    await each(objects, REQUESTS_AT_ONCE, async ([key, object]) => {
      const { status, body } = await server.create(object, true);
      if (status < 300) kept.set(key, body as unknown as AnyObject);
    });
  };
  await step(
    "stored forms",
    objects.length * SECONDS.object,
    ask,
    () => `${kept.size} of ${objects.length} objects taken`,
  );
  return (object) => kept.get(canonical(object));
}

/** Puts Gatekeeper in the way of all that is asked, and sends it there. */
export async function admissionLanes(
  cluster: AdmissionCluster,
  questions: readonly Question[],
  witness: Lane,
  step: Step,
): Promise<Lane[]> {
  const server = await cluster.apiServer();
  const admission = new AdmissionLane(server, witness);
  const gated = questions.filter(({ setting: { rule } }) => rule.points.includes("admission"));
  const settings = [...new Set(gated.map(({ setting }) => setting))];
  const webhook = await step(
    "Gatekeeper",
    SECONDS.gatekeeper,
    async () => {
      await cluster.makeNamespaces(gated.map(({ object }) => object));
      return cluster.guard(settings);
    },
    () => `enforces ${new Set(settings.map(({ set }) => set)).size} constraints`,
  );
  await step(
    "objects to the API server",
    gated.length * SECONDS.object,
    (say) => admission.meet(gated, (done, all) => say(`${done} of ${all} sent`, done / all)),
    () => "sent",
  );
  return [admission, new WebhookLane(webhook, server)];
}
