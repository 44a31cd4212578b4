/**
 * One container of a workload, restricted by default.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
import { bytesQuantity, cpuQuantity } from "../quantity";
import type { ContainerDepartures } from "./departures";
import { containerMounts, type Mount } from "./volumes";

/** The user that images built without a shell declare as `nonroot`; it owns no file of the node. */
export const NONROOT_ID = 65_532;

/** What a container may use. */
export interface Size {
  /** CPU request, thousandths of a core, at least 1. */
  readonly cpuMillicores: number;
  /** Memory request, MiB, at least 4, the least with which container runtimes start a process. */
  readonly memoryMiB: number;
  /** CPU limit. @default none: a limit throttles while the node is idle, the request already shares it fairly */
  readonly cpuLimitMillicores?: number;
  /** Memory limit. @default the request: memory cannot be taken back, so what is promised is what may be used */
  readonly memoryLimitMiB?: number;
}

/** A port on which a container listens. */
export interface ContainerPort {
  /** 1–15 lower-case letters, digits and `-` (IANA service name). */
  readonly name: string;
  /** 1–65535; 1024 at least unless the container has NET_BIND_SERVICE. */
  readonly port: number;
  /** Port of the Service that leads here. @default none: the Service does not expose it */
  readonly servicePort?: number;
  /** @default TCP */
  readonly protocol?: "TCP" | "UDP" | "SCTP";
  /** What is spoken on it, for meshes and gateways: `http`, `grpc`, `https`. @default none, unknown to the mesh */
  readonly appProtocol?: string;
}

/** How the kubelet asks a container about itself. Times have the API's own defaults where none is given. */
export interface Probe {
  readonly how:
    | { readonly httpGet: string; readonly port: string; readonly scheme?: "HTTP" | "HTTPS" }
    | { readonly tcp: string }
    | { readonly grpc: number; readonly service?: string }
    | { readonly exec: readonly string[] };
  /** Seconds before the first question, 0–3600. @default 0, the API's own */
  readonly initialDelaySeconds?: number;
  /** Seconds between questions, 1–3600. @default 10, the API's own */
  readonly periodSeconds?: number;
  /** Seconds until no answer is a failure, 1–3600. @default 1, the API's own */
  readonly timeoutSeconds?: number;
  /** Failures in a row that count, 1–100. @default 3, the API's own */
  readonly failureThreshold?: number;
}

/** An environment variable: a value, a field of the pod, or a key of a Secret. */
export type Variable =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly fieldPath: string }
  | { readonly name: string; readonly resource: string }
  | { readonly name: string; readonly secret: string; readonly key: string };

export interface ContainerArgs {
  /** `registry/repository:tag@sha256:digest`, as the image lock gives it. */
  readonly image: string;
  /** @default the image's own entry point */
  readonly command?: readonly string[];
  /** @default none */
  readonly args?: readonly string[];
  /** @default none */
  readonly env?: readonly Variable[];
  /** @default none: nothing connects to it */
  readonly ports?: readonly ContainerPort[];
  /** What it asks for, and the most that it gets. */
  readonly size: Size;
  /** When to send traffic. Required where a Service leads here, unless a departure says why not. */
  readonly readiness?: Probe;
  /** When to restart. @default none: a program that ends by itself when it is stuck needs none */
  readonly liveness?: Probe;
  /** When the other probes begin. @default none: at once */
  readonly startup?: Probe;
  /** @default none */
  readonly mounts?: readonly Mount[];
  /** User and group of the process, 1 at least. @default 65532, `nonroot` of images without a shell */
  readonly userId?: number;
  /** Where the container is less safe than the default, each with its reason. @default nowhere */
  readonly departures?: ContainerDepartures;
}

/** A container of a pod, as the API spells it. `writable` as in {@link containerMounts}. */
export function container(
  owner: string,
  name: string,
  args: ContainerArgs,
  writable: (volume: string) => boolean | undefined,
): object {
  checkContainer(owner, args);
  const { departures = {}, env = [], mounts = [], ports = [], size } = args;
  return {
    name,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    ...(args.command ? { command: args.command } : {}),
    ...(args.args ? { args: args.args } : {}),
    ...(env.length > 0 ? { env: env.map(variable) } : {}),
    ...(ports.length > 0
      ? {
          ports: ports.map((port) => ({ name: port.name, containerPort: port.port, protocol: port.protocol ?? "TCP" })),
        }
      : {}),
    resources: resources(size),
    ...(args.startup ? { startupProbe: probe(args.startup) } : {}),
    ...(args.readiness ? { readinessProbe: probe(args.readiness) } : {}),
    ...(args.liveness ? { livenessProbe: probe(args.liveness) } : {}),
    ...(mounts.length > 0 ? { volumeMounts: containerMounts(owner, mounts, writable) } : {}),
    securityContext: securityContext(args.userId ?? NONROOT_ID, departures),
  };
}

