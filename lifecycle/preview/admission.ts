/**
 * What the API server would say to a change. The provider asks it too, and keeps quiet about what is forbidden: so each
 * object is asked about here, by a dry run, and what is refused is refused in the API server's own words.
 */
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../components/kube-object";
import { ClusterUnreachable, type LiveCluster, type Trial } from "../../stacks/live-cluster";
import { type AnswerKind, answerOf, isMisfit } from "./answer";
import type { NotAsked, ObjectName } from "./report";
import { misfitsStill, type SchemaChange } from "./schema-change";

/** An object to ask about. */
export interface Question {
  readonly urn: string;
  readonly name: ObjectName;
  readonly operation: "create" | "update" | "replace" | "delete";
  /** As it will be; undefined where it holds what is not known here. */
  readonly object?: KubeObject;
  /** Under which name its fields are owned; undefined where nobody can tell, and fields are then taken over. */
  readonly fieldManager?: string;
  /** Whether fields of other owners are taken over. @default no */
  readonly force?: boolean;
  /** Where the definition of its kind changes before it. @default it does not */
  readonly schemaChange?: SchemaChange;
}

/** What came of some questions. */
export interface Answers {
  /** By URN, the API server's words. */
  readonly refused: ReadonlyMap<string, string>;
  /** URNs of updates after which the object would be what it is. */
  readonly withoutEffect: ReadonlySet<string>;
  readonly asked: number;
  readonly notAsked: readonly NotAsked[];
}

/** Questions that are under way at once: an API server lets some hundred requests in, of which others want some. */
const AT_ONCE = 8;

/** How long one cluster is asked, in milliseconds; what was not asked by then is told. */
const LONGEST_MS = 120_000;

/** After as many questions in a row without an answer the API server is left alone. */
const MOST_SILENCE = 3;

interface Places {
  readonly namespaces: ReadonlySet<string>;
  /** API groups that another program answers for, as `group/version`. */
  readonly aggregated: ReadonlySet<string>;
}

/**
 * Asks about each object in turn.
 *
 * @param say is told how many of them were asked
 * @throws ClusterUnreachable when the cluster does not even say which namespaces it has
 */
export async function askAdmission(
  live: LiveCluster,
  questions: readonly Question[],
  say: (done: number) => void = () => {},
): Promise<Answers> {
  const places = await readPlaces(live);
  const refused = new Map<string, string>();
  const withoutEffect = new Set<string>();
  const reasons = new Map<string, NotAsked>();
  const end = Date.now() + LONGEST_MS;
  let [asked, silent, done] = [0, 0, 0];
  const one = async (question: Question) => {
    const isLate = Date.now() > end || silent >= MOST_SILENCE;
    const answer: AnswerKind = isLate
      ? { kind: "notAsked", reason: `the API server took too long over the others (${LONGEST_MS / 1000} s at most)` }
      : await ask(live, question, places);
    silent = answer.kind === "silent" ? silent + 1 : 0;
    if (answer.kind === "refused") refused.set(question.urn, answer.message);
    if (answer.kind === "same") withoutEffect.add(question.urn);
    if (answer.kind === "notAsked" || answer.kind === "silent") {
      const { reason } = answer;
      const isExpected = answer.kind === "notAsked" && answer.isExpected === true;
      reasons.set(reason, { reason, objects: (reasons.get(reason)?.objects ?? 0) + 1, isExpected });
    } else asked += 1;
    done += 1;
    say(done);
  };
  const waiting = [...questions];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await one(next);
    }),
  );
  const notAsked = [...reasons.values()].sort((a, b) => b.objects - a.objects);
  return { refused, withoutEffect, asked, notAsked };
}

