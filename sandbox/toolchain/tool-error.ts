/** Why a pinned tool cannot be had, as a sentence that says what to do: the reader's to fix, so it is shown without a stack trace. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}
