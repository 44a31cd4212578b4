/**
 * One part of Thanos as a workload: its command line, its certificate, its probes and metrics. All parts are one program,
 * and share what is said here.
 */
import { stringify } from "yaml";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { type Issuer, platformCertificate, tlsSecret } from "../platform-certificate";
import { type Workload, type WorkloadArgs, workload } from "../workload";
import type { ContainerPort, Size } from "../workload/container";
import type { Mount, Volume } from "../workload/volumes";
import { COMMON_NAME, GRPC_PORT, HTTP_PORT, THANOS_NAMESPACE } from "./names";

/** What one part may use; the request of memory is its limit, and the program is told so. */
export type PartSize = Pick<Size, "cpuMillicores" | "memoryMiB">;

/** What all parts share. */
export interface ThanosSettings {
  readonly image: string;
  readonly issuer: Issuer;
}

/** What is peculiar to one part. */
export interface ProcessArgs extends Omit<WorkloadArgs, "args" | "image" | "name" | "namespace"> {
  /** Name of its objects, DNS label. */
  readonly objectName: string;
  /** Subcommand of the program. */
  readonly subcommand: string;
  /** Its command line besides what all parts say: `--name=value`. */
  readonly flags: readonly string[];
  /** Configuration files by name, in the folder {@link CONFIGURATION_FOLDER}. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Whether it speaks gRPC: then it listens for it, with a certificate for these names besides those that all have.
   * @default it speaks HTTP only
   */
  readonly grpcNames?: readonly string[];
}

/** Where the Secret of its certificate is mounted. */
export const TLS_FOLDER = "/etc/thanos/tls";

/** Where its configuration files are mounted. */
export const CONFIGURATION_FOLDER = "/etc/thanos/configuration";

/** Where what it keeps lies. */
export const DATA_FOLDER = "/var/thanos";

/** Its HTTP: probes, metrics, and the API of those that have one. In the clear; the network policy says who gets there. */
export const HTTP: ContainerPort = { name: "http", port: HTTP_PORT, appProtocol: "http" };

/** Its gRPC, by mutual TLS. */
export const GRPC: ContainerPort = { name: "grpc", port: GRPC_PORT, appProtocol: "tls" };

const TLS_FILES = { cert: `${TLS_FOLDER}/tls.crt`, key: `${TLS_FOLDER}/tls.key`, ca: `${TLS_FOLDER}/ca.crt` };

/** Flags of a listener that serves only whoever has a certificate of the platform's CA; TLS 1.3, the program's default. */
export const serverTls = (prefix: string) => [
  `--${prefix}-cert=${TLS_FILES.cert}`,
  `--${prefix}-key=${TLS_FILES.key}`,
  `--${prefix}-client-ca=${TLS_FILES.ca}`,
];

/** Flags of a gRPC client that shows its certificate to parts of Thanos, and to nobody else. */
export const clientTls = (prefix: string) => [
  `--${prefix}-tls-secure`,
  `--${prefix}-tls-cert=${TLS_FILES.cert}`,
  `--${prefix}-tls-key=${TLS_FILES.key}`,
  `--${prefix}-tls-ca=${TLS_FILES.ca}`,
  `--${prefix}-server-name=${COMMON_NAME}`,
];

/** One configuration file as YAML. */
export const yamlFile = (value: object) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/** A part: its workload, with ConfigMap and Certificate in front where it needs them. */
export function thanosProcess(args: ProcessArgs, { image, issuer }: ThanosSettings): Workload {
  const { subcommand, files = {}, flags, grpcNames, mounts = [], ports = [], volumes = {}, ...rest } = args;
  const { component, objectName } = rest;
  const configuration = configMap(objectName, component, files);
  const speaksGrpc = grpcNames !== undefined;
  const made = workload({
    ...rest,
    namespace: THANOS_NAMESPACE,
    name: "thanos",
    image,
    args: [
      subcommand,
      `--http-address=:${HTTP_PORT}`,
      // nine tenths of the limit, the program's own share
      "--enable-auto-gomemlimit",
      ...(speaksGrpc ? [`--grpc-address=:${GRPC_PORT}`, ...serverTls("grpc-server-tls")] : []),
      ...flags,
    ],
    ports: [
      ...(speaksGrpc && !ports.some(({ name }) => name === GRPC.name) ? [GRPC] : []),
      ...(ports.some(({ name }) => name === HTTP.name) ? [] : [HTTP]),
      ...ports,
    ],
    mounts: [...mountsOf(configuration, speaksGrpc), ...mounts],
    volumes: {
      ...(configuration ? { configuration: { configMap: objectName } satisfies Volume } : {}),
      ...(speaksGrpc ? { tls: { secret: tlsSecret(objectName) } satisfies Volume } : {}),
      ...volumes,
    },
    restartsOn: configuration ? [configuration] : [],
    readiness: { how: { httpGet: "/-/ready", port: HTTP.name } },
    // half a minute without an answer: a busy part is slow, not dead
    liveness: { how: { httpGet: "/-/healthy", port: HTTP.name }, timeoutSeconds: 5 },
    scrape: { port: HTTP.name },
  });
  const labels = objectLabels("thanos", component);
  const own = `${objectName}.${THANOS_NAMESPACE}.svc`;
  return {
    ...made,
    objects: [
      ...(configuration ? [configuration] : []),
      ...(speaksGrpc
        ? [
            platformCertificate({
              namespace: THANOS_NAMESPACE,
              name: objectName,
              labels,
              dnsNames: [COMMON_NAME, own, ...grpcNames],
              issuer,
            }),
          ]
        : []),
      ...made.objects,
    ],
  };
}

function mountsOf(configuration: KubeObject | undefined, speaksGrpc: boolean): Mount[] {
  return [
    ...(configuration ? [{ volume: "configuration", path: CONFIGURATION_FOLDER }] : []),
    ...(speaksGrpc ? [{ volume: "tls", path: TLS_FOLDER }] : []),
  ];
}

function configMap(name: string, component: string, files: Readonly<Record<string, string>>): KubeObject | undefined {
  if (Object.keys(files).length === 0) return undefined;
  const metadata = { name, namespace: THANOS_NAMESPACE, labels: objectLabels("thanos", component) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: files };
}
