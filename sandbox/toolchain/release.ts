/**
 * Official releases: the project's own file at its own address, taken only when its bytes have the pinned checksum.
 *
 * A release that cannot be reached is no error, since the tool can be built; a release with other bytes is one.
 */
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { download, type Unreachable } from "./download";
import type { Tool, Toolchain } from "./lock";
import { scratchFolder } from "./scratch";
import { ToolError } from "./tool-error";

/** Takes releases during one run, and remembers what it has and which hosts do not answer. */
export class Releases {
  private readonly unreachable = new Map<string, string>();
  private readonly files = new Map<string, string>();
  private folder: string | undefined;

  constructor(private readonly toolchain: Toolchain) {}

  /** The URL of the tool's release for this machine; undefined when the lock has none, or `FLEETWRIGHT_RELEASES` is `off`. */
  url(tool: Tool): string | undefined {
    if (process.env.FLEETWRIGHT_RELEASES === "off") return undefined;
    const release = tool.release && this.toolchain.releases[tool.release.name];
    return release?.platforms[PLATFORM] && this.here(tool, release.url);
  }

  /** Whether there is a release and nothing is known against its host. */
  mayCome(tool: Tool): boolean {
    const url = this.url(tool);
    return url !== undefined && !this.unreachable.has(new URL(url).host);
  }

  /**
   * Downloads the tool's program.
   *
   * @param onDownload called when a download begins, not when its bytes are here already or its host is known not to answer
   * @returns its path on the cache's file system, to be moved away, or the reason why the release cannot be had
   * @throws ToolError when the bytes are not the pinned ones
   */
  async take(tool: Tool, onDownload: () => void): Promise<{ file: string } | { reason: string }> {
    const url = this.url(tool);
    if (!url || !tool.release) return { reason: `no release is pinned for ${PLATFORM}` };
    const { host } = new URL(url);
    const known = this.unreachable.get(host);
    if (known !== undefined) return { reason: known };
    if (!this.files.has(url)) onDownload();
    const found = this.files.get(url) ?? (await this.fetch(tool, url));
    if (typeof found !== "string") {
      if (found.hostFailed) this.unreachable.set(host, found.reason);
      return { reason: found.reason };
    }
    const { member } = tool.release;
    return { file: member === undefined ? found : join(found, this.here(tool, member)) };
  }

  /** Removes what was downloaded and not installed. */
  async close() {
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  /** @returns the program, or the folder into which the release's archive was unpacked: all tools of it at once */
  private async fetch(tool: Tool, url: string): Promise<string | Unreachable> {
    const release = tool.release?.name ?? "";
    const file = join(await this.scratch(), `${release}.download`);
    const failure = await this.checked(tool, url, file);
    if (failure) return failure;
    const members = this.toolchain.tools.flatMap((other) =>
      other.release?.name === release && other.release.member !== undefined
        ? [this.here(other, other.release.member)]
        : [],
    );
    if (!members.length) return file;
    const unpacked = join(await this.scratch(), release);
    await mkdir(unpacked);
    const tar = await execa("tar", ["-xzf", file, "-C", unpacked, ...members], { reject: false });
    await rm(file);
    if (tar.failed)
      return { reason: `${url} could not be unpacked (${tar.stderr || tar.shortMessage})`, hostFailed: false };
    this.files.set(url, unpacked);
    return unpacked;
  }

  private async checked(tool: Tool, url: string, file: string): Promise<Unreachable | undefined> {
    const { sha256, sha512 } = this.toolchain.releases[tool.release?.name ?? ""]?.platforms[PLATFORM] ?? {};
    const algorithm = sha512 === undefined ? "sha256" : "sha512";
    const hash = createHash(algorithm);
    const failure = await download(url, file, hash);
    if (failure) return failure;
    const actual = hash.digest("hex");
    if (actual === (sha512 ?? sha256)) return undefined;
    throw new ToolError(
      `${tool.name} ${tool.version}: ${url} has ${algorithm} ${actual}, must have ${sha512 ?? sha256}, so nothing of it was installed. ` +
        `If a proxy answers in the project's place, try from another network; with FLEETWRIGHT_RELEASES=off the tool is built from its Go modules instead`,
    );
  }

  /** Fills in `{os}` and `{arch}` as the release spells them for this machine. */
  private here(tool: Tool, template: string): string {
    const arch = this.toolchain.releases[tool.release?.name ?? ""]?.platforms[PLATFORM]?.arch ?? ARCH;
    return template.replaceAll("{os}", OS).replaceAll("{arch}", arch);
  }

  private async scratch(): Promise<string> {
    this.folder ??= await scratchFolder(this.toolchain.cache);
    return this.folder;
  }
}

/** Go's names for this machine, which the projects use too; Node calls amd64 x64. */
const OS = process.platform;
const ARCH = process.arch === "x64" ? "amd64" : process.arch;
const PLATFORM = `${OS}/${ARCH}`;
