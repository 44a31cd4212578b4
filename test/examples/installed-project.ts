/**
 * A team's own repository in a folder of its own, with Fleetwright installed from a package file, and commands typed
 * there as a person types them. Nothing of this checkout is used but the package.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** What a command came to. */
export interface Run {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest that a command may take: an `up` of one cluster takes 40 s on two free cores. */
const LONGEST_COMMAND_MS = 900_000;

export class InstalledProject {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "fw-installed-")));
  /** What `fleetwright env` printed, by environment: a person evaluates it once. */
  private readonly lines = new Map<string, string>();

  /** @param folders what the repository is made of, later ones on top of earlier ones */
  constructor(...folders: readonly string[]) {
    for (const folder of folders) cpSync(folder, this.root, { recursive: true });
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, content: string): void {
    writeFileSync(join(this.root, path), content);
  }

  /** Installs a package file in place of what `package.json` names. */
  async install(packageFile: string): Promise<void> {
    this.lines.clear();
    await this.succeed(`npm install --prefer-offline --no-audit --no-fund --loglevel=error ${packageFile}`);
  }

  /** Runs a line of shell in the repository. Never throws: the test judges. */
  async type(line: string): Promise<Run> {
    const { exitCode, stdout, stderr } = await execa("sh", ["-c", line], {
      cwd: this.root,
      env: withoutOtherProjects(),
      extendEnv: false,
      reject: false,
      timeout: LONGEST_COMMAND_MS,
    });
    return { exitCode, stdout, stderr };
  }

  /** The same where it must succeed; the error shows all that it printed. @returns its stdout */
  async succeed(line: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.type(line);
    if (exitCode === 0) return stdout;
    throw new Error(`${line} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  }

  /** Runs plain pulumi after what `fleetwright env` prints was evaluated, as a person does. */
  async pulumi(environment: string, words: string): Promise<Run> {
    return this.type(await this.pulumiLine(environment, words));
  }

  /** The same where it must succeed. */
  async pulumiSucceeds(environment: string, words: string): Promise<string> {
    return this.succeed(await this.pulumiLine(environment, words));
  }

  private async pulumiLine(environment: string, words: string): Promise<string> {
    const lines = this.lines.get(environment) ?? (await this.succeed(`npx fleetwright env ${environment}`));
    this.lines.set(environment, lines);
    return `${lines}\npulumi ${words} --non-interactive --color=never`;
  }

  /** Ends the repository's sandbox, where one runs, and removes the folder. */
  async dispose(): Promise<void> {
    await this.type("npx fleetwright sandbox down");
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Packs a built checkout as it lies there.
 *
 * @returns path of the package file
 */
export async function packed(folder: string, into: string): Promise<string> {
  const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", into];
  const { stdout } = await execa("npm", words, { cwd: folder });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(into, filename);
}

/** What a developer's shell evaluated is meant for another project, and what a test runner sets is not for npm. */
function withoutOtherProjects(): NodeJS.ProcessEnv {
  const foreign =
    /^(PULUMI_|KUBECONFIG$|FLEETWRIGHT_INSTANCE$|NODE_COMPILE_CACHE$|NODE_PATH$|NODE_OPTIONS$|NODE_ENV$|JEST_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
