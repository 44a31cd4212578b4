/** An API server that knows one pod per node, as far as agents ask: it lists, watches, and remembers what it was asked. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";

/** The one pod of a node; it sends from this machine's own address. */
export interface KnownPod {
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Owner of its namespace. @default none: the platform's */
  readonly tenant?: string;
}

export interface ApiServer {
  /** Kubeconfig that leads there. */
  readonly kubeconfig: string;
  /** `VERB resource`, each once: `list pods`, `watch namespaces`. */
  readonly asked: Set<string>;
  readonly stop: () => void;
}

export async function startApiServer(pods: readonly KnownPod[]): Promise<ApiServer> {
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
    const resource = pathname.split("/").at(-1) ?? "";
    const node = /spec\.nodeName=([\w-]+)/.exec(searchParams.get("fieldSelector") ?? "")?.[1];
    const watched = searchParams.get("watch") === "true";
    asked.add(`${watched ? "watch" : "list"} ${resource}`);
    const found = pods.filter((pod) => node === undefined || pod.node === node);
    const known: Readonly<Record<string, readonly object[]>> = {
      pods: found.map(podObject),
      namespaces: found.map(namespaceObject),
    };
    const objects = known[resource];
    response.setHeader("content-type", "application/json");
    if (objects === undefined) response.writeHead(404).end("{}");
    else if (watched) watch(response, resource, searchParams.get("sendInitialEvents") === "true" ? objects : undefined);
    else
      response.end(
        JSON.stringify({
          apiVersion: "v1",
          kind: kindOf(resource, "List"),
          metadata: { resourceVersion: "1" },
          items: objects,
        }),
      );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "hub", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "agent", user: {} }],
      contexts: [{ name: "hub", context: { cluster: "hub", user: "agent" } }],
      "current-context": "hub",
    }),
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Stays open; clients that want a list by watching get it first, and are told where it ends. */
function watch(response: ServerResponse, resource: string, initial: readonly object[] | undefined): void {
  const tell = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
  response.flushHeaders();
  if (initial === undefined) return;
  for (const object of initial) tell("ADDED", object);
  const annotations = { "k8s.io/initial-events-end": "true" };
  tell("BOOKMARK", { apiVersion: "v1", kind: kindOf(resource, ""), metadata: { resourceVersion: "1", annotations } });
}

const kindOf = (resource: string, suffix: string) => `${resource === "pods" ? "Pod" : "Namespace"}${suffix}`;

const podObject = ({ name, namespace, node, uid }: KnownPod) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, uid, resourceVersion: "1" },
  spec: { nodeName: node, containers: [{ name: "main" }] },
  status: { phase: "Running", podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }], startTime: "2026-11-21T00:00:00Z" },
});

const namespaceObject = ({ namespace, tenant }: KnownPod) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: namespace,
    uid: `uid-of-${namespace}`,
    resourceVersion: "1",
    labels: tenant === undefined ? {} : { "fleetwright.dev/tenant": tenant },
  },
});
