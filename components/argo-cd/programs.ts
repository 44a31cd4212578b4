/**
 * Argo CD's programs, from upstream's Deployments and StatefulSet: pinned, sized, probed, spread, restricted.
 */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { bytesQuantity, cpuQuantity } from "../quantity";
import type { Size } from "../workload/container";
import { disruptionBudget } from "../workload/objects";
import { spread } from "../workload/pod";

/** What is changed about one program. */
export interface ProgramChanges {
  readonly image: string;
  readonly size: Size;
  /** Pods. */
  readonly replicas: number;
  /** User of the process, as the image declares it. */
  readonly user: number;
  /** Its group, as the image declares it. */
  readonly group: number;
  /** Probes that upstream does not have. @default none */
  readonly probes?: Readonly<Record<string, object>>;
  /** Names that upstream's ports lack, by number. @default none */
  readonly portNames?: Readonly<Record<number, string>>;
  /** Init containers that do not run. @default none */
  readonly droppedInitContainers?: readonly string[];
  /** Volumes that are not mounted. @default none */
  readonly droppedVolumes?: readonly string[];
  /** Volumes of Secrets that differ from upstream's, by name. @default none */
  readonly secrets?: Readonly<Record<string, { readonly secretName: string; readonly items: readonly object[] }>>;
  /** Most that a scratch volume may take, MiB, by name. @default 64 */
  readonly scratchMiB?: Readonly<Record<string, number>>;
  /** Whether it talks to the API server of its cluster. */
  readonly apiToken: boolean;
  /** `argocd-cmd-params-cm`: what is not set there is not read, and a change restarts the pods. */
  readonly settings: Readonly<Record<string, string>>;
}

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly valueFrom?: { readonly configMapKeyRef?: { readonly key: string } } }[];
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[];
  readonly volumeMounts?: readonly { readonly name: string }[];
}

interface Volume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly secret?: object;
}

interface PodSpec {
  readonly affinity?: object;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Spec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: PodSpec;
  };
}

/** A copy of the binary is all that init containers make. */
const INIT_SIZE: Size = { cpuMillicores: 10, memoryMiB: 64 };

/** The program with its changes. */
export function program(workload: KubeObject, changes: ProgramChanges): KubeObject {
  const spec = workload.spec as Spec;
  const kind = workload.kind === "StatefulSet" ? "StatefulSet" : "Deployment";
  const { affinity: _, initContainers: theirs = [], ...podSpec } = spec.template.spec;
  const { droppedInitContainers = [], settings } = changes;
  requireNames(workload, "init container", droppedInitContainers, theirs);
  const initContainers = theirs.filter(({ name }) => !droppedInitContainers.includes(name));
  const configuration = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  return {
    ...workload,
    spec: {
      ...spec,
      replicas: changes.replicas,
      revisionHistoryLimit: 3,
      ...(kind === "Deployment"
        ? { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }
        : {}),
      template: {
        metadata: {
          ...spec.template.metadata,
          annotations: { "fleetwright.dev/configuration": configuration },
        },
        spec: {
          ...podSpec,
          automountServiceAccountToken: changes.apiToken,
          enableServiceLinks: false,
          priorityClassName: "platform",
          securityContext: podSecurity(changes),
          topologySpreadConstraints: spread({ kind }, spec.selector.matchLabels),
          ...(initContainers.length > 0 ? { initContainers: initContainers.map((one) => init(one, changes)) } : {}),
          containers: podSpec.containers.map((one) => container(one, changes)),
          ...(podSpec.volumes ? { volumes: volumes(workload, podSpec.volumes, changes) } : {}),
        },
      },
    },
  };
}

/** At most one pod is away by choice; none for a program that runs once. */
export function budget(workload: KubeObject, replicas: number): KubeObject[] {
  const { name, namespace = "" } = workload.metadata;
  const selector = (workload.spec as Spec).selector.matchLabels;
  return disruptionBudget({ name, namespace, labels: objectLabels("argo-cd"), selector }, replicas);
}

const podSecurity = ({ group, user }: ProgramChanges) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: group,
  fsGroup: group,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
});

function container(one: Container, changes: ProgramChanges): object {
  const { droppedVolumes = [], image, portNames = {}, probes = {}, settings, size } = changes;
  const isSet = ({ valueFrom }: NonNullable<Container["env"]>[number]) =>
    valueFrom?.configMapKeyRef === undefined || valueFrom.configMapKeyRef.key in settings;
  return {
    ...one,
    image,
    // pinned by digest, another pull cannot bring another image
    imagePullPolicy: "IfNotPresent",
    ...(one.env ? { env: one.env.filter(isSet) } : {}),
    ...(one.ports
      ? {
          ports: one.ports.map((port) => ({
            name: port.name ?? portNames[port.containerPort],
            ...port,
            protocol: "TCP",
          })),
        }
      : {}),
    ...probes,
    resources: resources(size),
    ...(one.volumeMounts
      ? { volumeMounts: one.volumeMounts.filter(({ name }) => !droppedVolumes.includes(name)) }
      : {}),
    securityContext: restricted(changes),
  };
}

const init = (one: Container, changes: ProgramChanges) => ({
  ...one,
  image: changes.image,
  imagePullPolicy: "IfNotPresent",
  resources: resources(INIT_SIZE),
  securityContext: restricted(changes),
});

const restricted = ({ group, user }: ProgramChanges) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: group,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
});

function resources({ cpuLimitMillicores, cpuMillicores, memoryLimitMiB, memoryMiB }: Size): object {
  return {
    requests: { cpu: cpuQuantity(cpuMillicores), memory: bytesQuantity(memoryMiB) },
    limits: {
      ...(cpuLimitMillicores === undefined ? {} : { cpu: cpuQuantity(cpuLimitMillicores) }),
      memory: bytesQuantity(memoryLimitMiB ?? memoryMiB),
    },
  };
}

function volumes(workload: KubeObject, all: readonly Volume[], changes: ProgramChanges): Volume[] {
  const { droppedVolumes = [], scratchMiB = {}, secrets = {} } = changes;
  requireNames(workload, "volume", [...droppedVolumes, ...Object.keys(secrets), ...Object.keys(scratchMiB)], all);
  return all
    .filter(({ name }) => !droppedVolumes.includes(name))
    .map((volume) => {
      const secret = secrets[volume.name];
      if (secret) return { name: volume.name, secret: { ...secret, defaultMode: 0o440, optional: false } };
      if (volume.emptyDir === undefined) return volume;
      return { ...volume, emptyDir: { sizeLimit: bytesQuantity(scratchMiB[volume.name] ?? 64) } };
    });
}

/** @throws Error when upstream no longer has what is changed here */
function requireNames(
  { metadata }: KubeObject,
  what: string,
  wanted: readonly string[],
  found: readonly { readonly name: string }[],
): void {
  const missing = wanted.find((name) => !found.some((one) => one.name === name));
  if (missing === undefined) return;
  throw new Error(
    `argo-cd: ${metadata.name} no longer has the ${what} ${missing}: compare its overlay with the new version`,
  );
}
