/** L2: Gatekeeper's webhook, behind a real API server and asked directly. */
import { Agent } from "node:https";
import { EXEMPT_NAMESPACES } from "../../components/gatekeeper";
import { type AnyObject, groupOf } from "../../policies/engine/match";
import type { Webhook } from "./admission-cluster";
import { type Answer, difference, errorOf } from "./answer";
import { type ApiServer, type Reply, sent } from "./api-server";
import { each, REQUESTS_AT_ONCE } from "./at-once";
import { canonical } from "./audit-lane";
import { type Lane, onlyForPreviews, withoutConstraint } from "./lane";
import type { Question, Setting } from "./question";

const DENIED = 'admission webhook "validation.gatekeeper.sh" denied the request: ';

const EXEMPT = "its namespace is exempt from Gatekeeper, by design";

/** What both ways to Gatekeeper have in common. */
function excludedFromGatekeeper(question: Question): string | undefined {
  const { namespace } = (question.object.metadata ?? {}) as { namespace?: unknown };
  const isExempt = typeof namespace === "string" && EXEMPT_NAMESPACES.includes(namespace);
  return onlyForPreviews(question) ?? withoutConstraint(question) ?? (isExempt ? EXEMPT : undefined);
}

/**
 * Objects are created by dry run, so that one answer of the API server is good for every constraint. Whether an object
 * gets as far as the webhook is known only once it was sent: {@link meet} comes first.
 */
export class AdmissionLane implements Lane {
  readonly name = "admission";
  readonly program = "Gatekeeper's webhook behind a real API server";
  private readonly replies = new Map<string, Reply>();

  /** @param witness says whether an answer that differs is that of the object as the API server has filled it */
  constructor(
    private readonly server: ApiServer,
    private readonly witness: Lane,
  ) {}

  /** Sends every object that may reach the webhook. */
  async meet(questions: readonly Question[], said: (done: number, all: number) => void = () => {}): Promise<void> {
    const asked = questions.filter((question) => notCreated(question) === undefined);
    const objects = [...new Map(asked.map(({ object }) => [canonical(object), object]))];
    await each(objects, REQUESTS_AT_ONCE, async ([key, object], index) => {
      this.replies.set(key, await this.server.create(object, true));
      if (index % 100 === 0) said(index, objects.length);
    });
  }

  excluded(question: Question): string | undefined {
    const reason = notCreated(question);
    if (reason !== undefined) return reason;
    const reply = this.replies.get(canonical(question.object));
    return reply && refusalOf(reply);
  }

  async ask(questions: readonly Question[]): Promise<Answer[]> {
    const answers = questions.map(({ object, setting }) => {
      const reply = this.replies.get(canonical(object));
      if (!reply) return errorOf("the API server was not asked");
      const { message = "" } = reply.body as { message?: string };
      return reply.status < 300 ? denialBy(setting, "") : denialBy(setting, message.slice(DENIED.length));
    });
    const told = await this.witness.ask(questions);
    const differing = questions.flatMap((question, index) => {
      const [own, other] = [answers[index], told[index]];
      return own && other && own.verdict === "deny" && difference(own, other) ? [{ question, own, index }] : [];
    });
    const filled = await Promise.all(differing.map(({ question }) => this.filled(question)));
    const again = await this.witness.ask(filled);
    differing.forEach(({ own, index }, at) => {
      const other = again[at];
      if (other && difference(own, other) === undefined) answers[index] = { ...own, isOfFilled: true };
    });
    return answers;
  }

  /** The object as webhooks see it: with defaults, and with fields that the API server keeps alike. */
  private async filled(question: Question): Promise<Question> {
    const { object } = question;
    const { namespace, ...metadata } = (object.metadata ?? {}) as { namespace?: unknown };
    const [exempt] = EXEMPT_NAMESPACES;
    // in an exempt namespace it is filled and not judged
    const { status, body } = await this.server.create(
      { ...object, metadata: { ...metadata, namespace: exempt } },
      true,
    );
    if (status >= 300) return question;
    const kept = body as unknown as AnyObject;
    return { ...question, object: { ...kept, metadata: { ...(kept.metadata as object), namespace } } };
  }

