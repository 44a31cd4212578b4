/**
 * A team's own project in a temporary folder, with a sandbox of its own: what the bench measures is there for it alone
 * and gone afterwards.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { prepareSandboxSecrets } from "../../lifecycle/credentials";
import { engineEnvironment, processEnvironment } from "../../lifecycle/engine-environment";
import { ensureStack } from "../../lifecycle/stack";
import { startSandbox } from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { TemporaryProject } from "../temporary-project";
import type { FirstRegistration } from "./first-registration";
import { type Measured, measure } from "./run";

/** How a run of the engine differs from what `make up` does. */
export interface EngineOptions {
  /** Saves the state whole at each step, as outside of sandboxes. @default false: at the end only */
  readonly withCheckpoints?: boolean;
  /** Leaves the policy pack out. @default false */
  readonly withoutPack?: boolean;
}

/** A run of the engine with its program's start. */
export interface EngineRun extends Measured {
  /** From the start of the program's process; undefined where no program ran. */
  readonly firstRegistration?: FirstRegistration;
}

/** A line that says that the engine has made an object, and not a provider or a component. */
const FIRST_OBJECT = /^ *\+ +kubernetes:\S+ \S+ created/;

export class BenchProject {
  private readonly project: TemporaryProject;
  private readonly mark: string;
  private loaded: Environment | undefined;

  /**
   * @param name of environment and stack
   * @param program what the project's one-line program requires
   */
  constructor(name: string, program: string) {
    this.project = new TemporaryProject(name, program);
    this.mark = join(this.root, "first-registration");
  }

  get root(): string {
    return this.project.root;
  }

  write(path: string, content: string): void {
    this.project.write(path, content);
  }

  /**
   * Brings the project's clusters up, those of this repository's dev environment.
   *
   * @param cluster the only one, like `hub`, under a name of its own and with nothing that tenants need. @default all of dev, as it is
   */
  async start(cluster?: string): Promise<Environment> {
    const dev = parse(readFileSync(join(packageRoot(), "environments", "dev.yaml"), "utf8"));
    const { components: _, experiments: __, slos: ___, tenants: ____, ...bare } = dev;
    const own = cluster ? { ...bare, clusters: { [cluster]: dev.clusters.hub } } : dev;
    this.write(`environments/${this.project.name}.yaml`, stringify(own));
    const environment = loadEnvironment(this.project.name, this.root);
    this.loaded = environment;
    const places = Object.entries(environment.clusters).map(([name, { region, zones }]) => ({ name, region, zones }));
    await startSandbox({ projectRoot: this.root, clusters: places });
    await ensureUpstream();
    await prepareSandboxSecrets(environment, this.root);
    await ensureStack(this.variables(environment), this.root, this.project.name);
    return environment;
  }

  /** Runs `pulumi` as `make up` does, but for what the options say. */
  async pulumi(words: readonly string[], options: EngineOptions = {}): Promise<EngineRun> {
    const variables = new Map(this.variables(this.loaded ?? loadEnvironment(this.project.name, this.root)));
    if (options.withoutPack) for (const name of ["", "_CONFIG"]) variables.delete(`PULUMI_OPTION_POLICY_PACK${name}`);
    if (options.withCheckpoints) variables.delete("PULUMI_SKIP_CHECKPOINTS");
    rmSync(this.mark, { force: true });
    const env = {
      ...processEnvironment(variables),
      NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "first-registration.js"))}`,
      FLEETWRIGHT_BENCH_FIRST_REGISTRATION: this.mark,
    };
    const all = [...words, "--non-interactive", "--color=never", "--suppress-outputs"];
    const measured = await measure({ program: "pulumi", words: all, cwd: this.root, env, first: FIRST_OBJECT });
    if (!existsSync(this.mark)) return measured;
    return { ...measured, firstRegistration: JSON.parse(readFileSync(this.mark, "utf8")) as FirstRegistration };
  }

  /** Runs the pinned kubectl on one cluster. */
  kubectl(cluster: string, words: readonly string[]): Promise<Measured> {
    const access = this.project.access(cluster);
    return measure({ program: toolPath("kubectl"), words: [...access, ...words], cwd: this.root, env: process.env });
  }

  /** Ends the sandbox and removes the folder, once however often it is called. */
  dispose(): Promise<void> {
    return this.project.dispose();
  }

  private variables(environment: Environment): ReadonlyMap<string, string> {
    return engineEnvironment(environment, { root: this.root, stack: this.project.name });
  }
}
