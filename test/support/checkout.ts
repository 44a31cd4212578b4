/** A copy of this checkout, in which a test may type what a person types in a clone. */
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import { filesOfCheckout } from "../../proofs/passed-run";

/** What a command came to. */
export interface Typed {
  readonly exitCode: number | undefined;
  /** All that it printed, as it came. */
  readonly text: string;
}

/** Longest that a command may take: `make up` takes a few minutes on two cores that others use as well. */
const LONGEST_COMMAND_MS = 1_500_000;

export class Checkout {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "fw-checkout-")));

  /** Copies every file that a clone would have, changed or not, and what is built of them. */
  constructor() {
    const files = filesOfCheckout(packageRoot());
    if (!files) throw new Error(`git does not know ${packageRoot()}: there is nothing to copy`);
    for (const file of [...files, "dist"]) {
      cpSync(join(packageRoot(), file), join(this.root, file), {
        recursive: true,
        preserveTimestamps: true,
        force: false,
      });
    }
    symlinkSync(join(packageRoot(), "node_modules"), join(this.root, "node_modules"));
    // older than what is installed, so that `make` installs nothing anew
    for (const file of ["package.json", "package-lock.json"]) utimesSync(join(this.root, file), 0, 0);
  }

  /** Runs a line of shell in the copy. Never throws: the test judges. */
  async type(line: string): Promise<Typed> {
    const { exitCode, all } = await execa("sh", ["-c", line], {
      cwd: this.root,
      env: withoutOtherProjects(),
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
      timeout: LONGEST_COMMAND_MS,
    });
    return { exitCode, text: all };
  }

  /** Ends the copy's sandbox, where one runs, and removes the folder. */
  async dispose(): Promise<void> {
    await this.type("bin/fleetwright sandbox down");
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a developer's shell evaluated is meant for another checkout. */
function withoutOtherProjects(): NodeJS.ProcessEnv {
  const foreign = /^(FLEETWRIGHT_INSTANCE|KUBECONFIG|PULUMI_.*|MAKE.*|npm_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
