/** The Go on this machine: whether it can build a wrapper module, and the settings under which it does. */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { GO_SETTINGS } from "./recipe";
import { ToolError } from "./tool-error";

/** What `go env` tells. */
export interface Go {
  /** Such as `1.26.8`. */
  readonly version: string;
  /** Its caches of compiled packages and of modules. */
  readonly caches: readonly [string, string];
  /** Where it compiles. */
  readonly temporary: string;
}

/** Settings of every Go command: the machine's own Go and nothing newer from the network, no workspace that lies above the cache. */
export const GO_ENVIRONMENT = { ...GO_SETTINGS, GOTOOLCHAIN: "local", GOWORK: "off" };

/**
 * Asks the `go` on PATH.
 *
 * @param what the tools in hand, as in `etcd 3.6.14`
 * @param wrapper folder of the module to build: its go.mod says which Go is needed
 * @throws ToolError when there is no Go, or one that is too old
 */
export async function findGo(what: string, wrapper: string): Promise<Go> {
  const needed = /^go (\S+)$/m.exec(readFileSync(join(wrapper, "go.mod"), "utf8"))?.[1] ?? "1.26.0";
  const { stdout, failed, code } = await execa(
    "go",
    ["env", "-json", "GOVERSION", "GOCACHE", "GOMODCACHE", "GOTMPDIR"],
    {
      cwd: tmpdir(),
      env: GO_ENVIRONMENT,
      reject: false,
    },
  );
  if (code === "ENOENT") {
    throw new ToolError(
      `${what} must be built and no program "go" is on PATH: install Go ${needed} or newer (https://go.dev/dl), then try again`,
    );
  }
  if (failed)
    throw new ToolError(`${what} must be built and "go env" fails: run "go env" by hand to see what Go lacks`);
  const { GOVERSION, GOCACHE, GOMODCACHE, GOTMPDIR } = JSON.parse(stdout);
  const version = String(GOVERSION).replace(/^go/, "");
  if (older(version, needed)) {
    throw new ToolError(
      `${what} must be built with Go ${needed} or newer and the "go" on PATH is ${version}: install a newer Go (https://go.dev/dl), then try again`,
    );
  }
  return { version, caches: [GOCACHE, GOMODCACHE], temporary: GOTMPDIR || tmpdir() };
}

/** Compares `1.26.0` with `1.9` number by number; a pre-release (`1.27rc1`) counts as its release. */
function older(version: string, needed: string): boolean {
  const [a, b] = [version, needed].map((text) => (text.replace(/(rc|beta).*/, "").match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
