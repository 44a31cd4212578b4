/**
 * The way from kube-apiserver to Services of its cluster, which no cluster network provides here.
 *
 *     kube-apiserver ──CONNECT <cluster IP>:<port>──▶ Unix socket ──▶ host program on 127.0.0.1
 *
 * What cannot be reached is refused at once, with a sentence that the API server passes on to its client.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/
 */
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Duplex } from "node:stream";
import { makePrivateFolder } from "../instance";
import type { Route } from "./service-route";

/** Longest that a connection to a program of this machine takes; more means that it hangs. */
const CONNECT_MS = 2000;

export class EgressProxy {
  private readonly server: Server;
  private readonly open = new Set<Duplex>();

  /**
   * @param socketPath Unix socket to listen on; one that a killed supervisor left is replaced
   * @param route asked for each connection
   */
  constructor(
    private readonly socketPath: string,
    private readonly route: (host: string, port: number) => Route,
  ) {
    this.server = createServer((_, response) => response.writeHead(405).end());
    this.server.on("connect", (request, client) => this.connect(request.url ?? "", client));
  }

  async listen(): Promise<void> {
    await makePrivateFolder(dirname(this.socketPath));
    await rm(this.socketPath, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.socketPath, resolve);
    });
  }

  async close(): Promise<void> {
    for (const client of this.open) client.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    await rm(this.socketPath, { force: true });
  }

  private connect(authority: string, client: Duplex): void {
    this.open.add(client);
    client.once("close", () => this.open.delete(client));
    client.once("error", () => client.destroy());
    const [, host = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(authority) ?? [];
    const route = this.route(host, Number(port));
    if ("refusal" in route) {
      refuse(client, route.refusal);
      return;
    }
    const upstream = connect({ host: "127.0.0.1", port: route.port, timeout: CONNECT_MS });
    upstream.once("connect", () => {
      upstream.setTimeout(0);
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      join(client, upstream);
    });
    upstream.once("timeout", () => upstream.destroy(new Error("timeout")));
    upstream.once("error", () => refuse(client, `${route.program} does not answer on this machine`));
  }
}

/** The end of either side is the end of both, so that no client waits for a program that has died. */
function join(client: Duplex, upstream: Socket): void {
  upstream.on("error", () => client.destroy());
  client.once("close", () => upstream.destroy());
  client.pipe(upstream);
  upstream.pipe(client);
}

/** The sentence is the reason phrase of the status line: that is all of the answer which kube-apiserver shows. */
function refuse(client: Duplex, sentence: string): void {
  if (!client.destroyed && client.writable) client.end(`HTTP/1.1 503 ${sentence.replace(/[\r\n]+/g, " ")}\r\n\r\n`);
}
