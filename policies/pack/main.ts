/** What the engine starts. It reads the port from the first line of stdout, where nothing else may be printed. */
import "./linear-structs";
import { servePack } from "./server";

servePack().then(
  ({ port }) => process.stdout.write(`${port}\n`),
  (error: unknown) => {
    process.stderr.write(
      `the policy pack could not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  },
);
