/** How a command that make starts ends: what a user can mend is a sentence, and the exit code says which kind it is. */
import { SandboxError } from "../sandbox/sandbox-error";
import { ToolError } from "../sandbox/toolchain/tool-error";
import { EnvironmentError } from "../stacks/environment";

/** Runs a command; exit codes as the CLI's: 2 bad input, 3 refused or failed, 4 not ready. */
export function endWith(command: () => Promise<void>): void {
  command().catch((error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode =
      error instanceof EnvironmentError ? 2 : error instanceof ToolError || error instanceof SandboxError ? 4 : 3;
  });
}
