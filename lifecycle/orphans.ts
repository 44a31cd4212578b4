/**
 * Providers of an engine that was killed: they live on for minutes and still carry out what they were asked for. Each
 * was started with the address of its engine, so an address at which nobody listens tells an orphan.
 */
import { connect } from "node:net";
import { join } from "node:path";
import { commandLineOf, end, processIds } from "../sandbox/processes";
import { pulumiHome } from "../sandbox/toolchain/tools";

interface Provider {
  readonly pid: number;
  readonly commandLine: string;
  /** Port of its engine on this machine. */
  readonly enginePort: number;
}

/**
 * Ends the providers of killed engines, those of our pinned tools only. What else such an engine started changes no
 * cluster and ends by itself.
 *
 * @returns how many were ended
 */
export async function endOrphans(): Promise<number> {
  const providers = ourProviders();
  const alive = await Promise.all(providers.map(({ enginePort }) => listens(enginePort)));
  const orphans = providers.filter((_, index) => !alive[index]);
  await Promise.all(orphans.map(({ pid, commandLine }) => end({ pid, isOurs: (now) => now.trim() === commandLine })));
  return orphans.length;
}

function ourProviders(): Provider[] {
  const plugins = `${join(pulumiHome(), "plugins")}/`;
  return processIds().flatMap((pid) => {
    const commandLine = commandLineOf(pid);
    const port = commandLine?.match(/ 127\.0\.0\.1:(\d+)$/)?.[1];
    return commandLine?.startsWith(plugins) && port ? [{ pid, commandLine, enginePort: Number(port) }] : [];
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