/** Requests and limits, as the API spells them. */
function resources({ cpuMillicores, cpuLimitMillicores, memoryMiB, memoryLimitMiB = memoryMiB }: Size): object {
  return {
    requests: { cpu: cpuQuantity(cpuMillicores), memory: bytesQuantity(memoryMiB) },
    limits: {
      ...(cpuLimitMillicores === undefined ? {} : { cpu: cpuQuantity(cpuLimitMillicores) }),
      memory: bytesQuantity(memoryLimitMiB),
    },
  };
}

function securityContext(userId: number, departures: ContainerDepartures): object {
  const { addedCapabilities, privileged, runsAsRoot, unconfinedAppArmor, writableRootFilesystem } = departures;
  const user = runsAsRoot === undefined ? userId : 0;
  return {
    runAsNonRoot: runsAsRoot === undefined,
    runAsUser: user,
    runAsGroup: user,
    privileged: privileged !== undefined,
    // the API refuses a privileged container that may not escalate
    allowPrivilegeEscalation: privileged !== undefined,
    readOnlyRootFilesystem: writableRootFilesystem === undefined,
    capabilities: { drop: ["ALL"], ...(addedCapabilities ? { add: addedCapabilities.capabilities } : {}) },
    seccompProfile: { type: privileged === undefined ? "RuntimeDefault" : "Unconfined" },
    // the runtime's own is the API's default
    ...(unconfinedAppArmor === undefined ? {} : { appArmorProfile: { type: "Unconfined" } }),
  };
}

function probe({ how, ...times }: Probe): object {
  if ("tcp" in how) return { tcpSocket: { port: how.tcp }, ...times };
  if ("exec" in how) return { exec: { command: how.exec }, ...times };
  if ("grpc" in how) return { grpc: { port: how.grpc, ...(how.service ? { service: how.service } : {}) }, ...times };
  return { httpGet: { path: how.httpGet, port: how.port, scheme: how.scheme ?? "HTTP" }, ...times };
}

function variable(from: Variable): object {
  if ("value" in from) return { name: from.name, value: from.value };
  if ("secret" in from) return { name: from.name, valueFrom: { secretKeyRef: { name: from.secret, key: from.key } } };
  if ("resource" in from) return { name: from.name, valueFrom: { resourceFieldRef: { resource: from.resource } } };
  return { name: from.name, valueFrom: { fieldRef: { fieldPath: from.fieldPath } } };
}

/** @throws Error naming the field, its value and the bound */
function checkContainer(owner: string, { departures = {}, ports = [], readiness, size, userId }: ContainerArgs): void {
  const atLeast = (field: string, value: number, bound: number) => {
    if (!Number.isInteger(value) || value < bound) {
      throw new Error(`${owner}: ${field} is ${value}, must be a whole number of at least ${bound}`);
    }
  };
  atLeast("size.cpuMillicores", size.cpuMillicores, 1);
  atLeast("size.memoryMiB", size.memoryMiB, 4);
  atLeast("size.cpuLimitMillicores", size.cpuLimitMillicores ?? size.cpuMillicores, size.cpuMillicores);
  atLeast("size.memoryLimitMiB", size.memoryLimitMiB ?? size.memoryMiB, size.memoryMiB);
  if (userId !== undefined) atLeast("userId", userId, 1);
  const bindsLow = departures.privileged || departures.addedCapabilities?.capabilities.includes("NET_BIND_SERVICE");
  for (const { name, port } of ports) {
    if (!/^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 15) {
      throw new Error(`${owner}: port name is "${name}", must be 1–15 lower-case letters, digits and '-' (IANA)`);
    }
    if (port > 65_535) throw new Error(`${owner}: port ${name} is ${port}, must be at most 65535`);
    atLeast(`port ${name}`, port, bindsLow ? 1 : 1024);
  }
  const served = ports.find(({ servicePort }) => servicePort !== undefined);
  if (served && readiness === undefined && departures.withoutReadinessProbe === undefined) {
    throw new Error(
      `${owner}: readiness is missing although a Service leads to port ${served.name}: give a probe, ` +
        "or say in departures.withoutReadinessProbe why there is none",
    );
  }
}
