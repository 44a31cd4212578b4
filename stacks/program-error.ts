/** How an error of the program reaches whoever typed `pulumi up`: a sentence for what a user can mend, a stack for our own bugs. */
import * as pulumi from "@pulumi/pulumi";
import { EnvironmentError } from "./environment";

/** A file of the SDK as its source maps name it, with one folder too few: `…/node_modules/@pulumi/resource.ts:1598:22`. */
const SDK_FRAME = /[/\\]node_modules[/\\]@pulumi[/\\]/;

/**
 * The error to throw for one that was thrown.
 *
 * The SDK prints errors in colours, and Node up to at least 20.20 looks for ever for the second slash of a package's
 * name in a frame of the SDK: it takes half a minute and a gigabyte before it gives up. So a sentence has no stack at
 * all, and a bug only frames of other code.
 */
export function programError(error: unknown): unknown {
  if (!isOurBug(error)) return Object.assign(new pulumi.RunError((error as Error).message), { stack: "" });
  if (error instanceof Error) {
    const lines = error.stack?.split("\n") ?? [];
    error.stack = lines.filter((line) => !SDK_FRAME.test(line)).join("\n");
  }
  return error;
}

/** A TypeError and its like are ours to mend and keep their stack; all else is a sentence for the user. */
function isOurBug(error: unknown): boolean {
  if (error instanceof EnvironmentError || error instanceof pulumi.RunError) return false;
  return (
    !(error instanceof Error) ||
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError
  );
}
