/**
 * Grafana: metrics, logs, traces and alerts of all clusters, to look at. On the hub only. All that it shows comes from files:
 * sources per tenant, dashboards as code. Nobody gets in without a name.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
import { App, Chart } from "cdk8s";
import type { Peer } from "./flow";
import { GRAFANA_ALERTS } from "./grafana/alerts";
import { checkDatabase, type Database } from "./grafana/database";
import { GRAFANA_NAMESPACE } from "./grafana/names";
import { type ServerArgs, server } from "./grafana/server";
import { SECRET_KEYS } from "./grafana/settings";
import type { Sources } from "./grafana/sources";
import { objectsOf } from "./kube-object";
import { requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import type { Part } from "./part";
import type { Issuer } from "./platform-certificate";
import { type SecretReference, storeEntry } from "./secret-reference";
import type { Workload } from "./workload";

export interface GrafanaArgs {
  /** Name of the environment, a DNS label: where in the secret store the Secret comes from. */
  readonly environment: string;
  /** `registry/repository:tag@sha256:digest`, as the image lock gives it. */
  readonly image: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that certificates can be waited for. */
  readonly issuer: Issuer;
  /** Secret in namespace `grafana` with the keys `admin-password` and `secret-key`, 32 random characters each. @default grafana-admin */
  readonly secretName?: string;
  /** URL by which people reach it; cookies are sent back by `https` or to this machine only. @default http://localhost:3000/, for `kubectl port-forward` */
  readonly rootUrl?: string | undefined;
  /** Whose data the platform's own sources ask for, a DNS label. */
  readonly platformTenant: string;
  /** Tenants that get sources of their own, DNS labels. */
  readonly tenants: readonly string[];
  /** Stores that there are. Without metrics no dashboard has an answer. */
  readonly sources: Sources;
  /** Database of several pods. @default none: one pod, whose database is a file */
  readonly database?: Database | undefined;
  /** Pods, 2–10, where there is a database. @default 2, so that one is left when a node is drained */
  readonly replicas?: number;
  /** GiB of the volume where there is no database, 1–1024. @default 5 */
  readonly storageGiB?: number;
  /** StorageClass of the volume, a DNS label. @default the cluster's default class */
  readonly storageClassName?: string | undefined;
  /** What one pod may use: CPU at least 50 millicores, memory at least 256 MiB. Upstream sets nothing. @default 100 millicores and 512 MiB */
  readonly size?: ServerArgs["size"];
  /** Who connects to it, such as the pods of a gateway. @default nobody: people forward its port */
  readonly reachedFrom?: readonly Peer[];
}

/** Secret of the administrator, where nothing else is said. */
const ADMIN_SECRET = "grafana-admin";

/**
 * The manifests of Grafana.
 *
 * @throws Error naming the field, its value and the bound
 */
export class GrafanaChart extends Chart {
  constructor(args: GrafanaArgs) {
    super(new App(), "grafana", { disableResourceNameHashes: true });
    checkArgs(args);
    for (const object of grafana(args).objects) new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
  }
}

/** All of it. */
export function grafanaPart(args: GrafanaArgs): Part {
  const objects = objectsOf(new GrafanaChart(args));
  const { departures, flows, scrapeTarget } = grafana(args);
  return {
    name: "grafana",
    namespaces: [{ name: GRAFANA_NAMESPACE }],
    flows,
    objects,
    scrapeTargets: scrapeTarget ? [scrapeTarget] : [],
    secrets: secretsOf(args),
    alerts: GRAFANA_ALERTS,
    departures,
  };
}

/** Two random values, which the secret store keeps; the password of the database is whoever's who runs it. */
function secretsOf({ database, environment, secretName = ADMIN_SECRET }: GrafanaArgs): SecretReference[] {
  const admin = storeEntry(environment, "grafana", "admin");
  const keys = Object.fromEntries(
    Object.values(SECRET_KEYS).map((key) => [key, { entry: admin, property: key }] as const),
  );
  const stored = storeEntry(environment, "grafana", "database");
  return [
    {
      namespace: GRAFANA_NAMESPACE,
      name: secretName,
      keys,
      origin: "generated",
      why: "Grafana's administrator logs in, and its database is encrypted",
    },
    ...(database
      ? [
          {
            namespace: GRAFANA_NAMESPACE,
            name: database.secretName,
            keys: {
              password: { entry: stored, property: "password" },
              "ca.crt": { entry: stored, property: "ca" },
            },
            origin: "brought" as const,
            why: "Grafana logs in to its database, and knows it by its CA",
          },
        ]
      : []),
  ];
}

function grafana(args: GrafanaArgs): Workload {
  const { image, issuer, platformTenant, sources, tenants } = args;
  return server({
    image,
    issuer,
    platformTenant,
    sources,
    tenants,
    secretName: args.secretName ?? ADMIN_SECRET,
    rootUrl: args.rootUrl ?? "http://localhost:3000/",
    database: args.database,
    replicas: args.replicas ?? 2,
    storageGiB: args.storageGiB ?? 5,
    storageClassName: args.storageClassName,
    size: args.size ?? { cpuMillicores: 100, memoryMiB: 512 },
    reachedFrom: args.reachedFrom ?? [],
  });
}

/** @throws Error naming the field, its value and the bound; ports and mounts are checked where they are used */
function checkArgs(args: GrafanaArgs): void {
  const { database, platformTenant, replicas, rootUrl, size, sources, storageGiB, tenants } = args;
  const whose = "grafana";
  requireDnsLabel(whose, "environment", args.environment);
  requireDnsLabel(whose, "platformTenant", platformTenant);
  requireDnsLabel(whose, "issuer.name", args.issuer.name);
  for (const tenant of tenants) requireDnsLabel(whose, "tenants", tenant);
  if (tenants.includes(platformTenant)) {
    throw new Error(`${whose}: tenants has "${platformTenant}", must be other names: it is the platform's own`);
  }
  if (args.image.trim() === "") {
    throw new Error(`${whose}: image is empty, must be registry/repository:tag@sha256:digest`);
  }
  if (rootUrl !== undefined && !/^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?\/([\w-]+\/)*$/.test(rootUrl)) {
    throw new Error(
      `${whose}: rootUrl is "${rootUrl}", must be a URL that begins with https:// and ends with /: cookies are sent by https only`,
    );
  }
  for (const [kind, { serverName, url }] of Object.entries(sources)) {
    const scheme = serverName === undefined ? "http" : "https";
    if (!new RegExp(`^${scheme}://[a-z0-9.-]+:[0-9]{1,5}$`).test(url)) {
      const why = serverName === undefined ? "without serverName" : "with serverName";
      throw new Error(`${whose}: sources.${kind}.url is "${url}", must be ${scheme}://host:port ${why}`);
    }
  }
  if (database) checkDatabase(database);
  if (replicas !== undefined && database === undefined) {
    throw new Error(
      `${whose}: replicas is ${replicas}, must be absent without a database: one process writes its file`,
    );
  }
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`${whose}: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  between("replicas", replicas, 2, 10, "one must be left when a node is drained");
  between("storageGiB", storageGiB, 1, 1024, "users and sessions are kept there");
  between("size.cpuMillicores", size?.cpuMillicores, 50, 16_000, "answers of stores are turned into what is drawn");
  between("size.memoryMiB", size?.memoryMiB, 256, 65_536, "with less it does not start");
}
