/** One Git repository behind HTTPS on loopback, served by Git's own program. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { stringify } from "yaml";

/** Whose words a host of Git hands on to Git, by the names that CGI has for them. */
const HANDED_ON = {
  CONTENT_TYPE: "content-type",
  HTTP_CONTENT_ENCODING: "content-encoding",
  GIT_PROTOCOL: "git-protocol",
};

export class GitHost {
  private server: Server | undefined;
  private port = 0;

  /** @param folder an empty one */
  constructor(private readonly folder: string) {}

  /** Whoever trusts this file trusts the host. */
  get certificate(): string {
    return join(this.folder, "tls.crt");
  }

  /** Address of the repository, once it is served. */
  get url(): string {
    return `https://127.0.0.1:${this.port}/shop.git`;
  }

  /** Makes the repository, with branch `main` and nothing in it, and serves it. */
  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tls.key", "-days", "1"];
    const name = ["-subj", "/CN=git host", "-addext", "subjectAltName=IP:127.0.0.1"];
    this.run("openssl", "req", "-x509", ...key, "-out", "tls.crt", ...name);
    this.run("git", "init", "--quiet", "--bare", "--initial-branch=main", "shop.git");
    this.run("git", "clone", "--quiet", "shop.git", "tree");
    const [cert, tlsKey] = ["tls.crt", "tls.key"].map((file) => readFileSync(join(this.folder, file)));
    const server = createServer({ cert, key: tlsKey }, (request, response) => this.answer(request, response));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Makes the files of folders what is given, each object in a file of its own. @returns the commit */
  commit(folders: Readonly<Record<string, readonly object[]>>): string {
    for (const [folder, objects] of Object.entries(folders)) {
      rmSync(join(this.folder, "tree", folder), { recursive: true, force: true });
      for (const [index, object] of objects.entries()) {
        const file = join(this.folder, "tree", folder, `${index}.yaml`);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, stringify(object));
      }
    }
    const git = (...words: string[]) => this.run("git", "-C", "tree", ...words);
    git("add", "--all");
    git("-c", "user.name=shop", "-c", "user.email=shop@acme.example", "commit", "--quiet", "--message=change");
    git("push", "--quiet", "origin", "HEAD:main");
    return git("rev-parse", "HEAD").trim();
  }

  async stop(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise<void>((closed) => (server ? server.close(() => closed()) : closed()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://127.0.0.1");
    const handedOn = Object.entries(HANDED_ON).flatMap(([variable, header]) => {
      const value = request.headers[header];
      return typeof value === "string" ? [[variable, value]] : [];
    });
    const env = {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: this.folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      ...Object.fromEntries(handedOn),
    };
    const backend = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
    request.pipe(backend.stdin);
    const parts: Buffer[] = [];
    backend.stdout.on("data", (part: Buffer) => parts.push(part));
    backend.once("close", () => {
      const said = Buffer.concat(parts);
      const end = said.indexOf("\r\n\r\n");
      for (const line of said.subarray(0, end).toString().split("\r\n")) {
        const [header = "", value = ""] = line.split(": ", 2);
        if (header === "Status") response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(header, value);
      }
      response.end(said.subarray(end + 4));
    });
  }

  private run(program: string, ...words: string[]): string {
    const { status, stderr, stdout } = spawnSync(program, words, { cwd: this.folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
    return stdout;
  }
}
