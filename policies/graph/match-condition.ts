/** `matchConditions` of a webhook: whether they let a request through to it. */
import type { ApiRequest, RequestUser } from "./api-request";
import { CelError, type Expression, parseExpression } from "./cel-syntax";
import { evaluate, PartlyKnown, truthOf, UNKNOWN } from "./cel-value";
import { at, listOf, textOf } from "./field";
import type { KnownLabels } from "./label-selector";
import { all, type Truth } from "./truth";

/** Conditions without which a request passes by the webhook; known only where it does not matter who sends it. */
export function meetsConditions(conditions: unknown, request: ApiRequest): Truth {
  const expressions = listOf(conditions).map((condition) => expressionOf(textOf(at(condition, "expression")) ?? ""));
  if (expressions.length === 0) return true;
  const users: readonly (RequestUser | undefined)[] = request.users?.length ? request.users : [undefined];
  const [first, ...others] = users.map((user) => {
    const names = namesOf(request, user);
    return all(...expressions.map((one) => (one ? truthOf(evaluate(one, names)) : undefined)));
  });
  return others.every((other) => other === first) ? first : undefined;
}

const read = new Map<string, Expression | undefined>();

/** Each is read once, however many requests are held against it. */
function expressionOf(text: string): Expression | undefined {
  if (!read.has(text)) {
    try {
      read.set(text, parseExpression(text));
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      read.set(text, undefined);
    }
  }
  return read.get(text);
}

function namesOf(request: ApiRequest, user: RequestUser | undefined): Readonly<Record<string, unknown>> {
  const { group, kind, labels, name, namespace, operation, resource, subresource = "", version } = request;
  // an object of the cluster has none, and of another that says none nobody knows it
  const known = namespace === "" ? UNKNOWN : namespace;
  const metadata = {
    ...(isEmpty(labels) ? {} : { labels: labels.isComplete ? labelsOf(labels) : new PartlyKnown(labels.labels) }),
    ...(namespace === undefined || kind === "Namespace" ? {} : { namespace: known }),
    ...(name === undefined ? {} : { name }),
  };
  // a request for a subresource sends an object of another kind, of which nothing is known
  const sent = subresource === "" ? new PartlyKnown({ ...request.object, metadata }) : UNKNOWN;
  return {
    request: {
      operation,
      namespace: known ?? "",
      kind: { group, version, kind },
      requestKind: { group, version, kind },
      resource: { group, version, resource },
      requestResource: { group, version, resource },
      subResource: subresource,
      requestSubResource: subresource,
      name: name ?? UNKNOWN,
      dryRun: false,
      userInfo: user ? { username: user.username ?? UNKNOWN, groups: user.groups } : UNKNOWN,
    },
    object: operation === "DELETE" ? null : sent,
    oldObject: operation === "CREATE" ? null : sent,
  };
}

/** A map without entries is not sent, so that `has` does not find it. */
const isEmpty = ({ added, isComplete, labels }: KnownLabels) =>
  isComplete && !added?.size && Object.keys(labels).length === 0;

/** Read as they are asked for: whoever needs one that is not known is noted. */
function labelsOf({ added, labels }: KnownLabels): KnownLabels["labels"] {
  if (!added?.size) return labels;
  const values = [...added].map((key) => [key, { enumerable: true, value: UNKNOWN }]);
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(labels), ...Object.fromEntries(values) });
}
