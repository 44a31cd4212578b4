/**
 * A team's project in a folder of its own: Fleetwright as a dependency, environments, stacks, a sandbox, and plain
 * `pulumi` and `kubectl` on them, as a user types them. Nothing here is mocked.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { packageRoot } from "../../components/package-root";
import { engineEnvironment, processEnvironment } from "../../lifecycle/engine-environment";
import { ensureStack } from "../../lifecycle/stack";
import type { OwnedProcess } from "../../sandbox/processes";
import { startSandbox, stopSandbox } from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../stacks/environment";
import { endAll, withDescendants } from "./process-tree";

/** What a command came to. */
export interface Run {
  readonly exitCode: number | undefined;
  /** All that it printed, to stdout and stderr, as it came. */
  readonly text: string;
  readonly seconds: number;
}

/** How the engine is run. */
export interface PulumiOptions {
  /** @default the project's own, the first that was added */
  readonly stack?: string;
  /** Variables on top of those that `fleetwright env` prints. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the engine by SIGKILL, as `kill -9` does, once it said so many times that it `created` or `deleted` something: its plugins live on. */
  readonly killAfter?: { readonly times: number; readonly word: "created" | "deleted" };
}

/** Objects that kubectl applies at once. */
const HEAP = 40;

/** Longest that a test waits for the engine. */
const LONGEST_RUN_SECONDS = 600;

