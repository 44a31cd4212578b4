/** A site with comments on this machine: a real HTTP server that keeps what it is sent. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment as both sites have it, as far as it is read. */
export interface Kept {
  readonly id: number;
  body: string;
  readonly user?: { readonly type: string };
  readonly author_association?: string;
  readonly author?: { readonly id: number };
}

interface Failure {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** The token that the site knows. */
export const TOKEN = "token-CANARY-4711";

export class CommentSite {
  readonly comments: Kept[] = [];
  readonly calls: string[] = [];
  /** Answers that come before the site's own. */
  readonly failures: Failure[] = [];
  private server: Server | undefined;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      read(request).then((body) => {
        const { method = "", url = "" } = request;
        this.calls.push(`${method} ${url}`);
        const failure = this.failures.shift();
        const known = [request.headers.authorization, request.headers["private-token"]].some((value) =>
          value?.toString().endsWith(TOKEN),
        );
        const answer =
          failure ??
          (known
            ? this.answer(method, url, body)
            : { status: 401, body: { message: `bad token ${request.headers.authorization}` } });
        response.writeHead(answer.status, answer.headers);
        response.end(JSON.stringify(answer.body ?? {}));
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private answer(method: string, url: string, sent: { body?: string }): Failure {
    const { pathname, searchParams } = new URL(url, "http://here");
    if (pathname.endsWith("/user")) return { status: 200, body: { id: 7 } };
    if (method === "GET") {
      const size = Number(searchParams.get("per_page"));
      const from = (Number(searchParams.get("page")) - 1) * size;
      return { status: 200, body: this.comments.slice(from, from + size) };
    }
    if (method === "POST") {
      const made = {
        id: this.comments.length + 1,
        body: sent.body ?? "",
        user: { type: "Bot" },
        author: { id: 7 },
        html_url: "https://site/1",
      };
      this.comments.push(made);
      return { status: 201, body: made };
    }
    const one = this.comments.find(({ id }) => pathname.endsWith(`/${id}`));
    if (!one) return { status: 404, body: { message: "Not Found" } };
    one.body = sent.body ?? "";
    return { status: 200, body: one };
  }
}

async function read(request: IncomingMessage): Promise<{ body?: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString("utf8")) as { body?: string }) : {};
}
