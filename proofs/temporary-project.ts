/** A team's project in a temporary folder, with a sandbox of its own: it is there for one proof alone, and gone afterwards. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { packageRoot } from "../components/package-root";
import { stopSandbox } from "../sandbox/sandbox";

export class TemporaryProject {
  readonly root: string;
  #disposed: Promise<void> | undefined;

  /**
   * @param name of project, environment and stack
   * @param program what the project's one-line program requires
   */
  constructor(
    readonly name: string,
    program = "fleetwright",
  ) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), `fleetwright-${name}-`)));
    this.write("Pulumi.yaml", stringify({ name, runtime: { name: "nodejs", options: { typescript: false } } }));
    this.write("package.json", JSON.stringify({ name, version: "1.0.0", private: true }));
    this.write("index.js", `module.exports = require(${JSON.stringify(program)});\n`);
    this.write(`Pulumi.${name}.yaml`, stringify({ config: { "fleetwright:environment": name } }));
    mkdirSync(join(this.root, "node_modules"));
    symlinkSync(packageRoot(), join(this.root, "node_modules", "fleetwright"));
    symlinkSync(join(packageRoot(), "node_modules", "@pulumi"), join(this.root, "node_modules", "@pulumi"));
  }

  /** Of the project's sandbox, once that is started. */
  get kubeconfig(): string {
    return join(this.root, ".fleetwright", "default", "kubeconfig");
  }

  /** What kubectl needs to reach a cluster of the sandbox, and to keep what it remembers of it in the project. */
  access(cluster: string): string[] {
    return [`--kubeconfig=${this.kubeconfig}`, `--context=${cluster}`, `--cache-dir=${join(this.root, ".kube")}`];
  }

  write(path: string, content: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Ends the sandbox and removes the folder, once however often it is called. */
  dispose(): Promise<void> {
    this.#disposed ??= stopSandbox({ projectRoot: this.root }).then(() =>
      rmSync(this.root, { recursive: true, force: true, maxRetries: 5 }),
    );
    return this.#disposed;
  }
}
