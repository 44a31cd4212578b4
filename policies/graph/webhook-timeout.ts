/** Whoever asks a webhook has an answer within seconds. */
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { configurationsOf, webhooksOf } from "./webhook";

/** What the API takes where nothing is said, and about what leaders have to renew their lease. */
const MOST_SECONDS = 10;

export const webhookTimeout: GraphJudge = {
  subject: "validating and mutating webhook configurations",
  looksAt: configurationsOf,
  find: (set) =>
    webhooksOf(set).flatMap((webhook): GraphFinding[] => {
      const { configuration, fields, path, timeoutSeconds } = webhook;
      if (timeoutSeconds <= MOST_SECONDS) return [];
      const { failsClosed, name } = webhook;
      const field = `${path}.timeoutSeconds`;
      const said = fields.timeoutSeconds === undefined ? "is not said, so 30" : `is ${timeoutSeconds}`;
      const then = failsClosed ? "before it is refused" : "before it goes on without an answer";
      const message =
        `${field} ${said}: while ${name} does not answer, each request that it judges waits that long ${then}; leaders that ` +
        `renew their lease and most clients give up earlier. Say at most ${MOST_SECONDS}`;
      return [{ on: configuration, verdict: "deny", path: field, message }];
    }),
};
