/**
 * One running sandbox: a folder in the project, and names for all that lies in it.
 *
 *     <project root>/.fleetwright/<instance>/
 *       sandbox.json           which clusters, which ports        (written by the command, read by the supervisor)
 *       supervisor.json        the supervisor and its programs    (written by the supervisor, read by the command)
 *       kubeconfig             contexts hub, east, west
 *       clusters/<cluster>/    kwokctl's own: processes, data, certificates, logs
 *       configuration/         what kwokctl and kube-apiserver are configured with
 *       programs/<cluster>/    host programs: arguments, mounted files, logs
 *       paused/<cluster>/      a file per host program that is not to be restarted
 *
 * Secrets alone lie elsewhere, outside of the checkout: {@link secretsFolder}.
 */
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { SandboxError, SandboxInputError } from "./sandbox-error";

/** Longest path of a Unix socket, bytes: `sun_path` holds 104 with its closing zero on macOS, 108 on Linux. */
const SOCKET_PATH_BYTES = 103;

/** Where an instance keeps its things; all paths are absolute. */
export interface Instance {
  readonly name: string;
  readonly folder: string;
}

/**
 * @param projectRoot folder of the project, which exists
 * @param name DNS label of at most 40 characters. @default default
 * @throws SandboxError when the name is not one
 */
export function instanceAt(projectRoot: string, name = "default"): Instance {
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw new SandboxInputError(
      `--instance is '${name}', must be a DNS label of at most 40 characters: lower-case letters, digits and '-'`,
    );
  }
  return { name, folder: join(realpathSync(projectRoot), ".fleetwright", name) };
}

export const stateFile = ({ folder }: Instance) => join(folder, "sandbox.json");
export const supervisorFile = ({ folder }: Instance) => join(folder, "supervisor.json");
export const supervisorLog = ({ folder }: Instance) => join(folder, "supervisor.log");
export const lockFile = ({ folder }: Instance) => join(folder, "sandbox.lock");
export const kubeconfigFile = ({ folder }: Instance) => join(folder, "kubeconfig");
export const clusterFolder = ({ folder }: Instance, cluster: string) => join(folder, "clusters", cluster);
export const configurationFolder = ({ folder }: Instance) => join(folder, "configuration");
export const programFolder = ({ folder }: Instance, cluster: string, program: string) =>
  join(folder, "programs", cluster, program);
export const pauseFile = ({ folder }: Instance, cluster: string, program: string) =>
  join(folder, "paused", cluster, program);

/** The user's own folder for what must lie outside the project: short sockets and port claims. */
export const temporaryFolder = () => join(tmpdir(), `fleetwright-${userInfo().uid}`);

/** A short name of the instance that no other has. */
const digestOf = ({ folder }: Instance) => createHash("sha256").update(folder).digest("hex").slice(0, 12);

/**
 * Where the instance's secrets are: among what programs keep of this user's (`$XDG_STATE_HOME`, default
 * `~/.local/state`), so that no search, commit or archive of the checkout has them.
 */
export function secretsFolder(instance: Instance): string {
  const { XDG_STATE_HOME: own } = process.env;
  // the XDG base directory specification: a relative path is invalid and ignored
  const home = own && isAbsolute(own) ? own : join(homedir(), ".local", "state");
  return join(home, "fleetwright", "secrets", digestOf(instance));
}

/** Where sockets go when the instance's folder has too long a path: a short one that only this user can enter. */
const shortFolder = (instance: Instance) => join(temporaryFolder(), digestOf(instance));

/** Unix socket on which the supervisor takes a cluster's connections to Services. */
export function egressSocket(instance: Instance, cluster: string): string {
  const near = join(instance.folder, "egress", `${cluster}.sock`);
  return Buffer.byteLength(near) <= SOCKET_PATH_BYTES ? near : join(shortFolder(instance), `${cluster}.sock`);
}

/**
 * Makes a folder that only this user can enter.
 *
 * @throws SandboxError when somebody else made it first
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(folder);
  if (uid === userInfo().uid && (mode & 0o022) === 0) return;
  throw new SandboxError(`${folder} belongs to user ${uid} or is writable by others: remove it, then try again`);
}

/** Removes all that the sandbox made in the instance's folder, its lock excepted. */
export async function removeInstance(instance: Instance): Promise<void> {
  const ours = [
    "sandbox.json",
    "supervisor.json",
    "supervisor.log",
    "kubeconfig",
    "clusters",
    "cache",
    "configuration",
  ];
  for (const name of [...ours, "programs", "paused", "egress", "logs"]) {
    await rm(join(instance.folder, name), { recursive: true, force: true });
  }
  await rm(shortFolder(instance), { recursive: true, force: true });
  await rm(secretsFolder(instance), { recursive: true, force: true });
}
