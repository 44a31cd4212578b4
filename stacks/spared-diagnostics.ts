/** What the Pulumi SDK collects for its own developers at each registration, and what sparing it does. */
import * as pulumi from "@pulumi/pulumi";

/**
 * From here on the SDK formats no stacks and sends no debug messages. Per resource it formats some twenty stacks, which
 * here all lead to the same line, and asks the engine four times to log a message that nobody sees: together more than
 * half of what a program costs. Errors keep their message and lose their stack.
 *
 * With `PULUMI_OPTION_DEBUG=true`, which is `pulumi --debug` and also reaches the program, all is as the SDK has it.
 */
export function spareDiagnostics(): void {
  if (process.env.PULUMI_OPTION_DEBUG === "true") return;
  Error.stackTraceLimit = 0;
  // the SDK sets the limit itself where it asks for the place of a registration; then at least nothing is formatted
  Error.prepareStackTrace = (error) => String(error);
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}