export class TestProject {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "fw-project-")));
  /** The project's sandbox, as the functions of sandbox.ts take it. */
  readonly sandbox = { projectRoot: this.root };
  private readonly stacks = new Map<string, string>();
  private readonly orphans: OwnedProcess[] = [];

  constructor() {
    // what a developer's shell evaluated is meant for another project
    for (const name of ["FLEETWRIGHT_INSTANCE", "KUBECONFIG"]) delete process.env[name];
    this.write("Pulumi.yaml", { name: "team", runtime: { name: "nodejs", options: { typescript: false } } });
    this.write("package.json", JSON.stringify({ name: "team", version: "1.0.0", private: true }));
    this.write("index.js", 'module.exports = require("fleetwright");\n');
    mkdirSync(join(this.root, "node_modules"));
    symlinkSync(packageRoot(), join(this.root, "node_modules", "fleetwright"));
    symlinkSync(join(packageRoot(), "node_modules", "@pulumi"), join(this.root, "node_modules", "@pulumi"));
  }

  /** Writes a file of the project; anything but a string becomes YAML. */
  write(path: string, content: unknown): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : stringify(content));
  }

  /** Writes `environments/<name>.yaml`. */
  environment(name: string, content: object): void {
    this.write(join("environments", `${name}.yaml`), content);
  }

  /** Adds a stack that holds an environment, or one cluster of it. Again after its state is gone: makes it anew. */
  async stack(stack: string, environment: string, cluster?: string): Promise<void> {
    if (!this.stacks.has(stack)) {
      const config = { "fleetwright:environment": environment, ...(cluster && { "fleetwright:cluster": cluster }) };
      this.write(`Pulumi.${stack}.yaml`, { config });
    }
    this.stacks.set(stack, environment);
    await ensureStack(this.variables(stack), this.root, stack);
  }

  /** Brings clusters of the project's sandbox up. */
  start(...clusters: readonly string[]) {
    return startSandbox({ ...this.sandbox, clusters });
  }

  /** What `fleetwright env` prints for a stack. */
  variables(stack: string): ReadonlyMap<string, string> {
    const environment = this.stacks.get(stack);
    if (environment === undefined) throw new Error(`no stack ${stack}: only ${[...this.stacks.keys()].join(", ")}`);
    return engineEnvironment(loadEnvironment(environment, this.root), { root: this.root, stack });
  }

  /** Runs the engine on a stack, as a shell does that evaluated {@link variables}. Never throws: the test judges. */
  async pulumi(words: string, options: PulumiOptions = {}): Promise<Run> {
    const { stack = [...this.stacks.keys()][0] ?? "", env = {}, killAfter } = options;
    const started = Date.now();
    const child = execa("pulumi", [...words.split(" "), "--non-interactive", "--color=never"], {
      cwd: this.root,
      env: { ...processEnvironment(this.variables(stack)), ...env },
      extendEnv: false,
      all: true,
      reject: false,
    });
    const kill = () => {
      this.orphans.push(...withDescendants(child.pid ?? 0));
      child.kill("SIGKILL");
    };
    let times = 0;
    child.all.on("data", (text: Buffer) => {
      const before = times;
      times += text.toString().split(` ${killAfter?.word} (`).length - 1;
      if (killAfter && before < killAfter.times && times >= killAfter.times) kill();
    });
    let hangs = false;
    const timer = setTimeout(() => {
      hangs = true;
      kill();
    }, LONGEST_RUN_SECONDS * 1000);
    const { exitCode, all } = await child;
    clearTimeout(timer);
    if (hangs) throw new Error(`pulumi ${words} did not end within ${LONGEST_RUN_SECONDS} s:\n${all}`);
    return { exitCode, text: all, seconds: (Date.now() - started) / 1000 };
  }

  /** The same where it must succeed; the error shows all that the engine printed. */
  async succeed(words: string, options?: PulumiOptions): Promise<Run> {
    return succeeded(`pulumi ${words}`, await this.pulumi(words, options));
  }

  /** Runs kubectl on a cluster; objects go to its stdin. Never throws: the test judges. */
  async kubectl(cluster: string, words: string, objects?: readonly object[]): Promise<Run> {
    const started = Date.now();
    const kubeconfig = join(this.root, ".fleetwright", "default", "kubeconfig");
    // ports are used again by other clusters, so what kubectl remembers of an address must not outlive the project
    const access = [`--kubeconfig=${kubeconfig}`, `--context=${cluster}`, `--cache-dir=${join(this.root, ".kube")}`];
    const { exitCode, all } = await execa(toolPath("kubectl"), [...access, ...words.split(" ")], {
      all: true,
      reject: false,
      timeout: 60_000,
      input: (objects ?? []).map((object) => JSON.stringify(object)).join("\n"),
    });
    return { exitCode, text: all, seconds: (Date.now() - started) / 1000 };
  }

  /**
   * What the API server says against objects that are applied; in heaps, for a busy one takes its time over definitions.
   *
   * @param flags of `kubectl apply --server-side`
   */
  async refusals(cluster: string, objects: readonly object[], ...flags: readonly string[]): Promise<string[]> {
    const command = ["apply --server-side", ...flags, "-f -"].join(" ");
    const said: string[] = [];
    for (let from = 0; from < objects.length; from += HEAP) {
      const { exitCode, text } = await this.kubectl(cluster, command, objects.slice(from, from + HEAP));
      if (exitCode !== 0) said.push(text.replaceAll(/^.*serverside-applied.*\n?/gm, ""));
    }
    return said;
  }

  /** What kubectl prints, where it must succeed. */
  async read(cluster: string, words: string): Promise<string> {
    return succeeded(`kubectl ${words}`, await this.kubectl(cluster, words)).text;
  }

  /** Keys (see kube-object.ts) of everything that the API server can list, Events and Leases excepted; sorted. */
  async inventory(cluster: string): Promise<string[]> {
    const kinds = (await this.read(cluster, "api-resources --verbs=list --output=name")).split("\n");
    const listed = kinds.filter((kind) => !/^(events|leases)(\.|$)/.test(kind)).join(",");
    const line = "{range.items[*]}{.apiVersion}/{.kind}/{.metadata.namespace}/{.metadata.name}{'\\n'}{end}";
    const found = await this.read(
      cluster,
      `get ${listed} --all-namespaces --ignore-not-found --output=jsonpath=${line}`,
    );
    const keys = found
      .trim()
      .split("\n")
      .map((key) => key.replace(/^v1\//, "/").replace(/^([^/]+)\/v[^/]+\//, "$1/"));
    return [...new Set(keys)].sort();
  }

  /** Ends what the project started, by its recorded ids, and removes its folder. */
  async dispose(): Promise<void> {
    await endAll(this.orphans);
    await stopSandbox(this.sandbox);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function succeeded(command: string, run: Run): Run {
  if (run.exitCode === 0) return run;
  throw new Error(`${command} ended with ${run.exitCode}:\n${run.text}`);
}
