/** What is written down about an instance: its clusters, their ports and places. */
import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { defaultSecretsFolder, type Instance, stateFile } from "./instance";
import { SandboxError } from "./sandbox-error";

const port = z.number().int().min(1).max(65_535);

const Ports = z.strictObject({
  etcd: port,
  etcdPeer: port,
  apiServer: port,
  controllerManager: port,
  scheduler: port,
  kwok: port,
});

const ClusterState = z.strictObject({
  /** Name and context. */
  name: z.string(),
  /** Value of `topology.kubernetes.io/region` of its nodes. */
  region: z.string(),
  /** Values of `topology.kubernetes.io/zone` of its nodes. */
  zones: z.array(z.string()).min(1),
  /** Loopback ports of the control plane. */
  ports: Ports,
  /** Loopback ports of its host programs: program → listener → port. */
  programPorts: z.record(z.string(), z.record(z.string(), port)),
  /** Addresses of its LoadBalancer Services: the first three octets of a /24. */
  loadBalancerPrefix: z.string(),
  /** Unix socket of the way from kube-apiserver to Services. */
  egressSocket: z.string(),
  /** False until kwokctl has laid the cluster out completely. */
  created: z.boolean(),
  /** Digest of what kwokctl was configured with. */
  configurationDigest: z.string(),
});

const SandboxState = z.strictObject({
  version: z.literal(1),
  /** Where host programs leave the telemetry that nobody collects here. */
  telemetrySinkPort: port,
  /** Where the instance's secrets are, so that all who work on it agree whatever their environment says. */
  secretsFolder: z.string().optional(),
  clusters: z.array(ClusterState),
});

export type ClusterPorts = z.output<typeof Ports>;
export type ClusterState = z.output<typeof ClusterState>;
export type SandboxState = z.output<typeof SandboxState>;

/**
 * The state of an instance, or undefined when it was never up.
 *
 * @throws SandboxError when the file is not one of this version of Fleetwright
 */
export function readState(instance: Instance): SandboxState | undefined {
  const file = stateFile(instance);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return SandboxState.parse(JSON.parse(text));
  } catch (error) {
    throw new SandboxError(
      `${file} cannot be read, another version of Fleetwright may have written it: end the processes that it names and remove the file`,
      { cause: error },
    );
  }
}

/** Where the instance's secrets are: as it was when the instance was first up; before that, where they will be. */
export const secretsFolder = (instance: Instance): string =>
  readState(instance)?.secretsFolder ?? defaultSecretsFolder(instance);

/** Written by one rename, so that the supervisor never reads half of it. */
export async function writeState(instance: Instance, state: SandboxState): Promise<void> {
  await writeJson(stateFile(instance), state);
}

/** The state while clusters are brought up side by side: each change is on disk before the next. */
export class StateBook {
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly instance: Instance,
    public state: SandboxState,
  ) {}

  cluster(name: string): ClusterState {
    const cluster = this.state.clusters.find((candidate) => candidate.name === name);
    if (!cluster) throw new Error(`cluster ${name} is not in the state`);
    return cluster;
  }

  set(cluster: ClusterState): Promise<void> {
    const clusters = this.state.clusters.map((known) => (known.name === cluster.name ? cluster : known));
    this.state = { ...this.state, clusters };
    return this.write();
  }

  write(): Promise<void> {
    this.writing = this.writing.then(() => writeState(this.instance, this.state));
    return this.writing;
  }
}

/** Writes a file that others read while we write: complete, or not at all. */
export async function writeJson(file: string, body: unknown): Promise<void> {
  await mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(body, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