async function readPlaces(live: LiveCluster): Promise<Places> {
  interface List<T> {
    readonly items: readonly T[];
  }
  interface Service {
    readonly spec: { readonly group?: string; readonly version: string; readonly service?: object | null };
  }
  const [namespaces, services] = await Promise.all([
    live.get<List<{ readonly metadata: { readonly name: string } }>>("/api/v1/namespaces", "metadata"),
    live.get<List<Service>>("/apis/apiregistration.k8s.io/v1/apiservices").catch(() => undefined),
  ]);
  const others = (services?.items ?? []).filter(({ spec }) => spec.service);
  return {
    namespaces: new Set((namespaces?.items ?? []).map(({ metadata }) => metadata.name)),
    aggregated: new Set(others.map(({ spec }) => `${spec.group}/${spec.version}`)),
  };
}

async function ask(live: LiveCluster, question: Question, places: Places): Promise<AnswerKind> {
  const { name, operation } = question;
  const none = (reason: string): AnswerKind => ({ kind: "notAsked", reason });
  const notYet = (reason: string): AnswerKind => ({ kind: "notAsked", reason, isExpected: true });
  if (places.aggregated.has(name.apiVersion))
    return none("another program serves its kind, and need not know dry runs");
  if (name.namespace !== "" && !places.namespaces.has(name.namespace))
    return notYet("its namespace does not exist yet");
  try {
    const path = await live.pathOf(name.apiVersion, name.kind, name.namespace || undefined);
    if (path === undefined) return notYet("its kind does not exist yet");
    if (operation === "delete") return answerOf(await live.tryOut("DELETE", `${path}/${name.name}`), operation);
    const now = operation === "update" ? await live.get<KubeObject>(`${path}/${name.name}`) : undefined;
    if (operation === "update" && !now) return { kind: "refused", message: GONE };
    if (!question.object) return none("it holds values that are not known here");
    const trial = await tryOut(live, path, { ...question, object: question.object }, now);
    const answer = answerOf(trial, operation);
    if (answer.kind === "refused" && mayFit(answer.message, question))
      return notYet("it does not fit the schema that its kind has now, and the schema changes before it");
    const isSame = now && trial.object && isDeepStrictEqual(content(now), content(trial.object));
    return answer.kind === "accepted" && isSame ? { kind: "same" } : answer;
  } catch (error) {
    if (error instanceof ClusterUnreachable)
      return { kind: "silent", reason: `the API server did not answer: ${error.message}` };
    throw error;
  }
}

/** Whether an object is refused only for a schema that changes before it. */
function mayFit(message: string, { name, schemaChange }: Question): boolean {
  const version = name.apiVersion.split("/").at(-1) ?? "";
  return schemaChange !== undefined && isMisfit(message) && !misfitsStill(message, schemaChange, version);
}

/** The provider reads an object before it changes it, and fails where there is none. */
const GONE = "it is not in the cluster any more, so it cannot be changed: `pulumi up --refresh` makes it again";

function tryOut(
  live: LiveCluster,
  path: string,
  { fieldManager, force, object, operation }: Question & { readonly object: KubeObject },
  now: KubeObject | undefined,
): Promise<Trial> {
  // as if the old one were gone: that it is there is told last, after admission
  if (operation === "replace") return live.tryOut("POST", path, { object });
  const place = `${path}/${object.metadata.name}`;
  const manager = fieldManager ?? "fleetwright-preview";
  if (now && object.kind === "CustomResourceDefinition") {
    // the provider puts a whole definition in the place of another, and applies everything else
    const { resourceVersion } = now.metadata as { readonly resourceVersion?: string };
    const whole = { ...object, metadata: { ...object.metadata, resourceVersion } };
    return live.tryOut("PUT", place, { object: whole, parameters: { fieldManager: manager } });
  }
  const parameters = { fieldManager: manager, force: String(force === true || fieldManager === undefined) };
  return live.tryOut("APPLY", place, { object, parameters });
}

/** An object without what the API server writes down about it, and without what controllers do. */
function content(object: object): object {
  const {
    metadata,
    status: _,
    ...rest
  } = object as { readonly metadata?: Readonly<Record<string, unknown>>; readonly status?: unknown };
  const { generation: _g, managedFields: _m, resourceVersion: _r, ...kept } = metadata ?? {};
  return { ...rest, metadata: kept };
}
