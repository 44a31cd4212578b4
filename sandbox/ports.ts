/**
 * Loopback ports that no two sandboxes of this user share, running or stopped.
 *
 * A port is claimed by a file that can be made only once, then tried by listening on it. The range lies below those from which Linux
 * (32768–60999) and macOS (49152–65535) take the near end of outgoing connections, so that none of those lands on a port of ours.
 */
import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { makePrivateFolder, temporaryFolder } from "./instance";
import { SandboxError } from "./sandbox-error";

/** Ports that may be given out, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export const PORT_RANGE: PortRange = { first: 21_000, last: 29_999 };

/** A claim whose sandbox was never written down is free again after this time: its command was killed. */
const ABANDONED_MS = 10 * 60 * 1000;

/**
 * Claims free ports on 127.0.0.1.
 *
 * @param owner folder of the instance
 * @param claims folder of the claims. @default one for all sandboxes of this user
 * @throws SandboxError when the range is used up
 */
export async function claimPorts(
  owner: string,
  count: number,
  claims = claimsFolder(),
  { first, last } = PORT_RANGE,
): Promise<number[]> {
  await makePrivateFolder(claims);
  const ports: number[] = [];
  const size = last - first + 1;
  const start = Math.floor(Math.random() * size); // starting apart keeps simultaneous commands from trying the same ports
  for (let step = 0; step < size && ports.length < count; step++) {
    const port = first + ((start + step) % size);
    if (!(await claimed(port, owner, claims))) continue;
    if (await isFree(port)) ports.push(port);
    else await rm(join(claims, String(port)), { force: true });
  }
  if (ports.length === count) return ports;
  throw new SandboxError(
    `${count} free ports are needed between ${first} and ${last}, only ${ports.length} are to be had: ` +
      `end other sandboxes by 'fleetwright sandbox down'`,
  );
}

/** Claims again what an instance has, after a restart of the machine emptied the temporary folder. */
export async function keepPorts(owner: string, ports: readonly number[], claims = claimsFolder()): Promise<void> {
  await makePrivateFolder(claims);
  for (const port of ports) await claimed(port, owner, claims); // one that another instance has since is told when it is needed
}

/** Gives back all ports of an instance. */
export async function releasePorts(owner: string, claims = claimsFolder()): Promise<void> {
  for (const port of await readdir(claims).catch(() => [])) {
    if ((await ownerOf(join(claims, port))) === owner) await rm(join(claims, port), { force: true });
  }
}

/** Whether nobody listens on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const claimsFolder = () => join(temporaryFolder(), "ports");

async function claimed(port: number, owner: string, claims: string): Promise<boolean> {
  const file = join(claims, String(port));
  await dropAbandoned(file);
  try {
    await writeFile(file, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function dropAbandoned(file: string): Promise<void> {
  const owner = await ownerOf(file);
  if (owner === undefined || existsSync(join(owner, "sandbox.json"))) return;
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  if (Date.now() - mtimeMs > ABANDONED_MS) await rm(file, { force: true });
}

const ownerOf = (file: string) => readFile(file, "utf8").catch(() => undefined);
