/** Why the sandbox cannot do what was asked, as a sentence that says what to do: the reader's to fix, so it is shown without a stack trace. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

/** What was asked for does not exist or cannot be so named. */
export class SandboxInputError extends SandboxError {}
