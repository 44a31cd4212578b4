/**
 * A team's project in a temporary folder with one cluster of its own: there a change is previewed by the command, applied
 * by the engine, and both are held against what the API server says.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { clusterAccess } from "../../lifecycle/cluster-access";
import { engineEvents } from "../../lifecycle/engine-events";
import { prepareEngine } from "../../lifecycle/engine-preparation";
import { EngineRunError } from "../../lifecycle/engine-run";
import type { PreviewReport } from "../../lifecycle/preview/report";
import { startSandbox } from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { LiveCluster } from "../../stacks/live-cluster";
import { TemporaryProject } from "../temporary-project";
import { componentSource } from "./change";
import { DoneSteps } from "./done-steps";
import { look, type Sightings } from "./witness";

export const CLUSTER = "hub";
const STACK = "truth";

/** A preview as `fleetwright preview --json` told it. */
export interface Told {
  readonly exitCode: number | undefined;
  readonly report: PreviewReport;
}

export class TruthProject {
  readonly #project = new TemporaryProject(STACK);
  readonly #root = this.#project.root;

  async start(): Promise<void> {
    await startSandbox({ projectRoot: this.#root, clusters: [CLUSTER] });
  }

  /** Makes the project say this, and nothing else. */
  says(environment: unknown, own: Readonly<Record<string, readonly object[]>>): void {
    this.#project.write(join("environments", `${STACK}.yaml`), stringify(environment));
    rmSync(join(this.#root, "components"), { recursive: true, force: true });
    for (const [file, objects] of Object.entries(own))
      this.#project.write(join("components", file), componentSource(objects));
  }

  /** What `fleetwright preview` says, asked as a CI job asks it. */
  async preview(): Promise<Told> {
    const words = [join(packageRoot(), "bin", "fleetwright"), "preview", "--json"];
    const { exitCode, stderr, stdout } = await execa(process.execPath, words, { cwd: this.#root, reject: false });
    try {
      return { exitCode, report: JSON.parse(stdout) as PreviewReport };
    } catch {
      throw new Error(`fleetwright preview ended with ${exitCode} and no report:\n${stderr || stdout}`);
    }
  }

  /** Does the work as `pulumi up` does it; what fails is told by what was done. */
  async up(): Promise<DoneSteps> {
    const done = new DoneSteps([CLUSTER]);
    const { variables } = await prepareEngine(this.#environment(), { root: this.#root, stack: STACK });
    try {
      const words = ["up", "--yes", "--skip-preview"];
      for await (const event of engineEvents({ root: this.#root, variables, words })) done.take(event);
    } catch (error) {
      if (!(error instanceof EngineRunError)) throw error;
      done.failed(error.message);
    }
    return done;
  }

  /** What the API server knows of objects of these kinds. */
  async look(kinds: readonly Pick<KubeObject, "apiVersion" | "kind">[]): Promise<Sightings> {
    const live = await LiveCluster.open(clusterAccess(this.#environment(), this.#root, CLUSTER));
    try {
      return await look(live, kinds);
    } finally {
      live.close();
    }
  }

  /** What somebody does by hand. @throws Error with what kubectl said where it failed */
  async kubectl(words: string): Promise<void> {
    const access = this.#project.access(CLUSTER);
    const { all, exitCode } = await execa(toolPath("kubectl"), [...access, ...words.split(" ")], {
      all: true,
      reject: false,
    });
    if (exitCode !== 0) throw new Error(`kubectl ${words} ended with ${exitCode}: ${all}`);
  }

  /** Does something while nothing answers where the cluster is said to be. */
  async withoutCluster<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    const kubeconfig = readFileSync(this.#project.kubeconfig, "utf8");
    // nobody listens on the discard port
    writeFileSync(this.#project.kubeconfig, kubeconfig.replaceAll(/(https:\/\/127\.0\.0\.1):\d+/g, "$1:9"));
    try {
      return await work();
    } finally {
      writeFileSync(this.#project.kubeconfig, kubeconfig);
    }
  }

  /** Ends the sandbox and removes the folder, once however often it is called. */
  dispose(): Promise<void> {
    return this.#project.dispose();
  }

  #environment(): Environment {
    return loadEnvironment(STACK, this.#root);
  }
}
