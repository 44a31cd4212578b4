/** An API server, asked over its own REST interface: objects reach it as they are written, by no client's types. */
import { Agent, type RequestOptions, request } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { type AnyObject, groupOf } from "../../policies/engine/match";

/** What it says to a request. */
export interface Reply {
  readonly status: number;
  /** JSON, as far as it is JSON. */
  readonly body: Record<string, unknown>;
}

/** How a kind is served. */
interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Requests at once. */
const CONNECTIONS = 8;

export class ApiServer {
  readonly #options: RequestOptions;
  readonly #server: string;
  readonly #groups = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  private constructor(server: string, options: RequestOptions) {
    this.#server = server;
    this.#options = options;
  }

  /**
   * @param kubeconfig path
   * @param context its name
   */
  static async at(kubeconfig: string, context: string): Promise<ApiServer> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    config.setCurrentContext(context);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key } = options;
    const agent = new Agent({ ca, cert, key, keepAlive: true, maxSockets: CONNECTIONS });
    return new ApiServer(config.getCurrentCluster()?.server ?? "", { agent });
  }

  /** Creates an object, or would: nothing is kept of a dry run. Unknown fields are refused. */
  async create(object: AnyObject, dryRun: boolean): Promise<Reply> {
    const resource = (await this.resources(object.apiVersion)).get(object.kind);
    if (!resource) return { status: 404, body: { message: `no kind ${object.kind} in ${object.apiVersion}` } };
    const { namespace = "default" } = (object.metadata ?? {}) as { namespace?: unknown };
    const within = resource.namespaced ? `/namespaces/${encodeURIComponent(String(namespace))}` : "";
    const query = `fieldManager=conformance&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
    return this.send("POST", `${base(object.apiVersion)}${within}/${resource.plural}?${query}`, object);
  }

  /** Whether objects of a kind lie in namespaces; undefined where it is not served. */
  async namespaced({ apiVersion, kind }: AnyObject): Promise<boolean | undefined> {
    return (await this.resources(apiVersion)).get(kind)?.namespaced;
  }

  get(path: string): Promise<Reply> {
    return this.send("GET", path);
  }

  private resources(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const known = this.#groups.get(apiVersion) ?? this.discover(apiVersion);
    this.#groups.set(apiVersion, known);
    return known;
  }

  private async discover(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const { status, body } = await this.get(base(apiVersion));
    if (status !== 200) return new Map();
    const { resources } = body as { resources: readonly { name: string; kind: string; namespaced: boolean }[] };
    // scale, status and the like are resources of their own, below another one
    const own = resources.filter(({ name }) => !name.includes("/"));
    return new Map(own.map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }]));
  }

  private send(method: string, path: string, object?: object): Promise<Reply> {
    return sent(`${this.#server}${path}`, { ...this.#options, method }, object);
  }
}

/** Sends JSON and reads JSON. */
export function sent(url: string, options: RequestOptions, object?: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/json", "content-type": "application/json" };
    const asked = request(url, { ...options, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({
          status: response.statusCode ?? 0,
          body: text.startsWith("{") ? JSON.parse(text) : { message: text },
        });
      });
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(object === undefined ? undefined : JSON.stringify(object));
  });
}

/** `/api/v1`, `/apis/apps/v1`. */
const base = (apiVersion: string) => (groupOf(apiVersion) === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`);
