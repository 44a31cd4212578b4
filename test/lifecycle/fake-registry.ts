/** An image registry on 127.0.0.1: manifests by path, behind an anonymous token where wanted. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeImage {
  readonly manifest: string;
  /** What `Docker-Content-Digest` says. @default the manifest's own digest; null: no such header */
  readonly digestHeader?: string | null;
}

export class FakeRegistry {
  readonly requests: string[] = [];
  /** Answers every manifest request with this status. */
  status: number | undefined;
  /** Never answers. */
  silent = false;
  /** What a manifest request without the token is answered with; `{registry}` is this registry's origin. */
  challenge: string | undefined;
  /** What the token endpoint answers. */
  tokenAnswer: object = { token: "let-me-in" };
  private readonly server = createServer((request, response) => this.answer(request, response));

  constructor(private readonly images: Readonly<Record<string, FakeImage>>) {}

  /** @returns host and port */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this.host;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse) {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.silent) return;
    if (request.url?.startsWith("/token")) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(this.tokenAnswer));
      return;
    }
    if (this.challenge !== undefined && request.headers.authorization !== "Bearer let-me-in") {
      const challenge = this.challenge.replace("{registry}", `http://${this.host}`);
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    const image = this.images[request.url ?? ""];
    const asksForIndex = request.headers.accept?.includes("application/vnd.oci.image.index.v1+json");
    if (this.status !== undefined || !image || !asksForIndex) {
      response.writeHead(this.status ?? 404).end();
      return;
    }
    const digest = image.digestHeader === undefined ? digestOfText(image.manifest) : image.digestHeader;
    response.writeHead(200, digest === null ? {} : { "docker-content-digest": digest });
    response.end(request.method === "HEAD" ? undefined : image.manifest);
  }
}

export function digestOfText(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
