/** What a preview must say in words: what it could not know, and what the program had to say. */

import { CANNOT_RUN } from "../policy-finding";
import { placed } from "./changes";
import type { LiveAnswers } from "./live-answers";
import { logicalName } from "./object-name";
import type { Change, ClusterPreview } from "./report";
import type { PlannedRun } from "./steps";
import type { FoundVerdict } from "./verdicts";

interface Known {
  readonly changes: readonly Change[];
  readonly clusters: readonly ClusterPreview[];
  readonly error: string | undefined;
  readonly run: PlannedRun;
  readonly told: ReadonlyMap<string, LiveAnswers>;
}

/** API groups whose objects are what admission judges by. */
const JUDGING = /^(admissionregistration\.k8s\.io|templates\.gatekeeper\.sh|constraints\.gatekeeper\.sh)\//;

/** One sentence for each thing that nobody knows; an empty list means that all was asked. */
export function notKnownOf({ changes, clusters, error, run, told }: Known): string[] {
  const unknown = changes.filter((change) => change.unknown.length > 0 && change.operation !== "refused");
  return [
    ...(error === undefined
      ? []
      : ["the engine did not come to its end: what it would have come to afterwards is missing here"]),
    ...run.resources
      .filter(({ failed, operation }) => failed && operation === "create")
      .map(
        ({ urn }) => `${logicalName(urn)} cannot be previewed, and what needs it was left out of this preview with it`,
      ),
    ...(run.judged || run.resources.length === 0 ? [] : ["no policy pack judged: rules were not asked at all"]),
    ...clusters.flatMap(({ cluster }) => {
      const answers = told.get(cluster);
      return answers && "silence" in answers ? [unreached(cluster, answers.silence)] : [];
    }),
    ...clusters.flatMap(({ admission, cluster }) =>
      admission.notAsked.map(
        ({ objects, reason }) => `cluster ${cluster}: admission was not asked about ${count(objects)}: ${reason}`,
      ),
    ),
    ...clusters.flatMap(({ admission, cluster }) => {
      const judging = changes.filter(
        (change) => change.cluster === cluster && JUDGING.test(change.apiVersion) && !change.hidden,
      );
      return judging.length > 0 && admission.asked > 0
        ? [
            `cluster ${cluster}: ${count(judging.length)} of the change are what admission judges by: it answered as it is before the change`,
          ]
        : [];
    }),
    ...unknown.map((change) => `${placed(change)}: not known before \`up\`: ${change.unknown.join(", ")}`),
  ];
}

const unreached = (cluster: string, why: string) =>
  `cluster ${cluster} cannot be reached (${why}): compared with the last known state only; its admission was not asked, and changes made by hand do not show`;

const count = (objects: number) => `${objects} ${objects === 1 ? "object" : "objects"}`;

/** Said in other words already: by the cluster's own line, or by what of an object was refused. */
const SAID = /^cluster \S+ cannot be reached \(/;

/** Warnings of the program and errors that belong to no object, each once. */
export function notesOf({ diagnostics }: PlannedRun, verdicts: readonly FoundVerdict[]): string[] {
  const judged = new Set(verdicts.map(({ message }) => message));
  const notes = diagnostics
    .filter(({ message, severity }) => severity === "warning" && !SAID.test(message) && !CANNOT_RUN.test(message))
    .map(({ message }) => message.trim())
    .filter((message) => !judged.has(message));
  return [...new Set(notes)];
}
