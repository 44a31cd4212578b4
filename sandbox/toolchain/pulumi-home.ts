/**
 * How Pulumi finds what is pinned: a home folder whose only plugin is the pinned Kubernetes provider, and a folder of programs for PATH.
 *
 *     <cache>/pulumi/<key>/plugins/resource-kubernetes-v<version>/pulumi-resource-kubernetes
 *     <cache>/bin/<key>/{pulumi,pulumi-language-nodejs,kubectl} ──▶ <cache>/tools/…
 */
import { createHash } from "node:crypto";
import { lstatSync, statSync } from "node:fs";
import { link, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cachedPath, installed } from "./cache";
import { withInstallLock } from "./install-lock";
import { type Toolchain, toolNamed } from "./lock";
import { scratchFolder } from "./scratch";
import { ToolError } from "./tool-error";

/**
 * What a person and the engine call by name. The provider stays out, since Pulumi warns at each run of a plugin on PATH;
 * the control plane's programs stay out, since only the sandbox starts them.
 */
const ON_PATH = ["pulumi", "pulumi-language-nodejs", "kubectl"];
const PROVIDER = "pulumi-resource-kubernetes";

/** Where the home folder is; it need not exist yet. A new provider gets a new one. */
export function homeFolder(toolchain: Toolchain): string {
  return join(toolchain.cache, "pulumi", keyOf([PROVIDER], toolchain));
}

/** Whether the home folder holds the pinned provider, whole. */
export function homeIsReady(toolchain: Toolchain): boolean {
  const provider = toolNamed(PROVIDER, toolchain);
  const plugin = join(homeFolder(toolchain), "plugins", `resource-kubernetes-v${provider.version}`, PROVIDER);
  const { size } = statSync(plugin, { throwIfNoEntry: false }) ?? {};
  const isWhole = size !== undefined && size === installed(cachedPath(provider, toolchain))?.bytes;
  return isWhole && statSync(logs(toolchain), { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Where the engine would keep a log of every run, in which every property of every resource is written and encrypted:
 * half of a preview's CPU time, and a copy of what is secret. A file in the folder's place keeps it from being written.
 *
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/logging/encrypted.go StartLogging has no switch
 */
const logs = (toolchain: Toolchain) => join(homeFolder(toolchain), "logs");

/** Where the folder for PATH is; it need not exist yet. */
export function programsFolder(toolchain: Toolchain): string {
  return join(toolchain.cache, "bin", keyOf(ON_PATH, toolchain));
}

/** Whether each program is there and is the pinned one. */
export function programsAreReady(toolchain: Toolchain): boolean {
  try {
    return ON_PATH.every((name) => {
      const program = cachedPath(toolNamed(name, toolchain), toolchain);
      const { dev, ino } = statSync(program);
      const linked = lstatSync(join(programsFolder(toolchain), name));
      return linked.ino === ino && linked.dev === dev && installed(program) !== undefined;
    });
  } catch {
    return false; // one is missing
  }
}

/**
 * Makes both folders where they are missing. The core tools are installed.
 *
 * @throws ToolError when Pulumi refuses the provider
 */
export async function layOut(toolchain: Toolchain) {
  if (homeIsReady(toolchain) && programsAreReady(toolchain)) return;
  await withInstallLock(
    join(toolchain.cache, "tools", ".locks", "pulumi-home"),
    () => {}, // the holder needs a second or two
    async () => {
      if (!programsAreReady(toolchain)) await linkPrograms(toolchain);
      if (!homeIsReady(toolchain)) await installProvider(toolchain);
    },
  );
}

async function linkPrograms(toolchain: Toolchain) {
  const folder = programsFolder(toolchain);
  await mkdir(dirname(folder), { recursive: true });
  const staging = await scratchFolder(toolchain.cache);
  // hard links: the engine looks for its language host beside itself, and warns where a symbolic link leads elsewhere
  for (const name of ON_PATH) await link(cachedPath(toolNamed(name, toolchain), toolchain), join(staging, name));
  await rm(folder, { recursive: true, force: true });
  await rename(staging, folder);
}

/** By Pulumi's own command, so that the folder is laid out as this engine expects it. */
async function installProvider(toolchain: Toolchain) {
  const provider = toolNamed(PROVIDER, toolchain);
  const home = homeFolder(toolchain);
  await mkdir(home, { recursive: true });
  const { failed, stderr } = await execa(
    cachedPath(toolNamed("pulumi", toolchain), toolchain),
    [
      "plugin",
      "install",
      "resource",
      "kubernetes",
      provider.version,
      "--reinstall",
      "--file",
      cachedPath(provider, toolchain),
    ],
    { env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" }, reject: false },
  );
  await rm(logs(toolchain), { recursive: true, force: true });
  await writeFile(logs(toolchain), "Not a folder, so that the engine writes no log of each run.\n");
  if (!failed && homeIsReady(toolchain)) return;
  throw new ToolError(
    `${PROVIDER} ${provider.version} could not be installed in ${home} (${stderr.trim() || "pulumi gave no reason"}): delete that folder and try again`,
  );
}

function keyOf(names: readonly string[], toolchain: Toolchain): string {
  const paths = names.map((name) => cachedPath(toolNamed(name, toolchain), toolchain));
  return createHash("sha256").update(paths.join("\0")).digest("hex").slice(0, 12);
}
