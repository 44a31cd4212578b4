/** `fleetwright sandbox`: three control planes on this machine. */
import { Command } from "commander";
import {
  killCluster,
  pauseHostProgram,
  type SandboxArgs,
  sandboxStatus,
  startSandbox,
  stopSandbox,
  wipeCluster,
} from "../sandbox/sandbox";
import { SandboxError, SandboxInputError } from "../sandbox/sandbox-error";
import type { SandboxStatus } from "../sandbox/status";
import { ToolError } from "../sandbox/toolchain/tool-error";
import { ensureTools } from "../sandbox/toolchain/tools";
import { projectRoot } from "../stacks/project";
import { CliError, type Format, printDocument } from "./output";

interface SandboxOptions {
  readonly instance: string;
  readonly output?: Format;
  readonly keepData?: boolean;
  readonly program?: string;
}

export function sandboxCommand(): Command {
  const command = new Command("sandbox")
    .description("Real control planes on this machine: hub, east and west, with simulated nodes and a real Gatekeeper.")
    .addHelpText(
      "after",
      "\nAll that belongs to a sandbox lies in .fleetwright/<instance>/ of the project, its kubeconfig too:\n" +
        "  export KUBECONFIG=$PWD/.fleetwright/default/kubeconfig; kubectl --context hub get nodes",
    );
  verb(
    command,
    "up [clusters...]",
    "start clusters, or heal those that are up; installs missing tools (default: hub east west)",
  ).action((clusters: string[], options: SandboxOptions) =>
    answer(options, (args) => startWithTools({ ...args, ...(clusters.length > 0 ? { clusters } : {}) })),
  );
  verb(command, "down", "end every process of the sandbox and remove its data; the tools stay")
    .option("--keep-data", "keep the clusters' data for the next `up`")
    .action((options: SandboxOptions) =>
      answer(options, async (args) => {
        await stopSandbox({ ...args, keepData: options.keepData ?? false });
        return sandboxStatus(args);
      }),
    );
  verb(command, "status", "which clusters and host programs run").action((options: SandboxOptions) =>
    answer(options, sandboxStatus),
  );
  verb(command, "wipe <cluster>", "lose a cluster: it starts empty, at the same address").action(
    (cluster: string, options: SandboxOptions) => answer(options, (args) => wipeCluster(args, cluster)),
  );
  verb(command, "kill <cluster>", "end a cluster's processes by SIGKILL; `up` heals it")
    .option("--program <name>", "end only this host program, and keep it from being restarted until `up`")
    .action((cluster: string, options: SandboxOptions) =>
      answer(options, async (args) => {
        if (!options.program) return killCluster(args, cluster);
        await pauseHostProgram(args, cluster, options.program);
        return sandboxStatus(args);
      }),
    );
  return command;
}

/** A repository that has Fleetwright as a package has no `make up`: here the tools are installed. What is asked is checked first. */
async function startWithTools(args: Parameters<typeof startSandbox>[0]): Promise<SandboxStatus> {
  const started = await startSandbox(args).catch((error: unknown) => {
    if (error instanceof ToolError) return undefined;
    throw error;
  });
  await ensureTools("core", ({ message }) => args.report?.(message));
  return started ?? startSandbox(args);
}

function verb(command: Command, usage: string, description: string): Command {
  return command
    .command(usage)
    .description(description)
    .option("--instance <name>", "which sandbox of this project", "default");
}

/** Progress goes to stderr, the state of the sandbox to stdout. */
async function answer(options: SandboxOptions, action: (args: SandboxArgs) => Promise<SandboxStatus>): Promise<void> {
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const status = await action({ projectRoot: projectRoot(), instance: options.instance, report });
    if (options.output && options.output !== "table") printDocument("SandboxStatus", status, options.output);
    else process.stdout.write(table(status));
  } catch (error) {
    if (error instanceof SandboxInputError) throw new CliError("SandboxUnknown", error.message, 2);
    if (error instanceof SandboxError) throw new CliError("SandboxNotReady", error.message, 4);
    if (error instanceof ToolError) throw new CliError("ToolMissing", error.message, 4);
    throw error;
  }
}

function table({ kubeconfig, clusters }: SandboxStatus): string {
  if (clusters.length === 0) return "No cluster is up: type 'fleetwright sandbox up'.\n";
  const lines = clusters.flatMap(({ name, server, ready, programs, problems }) => [
    `${name.padEnd(12)} ${ready ? "ready    " : "not ready"}  ${server}`,
    ...programs.map(({ name: program, state }) => `${" ".repeat(12)} ${state.padEnd(9)}  ${program}`),
    ...problems.map((problem) => `${" ".repeat(12)} ${problem}`),
  ]);
  return `${lines.join("\n")}\nkubeconfig   ${kubeconfig}\n`;
}