  async stop(): Promise<void> {}
}

function notCreated(question: Question): string | undefined {
  const excluded = excludedFromGatekeeper(question);
  if (excluded !== undefined) return excluded;
  return question.form === "stored" ? "it is not created but there: the webhook is asked of its update" : undefined;
}

/** Why the API server itself refuses the object, which no webhook then sees; undefined where it does not. */
function refusalOf({ status, body }: Reply): string | undefined {
  const { message = "", reason = "" } = body as { message?: string; reason?: string };
  if (status < 300 || message.startsWith(DENIED)) return undefined;
  if (status === 404) return "the API server has no such kind, or no such version of it";
  if (status === 409) return "the API server holds an object of the name";
  if (status === 422) return "the API server refuses the object as invalid";
  if (status === 400) return "the API server cannot read the object: a field is unknown, or has another type";
  return `the API server refuses the object: ${status} ${reason}`;
}

/**
 * The same program, asked as the API server asks it: also of what the API server would not have let through to it, and of
 * updates.
 */
export class WebhookLane implements Lane {
  readonly name = "webhook";
  readonly program = "Gatekeeper's webhook, asked as the API server asks it";
  private readonly agent: Agent;

  constructor(
    private readonly webhook: Webhook,
    private readonly server: ApiServer,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 8, ca: webhook.ca, servername: webhook.serverName });
  }

  excluded(question: Question): string | undefined {
    return excludedFromGatekeeper(question);
  }

  async ask(questions: readonly Question[]): Promise<Answer[]> {
    const replies = new Map<string, Promise<Reply>>();
    const answers: Answer[] = [];
    await each(questions, REQUESTS_AT_ONCE, async (question, index) => {
      const key = `${question.form === "stored"} ${canonical(question.object)}`;
      const reply = replies.get(key) ?? this.review(question);
      replies.set(key, reply);
      answers[index] = await reply.then(({ body }) => answerOf(question.setting, body), errorOf);
    });
    return answers;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
  }

  private async review({ object, form }: Question): Promise<Reply> {
    const { apiVersion, kind, metadata } = object;
    const group = groupOf(apiVersion);
    const version = apiVersion.slice(group === "" ? 0 : group.length + 1);
    const { name, namespace } = (metadata ?? {}) as { name?: unknown; namespace?: unknown };
    const isUpdate = form === "stored";
    const within = (await this.server.namespaced(object)) === false ? undefined : namespaceOf(namespace);
    const request = {
      uid: "5d1f6b5c-6d5e-4b8e-9a55-0c7c1c1b9a10",
      kind: { group, version, kind },
      resource: { group, version, resource: `${kind.toLowerCase()}s` },
      name: typeof name === "string" ? name : "",
      ...(within === undefined ? {} : { namespace: within }),
      operation: isUpdate ? "UPDATE" : "CREATE",
      userInfo: { username: "conformance" },
      object,
      ...(isUpdate ? { oldObject: object } : {}),
      dryRun: true,
    };
    const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request };
    return sent(this.webhook.url, { agent: this.agent, method: "POST" }, review);
  }
}

/** Gatekeeper looks the namespace up, so that it must be one that may be there. */
const namespaceOf = (namespace: unknown) =>
  typeof namespace === "string" && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace) ? namespace : "default";

function answerOf(setting: Setting, body: object): Answer {
  const { response } = body as { response?: { allowed: boolean; status?: { message?: string; reason?: string } } };
  if (!response) return errorOf(`the webhook answered ${JSON.stringify(body)}`);
  const { message = "", reason } = response.status ?? {};
  if (response.allowed) return denialBy(setting, "");
  return reason === "Forbidden" ? denialBy(setting, message) : errorOf(message);
}

/** What one constraint says in a message that holds those of all: `[im-03-1] spec.containers[0].image is …`. */
function denialBy({ set }: Setting, message: string): Answer {
  const prefix = `[${set}] `;
  const own = message.split("\n").filter((line) => line.startsWith(prefix));
  const messages = own.map((line) => line.slice(prefix.length)).sort();
  return messages.length > 0 ? { verdict: "deny", messages } : { verdict: "allow", messages };
}
