/** One stack: the engine's plan, the rules' verdicts on it, and what its clusters say to it. */
import { policyParameters } from "../../stacks/policy-parameters";
import type { ProjectStack } from "../project-stacks";
import { changesOf, type PlannedObject, plannedObjects } from "./changes";
import { DesiredObjects, redacted } from "./desired";
import { askCluster, type LiveAnswers } from "./live-answers";
import { type PlanArgs, plan } from "./plan";
import { addCounts, type Change, type ClusterPreview, type Counts, NO_COUNTS, type StackPreview } from "./report";
import { tenantLabel, tenantsTouched } from "./tenants";
import { notesOf, notKnownOf } from "./told";
import { exemptionsOf, verdictsOf } from "./verdicts";

/** Line that does the same in a shell, as `fleetwright env` and the engine take it. */
export const commandOf = ({ environment, stack }: Pick<ProjectStack, "environment" | "stack">): string =>
  `eval "$(fleetwright env ${environment.file.startsWith("environments/") ? environment.name : environment.file} --stack ${stack})" && pulumi preview`;

/**
 * Previews one stack. What goes wrong is told in the report, so that other stacks are seen as well.
 *
 * @throws ToolError when the pinned tools are not installed
 */
export async function previewStack(asked: ProjectStack & PlanArgs): Promise<StackPreview> {
  const { clusters, environment, root, say, stack } = asked;
  const began = Date.now();
  const parameters = policyParameters(environment);
  const { error, run } = await plan(asked);
  const objects = plannedObjects(run, environment);
  const desired = clusters.length > 0 ? new DesiredObjects(environment, stack, clusters) : undefined;
  const secrets = desired?.secrets() ?? [];
  const changing = objects.filter(({ resource }) => resource.operation !== "unchanged");
  const told = new Map<string, LiveAnswers>();
  let done = 0;
  await Promise.all(
    clusters.map(async (cluster) => {
      const own = changing.filter(({ name }) => name.cluster === cluster);
      const answers = await askCluster({
        environment,
        root,
        cluster,
        objects: own,
        desired,
        say: () => say(`admission: ${++done} of ${changing.length} objects`),
      });
      told.set(cluster, answers);
    }),
  );
  const verdicts = verdictsOf(run, environment, parameters);
  const found = changesOf(run, objects, {
    verdicts,
    answers: new Map(
      [...told].flatMap(([cluster, one]) => ("answers" in one ? [[cluster, one.answers] as const] : [])),
    ),
    dependents: new Map([...told.values()].flatMap((one) => ("answers" in one ? [...one.dependents] : []))),
    isGenerated: (name) => desired?.isGenerated(name) ?? false,
  });
  const changes = found.changes.map((change) => withoutSecrets(change, secrets));
  const previews = clusters.map((cluster) => clusterPreview(cluster, changes, objects, told.get(cluster)));
  const labels = new Map(
    objects.flatMap(({ resource }) => {
      const label = tenantLabel(resource.new?.inputs) ?? tenantLabel(resource.old?.inputs);
      return label === undefined ? [] : [[resource.urn, label] as const];
    }),
  );
  return {
    stack,
    environment: environment.name,
    command: commandOf(asked),
    outcome: error === undefined ? "previewed" : "failed",
    ...(error === undefined ? {} : { error: redacted(error, secrets) }),
    seconds: Math.round((Date.now() - began) / 100) / 10,
    clusters: previews,
    counts: addCounts([...previews.map(({ counts }) => counts), countsOf(changes, objects, undefined)]),
    changes,
    tenants: tenantsTouched(environment, changes, labels),
    policies: verdicts.map(({ urn: _, ...verdict }) => ({ ...verdict, message: redacted(verdict.message, secrets) })),
    exemptions: exemptionsOf(run),
    notKnown: notKnownOf({ changes, clusters: previews, error, run, told }).map((text) => redacted(text, secrets)),
    notes: notesOf(run, verdicts).map((text) => redacted(text, secrets)),
    noise: found.noise,
  };
}

function clusterPreview(
  cluster: string,
  changes: readonly Change[],
  objects: readonly PlannedObject[],
  told: LiveAnswers | undefined,
): ClusterPreview {
  const answers = told && "answers" in told ? told.answers : undefined;
  const refused = answers?.refused.size ?? 0;
  return {
    cluster,
    counts: countsOf(changes, objects, cluster),
    reached: answers !== undefined,
    admission: { asked: answers?.asked ?? 0, refused, notAsked: answers?.notAsked ?? [] },
  };
}

/** Objects of one cluster, or of none, by what is done to them; those that are hidden count as what the engine calls them. */
function countsOf(changes: readonly Change[], objects: readonly PlannedObject[], cluster: string | undefined): Counts {
  const counts = { ...NO_COUNTS };
  const own = changes.filter((change) => change.cluster === cluster);
  for (const { operation } of own) counts[operation] += 1;
  const changed = new Set(own.map(({ urn }) => urn));
  counts.unchanged += objects.filter(
    ({ name, resource }) => name.cluster === cluster && !changed.has(resource.urn),
  ).length;
  return counts;
}

function withoutSecrets(change: Change, secrets: readonly string[]): Change {
  if (secrets.length === 0) return change;
  const clean = (text: string) => redacted(text, secrets);
  return {
    ...change,
    refusals: change.refusals.map((refusal) => ({ ...refusal, message: clean(refusal.message) })),
    fields: change.fields.map(({ from, to, ...field }) => ({
      ...field,
      ...(from === undefined ? {} : { from: clean(from) }),
      ...(to === undefined ? {} : { to: clean(to) }),
    })),
  };
}
