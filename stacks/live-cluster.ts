/**
 * Speaks with a live cluster, mostly to read it before anything is registered, through `kubectl proxy` on a Unix socket of this user.
 *
 * Loading a Kubernetes client costs this program more than all else it does at start (0.4 s of 1 s); kubectl reads
 * every kind of kubeconfig there is, runs in parallel, and only metadata crosses the wire.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How to reach a cluster. */
export interface ClusterAccess {
  /** Path of a kubeconfig. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Path of kubectl. @default the one on PATH */
  readonly kubectl?: string | undefined;
}

/** What an answer is asked for as. */
const FORMS = {
  whole: "application/json",
  /** Names and labels of objects without contents, in lists as in single objects. */
  metadata:
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
  /** All groups with their kinds in one answer. */
  discovery: "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io",
} as const;

/** Longest wait for one answer: a cluster that takes longer is treated as one that cannot be reached. */
const TIMEOUT_MS = 5_000;

/** Longest wait for the answer to a dry run, in milliseconds: webhooks may take up to 10 s each by default, and are asked side by side. */
const TRIAL_TIMEOUT_MS = 15_000;

/** What the API server answers to a dry run. */
export interface Trial {
  readonly status: number;
  /** What it would come to; undefined where it is refused. */
  readonly object?: object;
  /** Why it is refused, in the API server's words, all lines of them. */
  readonly message?: string;
}

/** A kind, as an API server lists it. */
interface ServedKind {
  /** In paths: `deployments`. */
  readonly name: string;
  readonly namespaced: boolean;
}

/** A cluster that answers nothing: no address, no route, no valid credentials. The message says which. */
export class ClusterUnreachable extends Error {
  override readonly name = "ClusterUnreachable";
}

/** A cluster that answers and refuses: a right is missing, or what was sent is wrong. The message is the API server's. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Access to one cluster; close it when done. */
export class LiveCluster {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly kinds = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();

  private constructor(
    private readonly proxy: ChildProcess,
    private readonly folder: string,
    private readonly socketPath: string,
  ) {}

  /**
   * @throws ClusterUnreachable when kubectl cannot use the context
   * @throws Error when kubectl is not on PATH
   */
  static async open({ kubeconfig, context, kubectl = "kubectl" }: ClusterAccess): Promise<LiveCluster> {
    const folder = mkdtempSync(join(tmpdir(), "fw-"));
    const socketPath = join(folder, "s");
    const words = ["proxy", `--kubeconfig=${kubeconfig}`, `--context=${context}`, `--unix-socket=${socketPath}`];
    const proxy = spawn(kubectl, words, { env: process.env, stdio: ["ignore", "pipe", "pipe"] });
    try {
      await started(proxy, context);
      return new LiveCluster(proxy, folder, socketPath);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * The object or list at an API path; undefined when there is none.
   *
   * @throws ClusterUnreachable when nothing answers, or the credentials are refused
   */
  async get<T>(path: string, form: keyof typeof FORMS = "whole"): Promise<T | undefined> {
    const { body, status } = await this.call("GET", path, { accept: FORMS[form] });
    if (status === 404) return undefined;
    if (status !== 200) throw new ClusterUnreachable(`${path} answered ${status}: ${firstLine(body)}`);
    return JSON.parse(body) as T;
  }

  /**
   * Makes, changes or deletes the object at an API path, and gives what the API server answers; undefined when there is
   * no such object. A change is a merge patch.
   *
   * @throws ClusterUnreachable when nothing answers, or the credentials are refused
   * @throws RequestRefused with the API server's sentence
   */
  async send<T>(method: "POST" | "PATCH" | "DELETE", path: string, object?: object): Promise<T | undefined> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const { body, status } = await this.call(
      method,
      path,
      { accept: "application/json", "content-type": type },
      object && JSON.stringify(object),
    );
    if (status === 404) return undefined;
    if (status === 401) throw new ClusterUnreachable(`${path} answered 401: the credentials are refused`);
    if (status >= 300) throw new RequestRefused(status, messageOf(body));
    return JSON.parse(body) as T;
  }

  /**
   * Asks what the API server would answer, its admission included, and changes nothing: `dryRun=All`.
   *
   * @param method `APPLY` is a server-side apply, which makes what is not there
   * @param parameters of the query, such as `{ fieldManager: "fleetwright" }`
   * @throws ClusterUnreachable when nothing answers within 15 s
   */
  async tryOut(
    method: "POST" | "PUT" | "APPLY" | "DELETE",
    path: string,
    {
      object,
      parameters = {},
    }: { readonly object?: object; readonly parameters?: Readonly<Record<string, string>> } = {},
  ): Promise<Trial> {
    const query = new URLSearchParams({ ...parameters, dryRun: "All" });
    // JSON is YAML
    const type = method === "APPLY" ? "application/apply-patch+yaml" : "application/json";
    const { body, status } = await this.call(
      method === "APPLY" ? "PATCH" : method,
      `${path}?${query}`,
      { accept: "application/json", "content-type": type },
      object && JSON.stringify(object),
      TRIAL_TIMEOUT_MS,
    );
    return status < 300 ? { status, object: JSON.parse(body) as object } : { status, message: wholeMessageOf(body) };
  }

  private call(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    sent?: string,
    timeoutMs = TIMEOUT_MS,
  ): Promise<{ readonly status: number; readonly body: string }> {
    return new Promise((resolve, reject) => {
      const call = request(
        { method, socketPath: this.socketPath, path, headers, agent: this.agent, timeout: timeoutMs },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      call.on("timeout", () => call.destroy(new ClusterUnreachable(`no answer within ${timeoutMs / 1000} s`)));
      call.on("error", (cause) =>
        reject(cause instanceof ClusterUnreachable ? cause : new ClusterUnreachable(cause.message)),
      );
      call.end(sent);
    });
  }

  /**
   * API path of the objects of a kind, in one namespace or in all; undefined when the cluster does not know the kind. A namespace
   * is left out where the kind has none: the provider writes `default` into the state of what it made before its kind was known.
   */
  async pathOf(apiVersion: string, kind: string, namespace?: string): Promise<string | undefined> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.kinds.get(root) ?? this.discover(root);
    this.kinds.set(root, known);
    const served = (await known).get(kind);
    if (served === undefined) return undefined;
    const place = namespace === undefined || !served.namespaced ? "" : `namespaces/${namespace}/`;
    return `${root}/${place}${served.name}`;
  }

  private async discover(root: string): Promise<ReadonlyMap<string, ServedKind>> {
    const list = await this.get<{ resources: readonly (ServedKind & { kind: string })[] }>(root);
    return new Map(list?.resources.filter(({ name }) => !name.includes("/")).map((served) => [served.kind, served]));
  }

  close(): void {
    this.agent.destroy();
    this.proxy.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function started(proxy: ChildProcess, context: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    proxy.on("error", () =>
      reject(new Error("kubectl is not on PATH: the program reads the cluster with it before it changes anything")),
    );
    proxy.stderr?.on("data", (text: Buffer) => {
      said += text.toString();
    });
    proxy.stdout?.once("data", () => resolve());
    proxy.once("exit", () => reject(new ClusterUnreachable(`context ${context}: ${firstLine(said)}`)));
  });
}

const firstLine = (text: string) => text.trim().split("\n")[0]?.slice(0, 300) ?? "";

/** The first line of what a Status object says; of any other answer its first line. */
const messageOf = (body: string) => firstLine(wholeMessageOf(body));

/** What a Status object says; of any other answer its first line. */
function wholeMessageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? "";
  } catch {
    return firstLine(body);
  }
}
