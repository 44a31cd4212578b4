/**
 * Where an upstream file can be had from: a local mirror folder, the project's own address, the Go module.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { UpstreamEntry } from "./lock";

/** How long an address may take to answer in full: the largest file is a third of a megabyte. */
const URL_TIMEOUT_MS = 10_000;

/** How long `go mod download` may take: a module is 10–30 MB. */
const MODULE_TIMEOUT_MS = 300_000;

/** Sources as one run sees them: a module is downloaded once, however many files are taken from it. */
export class UpstreamSources {
  private readonly modules = new Map<string, Promise<string>>();

  /**
   * The bytes of a file in the mirror: `<mirror>/<set>/<version>/<path>`.
   *
   * @throws Error saying why not
   */
  async fromMirror(mirror: string, set: string, version: string, path: string): Promise<Buffer> {
    if (!isAbsolute(mirror)) throw new Error("it is not an absolute path");
    return readFile(join(mirror, set, version, path));
  }

  /**
   * The bytes of an entry, unchecked.
   *
   * @throws Error saying why not
   */
  async fromEntry({ form, source, path }: UpstreamEntry): Promise<Buffer> {
    return form === "url" ? fromUrl(source) : readFile(join(await this.module(source), path));
  }

  private module(source: string): Promise<string> {
    const known = this.modules.get(source) ?? downloadModule(source);
    this.modules.set(source, known);
    return known;
  }
}

async function fromUrl(source: string): Promise<Buffer> {
  const response = await fetch(source, { signal: AbortSignal.timeout(URL_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** The folder of a module in Go's own cache; Go checks it against its checksum database. */
function downloadModule(source: string): Promise<string> {
  // outside of any module: the lock decides the version, not a go.mod that happens to be near
  const options = { cwd: tmpdir(), env: { ...process.env, GOWORK: "off", GOFLAGS: "" }, timeout: MODULE_TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    execFile("go", ["mod", "download", "-json", source], options, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") return reject(new Error("Go is not installed"));
      if (error?.killed) return reject(new Error(`go mod download took more than ${MODULE_TIMEOUT_MS / 1000} s`));
      const { Dir, Error: reason } = (stdout ? JSON.parse(stdout) : {}) as { Dir?: string; Error?: string };
      return Dir ? resolve(Dir) : reject(new Error(reason ?? stderr.trim()));
    });
  });
}
