/** What sites that hold pull requests have in common: comments, a token, and answers that may be late. */
import { setTimeout as sleep } from "node:timers/promises";

/** A comment that could not be written, as a sentence; it never holds the token. */
export class CommentError extends Error {
  override readonly name = "CommentError";
}

/** What was done. */
export interface Upserted {
  readonly outcome: "created" | "edited";
  /** Address for people, where the site says one. */
  readonly url?: string;
}

/** Attempts of one call, and the longest wait between two, in milliseconds. */
const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 30_000;
/** Longest wait for one answer, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** The REST interface of a site. */
export class CommentApi {
  /**
   * @param base such as `https://api.github.com`; plain HTTP on this machine only
   * @param headers with the token
   * @param token what must not stand in any message
   * @throws CommentError when the token would cross a network unencrypted
   */
  constructor(
    readonly base: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly token: string,
  ) {
    const { hostname, protocol } = parseUrl(base);
    const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
    if (protocol !== "https:" && !(protocol === "http:" && isHere)) {
      throw new CommentError(`${base}: must be https, else the token could be read on its way`);
    }
  }

  /**
   * @returns the answer as JSON, and its headers
   * @throws CommentError with the site's sentence
   */
  async call<T>(
    method: "GET" | "POST" | "PATCH" | "PUT",
    path: string,
    body?: object,
  ): Promise<{ value: T; headers: Headers }> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.once(method, path, body);
      if (answer instanceof Response && answer.ok)
        return { value: (await answer.json()) as T, headers: answer.headers };
      const said = answer instanceof Response ? `${answer.status} ${sentence(await answer.text())}` : answer.message;
      const isPassing =
        !(answer instanceof Response) ||
        answer.status >= 500 ||
        answer.status === 429 ||
        answer.headers.has("retry-after");
      // what was sent may have arrived although nothing came back: a comment must not be made twice
      const isRepeatable = method !== "POST" || (answer instanceof Response && answer.status === 429);
      if (attempt >= ATTEMPTS || !isPassing || !isRepeatable)
        throw new CommentError(this.clean(`${method} ${path}: ${said}`));
      const asked =
        answer instanceof Response ? Number(answer.headers.get("retry-after") ?? Number.NaN) * 1000 : Number.NaN;
      await sleep(Math.min(LONGEST_PAUSE_MS, Number.isNaN(asked) ? 500 * 2 ** attempt : asked));
    }
  }

  private async once(method: string, path: string, body?: object): Promise<Response | Error> {
    try {
      return await fetch(`${this.base}${path}`, {
        method,
        headers: { ...this.headers, "content-type": "application/json", "user-agent": "fleetwright" },
        // an address that leads elsewhere gets no token
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { message?: string } };
      return new Error(cause?.message ?? message);
    }
  }

  private clean(text: string): string {
    return text.replaceAll(this.token, "[token]").replaceAll(encodeURIComponent(this.token), "[token]");
  }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new CommentError(`"${text}" is no URL`);
  }
}

/** What a site says in JSON, else its first line. */
function sentence(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { message?: unknown; error?: unknown };
    return [message, error]
      .filter((one) => one !== undefined)
      .map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
      .join(": ")
      .slice(0, 300);
  } catch {
    return body.split("\n")[0]?.slice(0, 300) ?? "";
  }
}

/** A variable of the job. @throws CommentError naming it */
export function required(variables: NodeJS.ProcessEnv, names: readonly string[], what: string): string {
  const found = names.map((name) => variables[name]).find((value) => value !== undefined && value !== "");
  if (found === undefined) throw new CommentError(`${names.join(" or ")} is not set: ${what}`);
  return found;
}
