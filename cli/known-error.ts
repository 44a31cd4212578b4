/** What a user can mend among errors, with the code and the exit code that documents.md lists. */
import { ImageLockError } from "../components/images";
import { OwnComponentError } from "../components/own-component";
import { OwnRulesError } from "../policies/own-rules";
import { SandboxError } from "../sandbox/sandbox-error";
import { ToolError } from "../sandbox/toolchain/tool-error";
import { EnvironmentError } from "../stacks/environment";
import { ProjectError } from "../stacks/project";
import { RenderError, UnwritableError } from "../stacks/render";
import { CliError } from "./output";

/** The error as it is told; undefined of a bug of ours, and of what the operating system refuses. */
export function asCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof EnvironmentError) return new CliError("EnvironmentInvalid", error.message, 2, error.faults);
  if (error instanceof ImageLockError) return new CliError("ImageLockInvalid", error.message, 2, error.faults);
  if (error instanceof OwnComponentError) return new CliError("ComponentInvalid", error.message, 2);
  if (error instanceof OwnRulesError) return new CliError("RuleInvalid", error.message, 2);
  if (error instanceof ProjectError) return new CliError("ProjectMissing", error.message, 2);
  if (error instanceof UnwritableError) return new CliError("FolderUnwritable", error.message, 2);
  if (error instanceof RenderError) return new CliError("FolderNotEmpty", error.message, 2);
  if (error instanceof ToolError) return new CliError("ToolsNotReady", error.message, 4);
  if (error instanceof SandboxError) return new CliError("SandboxNotReady", error.message, 4);
  // a plain Error is a sentence of a component about its arguments, which an environment file has led to
  if (isPlain(error) && !isSystemError(error)) return new CliError("ArgumentsInvalid", error.message, 2);
  return undefined;
}

/** What is said of an error that nobody foresaw: every kind but the plain one is a bug, and its place helps. */
export function lastWords(error: unknown): string {
  if (isPlain(error)) return error.message;
  return `internal error: ${error instanceof Error ? error.stack : String(error)}`;
}

const isPlain = (error: unknown): error is Error => error instanceof Error && error.constructor === Error;

/** A full disk is no argument that a file could state otherwise. */
const isSystemError = (error: Error) => "syscall" in error;
