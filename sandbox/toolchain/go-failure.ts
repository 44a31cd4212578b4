/** Why Go failed, told by its output, as a sentence that says what to do. */
import { ToolError } from "./tool-error";

const KEPT = "what was already downloaded and compiled is kept";

const CAUSES: readonly { readonly told: RegExp; readonly say: (line: string) => string }[] = [
  {
    told: /no space left on device/i,
    say: (line) =>
      `the disk is full (${line}): make room, or set GOCACHE, GOMODCACHE, TMPDIR and FLEETWRIGHT_CACHE to folders on a larger disk, then try again; ${KEPT}`,
  },
  {
    told: /checksum mismatch|SECURITY ERROR/,
    say: (line) =>
      `a module does not have the checksum that go.sum pins (${line}): the module proxy or Go's module cache serves other bytes; try another GOPROXY, or "go clean -modcache", then try again`,
  },
  {
    told: /dial tcp|no such host|i\/o timeout|connection (refused|reset)|network is unreachable|TLS handshake timeout|proxyconnect|module lookup disabled|: \d{3} [A-Z]/,
    say: (line) =>
      `Go could not download its modules (${line}): check the network, or set GOPROXY to a module proxy that can be reached from here, then try again; ${KEPT}`,
  },
  {
    told: /signal: killed|cannot allocate memory|out of memory/,
    say: (line) =>
      `the compiler was killed, most likely for want of memory (${line}): end other programs or give the machine more memory, then try again; ${KEPT}`,
  },
];

/**
 * @param what the tools in hand, as in `etcd 3.6.14`
 * @param output all that Go wrote
 * @param signal by which Go itself ended, if any
 * @param log file that holds `output`
 */
export function explainGoFailure(what: string, output: string, signal: string | undefined, log: string): ToolError {
  if (signal)
    return new ToolError(
      `${what}: the build was interrupted (${signal}); ${KEPT}, so the same command goes on from there`,
    );
  const lines = output.split("\n").map((line) => line.trim());
  for (const { told, say } of CAUSES) {
    const line = lines.find((candidate) => told.test(candidate));
    if (line !== undefined) return new ToolError(`${what} cannot be built: ${say(line)}`);
  }
  const errors = lines.filter(
    (line) => /\s/.test(line) && !line.startsWith("#") && !line.startsWith("go: downloading"),
  );
  const reason = errors.slice(0, 3).join("; ") || "Go gave no reason";
  return new ToolError(
    `${what} cannot be built: ${reason}. All that Go said is in ${log}; this is a fault of the recipe or of the installed Go, please report it with that file`,
  );
}
