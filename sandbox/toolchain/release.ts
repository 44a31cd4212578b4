/**
 * Official releases: the project's own file at its own address, taken only when its bytes have the pinned checksum.
 *
 * A release that cannot be reached is no error, since the tool can be built; a release with other bytes is one.
 */
import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import type { Tool, Toolchain } from "./lock";
import { ToolError } from "./tool-error";

/** Until the server answers. Long enough for any working network, short enough to be bearable on a closed one. */
const ANSWER_MS = 5_000;
/** Without a single byte, in the middle of a file. */
const STALL_MS = 20_000;

/** Takes releases during one run, and remembers what it learnt. */
export class Releases {
  private readonly unreachable = new Map<string, string>();
  private readonly archives = new Map<string, string>();
  private folder: string | undefined;

  constructor(private readonly toolchain: Toolchain) {}

  /** The URL of the tool's release for this machine; undefined when the lock has none, or `FLEETWRIGHT_RELEASES` is `off`. */
  url(tool: Tool): string | undefined {
    if (process.env.FLEETWRIGHT_RELEASES === "off") return undefined;
    const release = tool.release && this.toolchain.releases[tool.release.name];
    const download = release?.platforms[PLATFORM];
    return download && release.url.replaceAll("{os}", OS).replaceAll("{arch}", download.arch ?? ARCH);
  }

  /**
   * Downloads the tool's program.
   *
   * @returns its path on the cache's file system, or the reason why the release cannot be had
   * @throws ToolError when the bytes are not the pinned ones
   */
  async take(tool: Tool): Promise<{ file: string } | { reason: string }> {
    const url = this.url(tool);
    if (!url || !tool.release) return { reason: `no release is pinned for ${PLATFORM}` };
    const { host } = new URL(url);
    const known = this.unreachable.get(host);
    if (known) return { reason: known };
    const archive = this.archives.get(url) ?? (await this.download(tool, url));
    if (typeof archive !== "string") {
      if (archive.hostFailed) this.unreachable.set(host, archive.reason);
      return { reason: archive.reason };
    }
    this.archives.set(url, archive);
    const { member } = tool.release;
    if (!member) {
      this.archives.delete(url); // the program itself, about to be moved away
      return { file: archive };
    }
    await execa("tar", ["-xzf", archive, "-C", await this.scratch(), member]);
    return { file: join(await this.scratch(), member) };
  }

  /** Removes what was downloaded and not installed. */
  async close() {
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  private async download(tool: Tool, url: string): Promise<string | { reason: string; hostFailed: boolean }> {
    const pinned = this.toolchain.releases[tool.release?.name ?? ""]?.platforms[PLATFORM];
    const [algorithm, expected] = pinned?.sha512 ? ["sha512", pinned.sha512] : ["sha256", pinned?.sha256 ?? ""];
    const file = join(await this.scratch(), `${tool.release?.name}.download`);
    const hash = createHash(algorithm);
    const failure = await fetchTo(url, file, hash);
    if (failure) return failure;
    const actual = hash.digest("hex");
    if (actual === expected) return file;
    throw new ToolError(
      `${tool.name} ${tool.version}: ${url} has ${algorithm} ${actual}, must have ${expected}, so nothing of it was installed. ` +
        `If a proxy answers in the project's place, try from another network; with FLEETWRIGHT_RELEASES=off the tool is built from its Go modules instead.`,
    );
  }

  private async scratch(): Promise<string> {
    if (!this.folder) {
      await mkdir(join(this.toolchain.cache, "tools"), { recursive: true });
      this.folder = await mkdtemp(join(this.toolchain.cache, "tools", ".release-"));
    }
    return this.folder;
  }
}

/** Node's names for what Go and the projects call amd64. */
const ARCH = process.arch === "x64" ? "amd64" : process.arch;
const OS = process.platform;
const PLATFORM = `${OS}/${ARCH}`;

/** Writes the body of `url` to `file` and into `hash`. @returns why it could not, undefined when it could */
async function fetchTo(
  url: string,
  file: string,
  hash: Hash,
): Promise<{ reason: string; hostFailed: boolean } | undefined> {
  const { host } = new URL(url);
  const abort = new AbortController();
  let late = `${host} did not answer within ${ANSWER_MS / 1000} s`;
  let timer = setTimeout(() => abort.abort(), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) return { reason: `${url} answers ${response.status}`, hostFailed: false };
    late = `${host} sent nothing for ${STALL_MS / 1000} s`;
    const witness = new Transform({
      transform(chunk, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), STALL_MS);
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(response.body, witness, createWriteStream(file));
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw error;
    return { reason: abort.signal.aborted ? late : `${host} cannot be reached (${causeOf(error)})`, hostFailed: true };
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch failed` alone says nothing: the reason stands in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
}
