/**
 * Grafana as a workload. Everything that it shows comes from files; what people change, users and sessions, lies in a file
 * of one pod, or in a database of several.
 */
import { stringify } from "yaml";
import type { Peer } from "../flow";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { type Issuer, platformCertificate, tlsSecret } from "../platform-certificate";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import type { Mount, Volume } from "../workload/volumes";
import { dashboardFiles, HOME_DASHBOARD } from "./dashboards";
import type { Database } from "./database";
import { FOLDERS, GRAFANA, GRAFANA_NAMESPACE, GRAFANA_PORT, PLATFORM_FOLDER } from "./names";
import { INI, iniFile } from "./settings";
import { type Sources, sourcesFile, sourceUid } from "./sources";

export interface ServerArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Who signs the certificate that Grafana shows to stores. */
  readonly issuer: Issuer;
  /** Secret with the administrator's password and the key that the database is encrypted with. */
  readonly secretName: string;
  /** URL by which people reach it. */
  readonly rootUrl: string;
  /** Whose data is meant where no tenant is. */
  readonly platformTenant: string;
  /** Tenants, each with sources of its own. */
  readonly tenants: readonly string[];
  /** What it asks. */
  readonly sources: Sources;
  /** Undefined: one pod, with a file. */
  readonly database: Database | undefined;
  /** Pods, where there is a database. */
  readonly replicas: number;
  /** GiB of the volume, where there is none. */
  readonly storageGiB: number;
  /** StorageClass of the volume; undefined for the default one. */
  readonly storageClassName: string | undefined;
  /** What one pod may use. */
  readonly size: Pick<Size, "cpuMillicores" | "memoryMiB">;
  /** Who connects to it. */
  readonly reachedFrom: readonly Peer[];
}

const CONFIGURATION = GRAFANA;
const DASHBOARDS = `${GRAFANA}-dashboards`;
const SOURCES_FILE = "sources.yaml";
const PROVIDERS_FILE = "providers.yaml";

const labels = objectLabels(GRAFANA, "server");

/** The user of the image, which owns nothing that it writes here. */
const USER_ID = 472;

/** Grafana, its configuration, its dashboards and its certificate. */
export function server(args: ServerArgs): Workload {
  const { database, image, issuer, reachedFrom, size, sources } = args;
  const configuration = configMap(CONFIGURATION, {
    [INI]: iniFile({ database, rootUrl: args.rootUrl, homeDashboard: `${FOLDERS.dashboards}/${HOME_DASHBOARD}` }),
    [SOURCES_FILE]: yaml(sourcesFile(sources, args.platformTenant, args.tenants)),
    [PROVIDERS_FILE]: yaml(providersFile()),
  });
  const dashboards = configMap(DASHBOARDS, dashboardFiles(homeSource(args)));
  const certificate = platformCertificate({
    namespace: GRAFANA_NAMESPACE,
    name: GRAFANA,
    labels,
    dnsNames: [`${GRAFANA}.${GRAFANA_NAMESPACE}.svc`],
    issuer,
  });
  const { mounts, volumes } = files(args);
  const probe = { how: { httpGet: "/api/health", port: "http" } };
  const made = workload({
    namespace: GRAFANA_NAMESPACE,
    name: GRAFANA,
    component: "server",
    objectName: GRAFANA,
    ...kept(args),
    image,
    userId: USER_ID,
    size,
    env: [
      // the image names folders of its own in these, and they count more than what the file says
      { name: "GF_PATHS_CONFIG", value: `${FOLDERS.configuration}/${INI}` },
      { name: "GF_PATHS_DATA", value: FOLDERS.data },
      { name: "GF_PATHS_PROVISIONING", value: `${FOLDERS.configuration}/provisioning` },
      // four fifths of its memory: from there on garbage is collected harder
      { name: "GOMEMLIMIT", value: `${Math.floor(size.memoryMiB * 0.8)}MiB` },
    ],
    ports: [{ name: "http", port: GRAFANA_PORT, servicePort: GRAFANA_PORT, appProtocol: "http" }],
    mounts,
    volumes,
    restartsOn: [configuration],
    // a new database takes a minute to be laid out
    startup: { ...probe, periodSeconds: 5, failureThreshold: 36 },
    readiness: probe,
    liveness: { ...probe, timeoutSeconds: 10 },
    scrape: { port: "http" },
    receives: reachedFrom.map((from) => ({ from, ports: ["http"], why: "people look at dashboards" })),
    reaches: [
      ...Object.values(sources).map(({ ports, to }) => ({ to, ports, why: "dashboards ask the stores" })),
      ...(database ? [{ to: database.to, ports: database.ports, why: "users and sessions are kept" }] : []),
    ],
  });
  return { ...made, objects: [configuration, dashboards, longLived(certificate), ...made.objects] };
}

/** The source that dashboards ask; where there are no metrics they say so. */
const homeSource = ({ platformTenant, sources: { metrics } }: ServerArgs) =>
  metrics ? sourceUid("metrics", metrics, platformTenant) : "metrics";

/** One pod with a volume, or several with a database. */
function kept({ database, replicas, storageClassName, storageGiB }: ServerArgs) {
  if (database) return { replicas };
  return {
    kind: "StatefulSet",
    replicas: 1,
    podDepartures: {
      singleReplica:
        "its database is a file, which one process writes; while it is away nobody sees a dashboard, and every alert is sent all the same",
    },
    claims: { data: { sizeGiB: storageGiB, ...(storageClassName === undefined ? {} : { storageClassName }) } },
  } as const;
}

/** Each file where Grafana looks for its kind. */
function files({ database, secretName }: ServerArgs): { mounts: Mount[]; volumes: Record<string, Volume> } {
  const { configuration, dashboards, data, secrets, tls } = FOLDERS;
  const provisioning = `${configuration}/provisioning`;
  const from = (path: string, subPath: string): Mount => ({ volume: "configuration", path, subPath });
  return {
    mounts: [
      from(`${configuration}/${INI}`, INI),
      from(`${provisioning}/datasources/${SOURCES_FILE}`, SOURCES_FILE),
      from(`${provisioning}/dashboards/${PROVIDERS_FILE}`, PROVIDERS_FILE),
      { volume: "dashboards", path: dashboards },
      { volume: "secrets", path: secrets },
      { volume: "tls", path: tls },
      ...(database ? [{ volume: "database", path: FOLDERS.database }] : []),
      { volume: "data", path: data },
      { volume: "scratch", path: "/tmp" },
    ],
    volumes: {
      configuration: { configMap: CONFIGURATION },
      dashboards: { configMap: DASHBOARDS },
      secrets: { secret: secretName },
      tls: { secret: tlsSecret(GRAFANA) },
      scratch: { scratchMiB: 256 },
      ...(database ? { database: { secret: database.secretName }, data: { scratchMiB: 1024 } } : {}),
    },
  };
}

/** Dashboards are read again when their files change; nobody saves others in their place. */
function providersFile(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "platform",
        orgId: 1,
        folder: PLATFORM_FOLDER,
        type: "file",
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: FOLDERS.dashboards },
      },
    ],
  };
}

/**
 * A year, renewed after a half: Grafana reads certificates of sources when it starts and not again. An alert says when one
 * has run for longer than is good.
 */
function longLived(certificate: KubeObject): KubeObject {
  return {
    ...certificate,
    spec: { ...(certificate.spec as object), duration: "8760h0m0s", renewBefore: "4380h0m0s" },
  };
}

const yaml = (value: object) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

const configMap = (name: string, data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: GRAFANA_NAMESPACE, labels },
  data,
});
