/**
 * The ruler: rules over all clusters at once, which no Prometheus of a single cluster can evaluate. What concerns one
 * cluster only is that cluster's own to evaluate, for it goes on when the hub does not.
 *
 * @see https://thanos.io/tip/components/rule.md/
 */
import type { Alert } from "../alert";
import { type AlertingRule, alertingRule } from "../alerting-rule";
import type { FlowPort, Peer } from "../flow";
import type { ObjectStore } from "../object-store";
import type { Workload } from "../workload";
import type { Claim } from "../workload/volumes";
import { bucketUpload } from "./bucket";
import {
  BETWEEN_PARTS,
  HTTP_PORT,
  QUERY,
  REPLICA_LABELS,
  RULE,
  TENANT_LABEL_NAME,
  THANOS_NAMESPACE,
  thanosPods,
} from "./names";
import {
  CONFIGURATION_FOLDER,
  DATA_FOLDER,
  GRPC,
  type PartSize,
  type ThanosSettings,
  TLS_FOLDER,
  thanosProcess,
  yamlFile,
} from "./process";

/** Where alerts go. Both ends show certificates of the platform's CA. */
export interface AlertTarget {
  /** DNS name; every address that it resolves to is an Alertmanager that gets every alert. */
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
  /** Name in the Alertmanager's certificate. */
  readonly serverName: string;
  /** Its pods, with the port as they listen. */
  readonly to: Peer;
  readonly ports: readonly FlowPort[];
}

export interface RuleArgs extends ThanosSettings {
  /** Pods; each evaluates every rule. */
  readonly replicas: number;
  /** Volume of each pod. */
  readonly claim: Claim;
  /** What one pod may use. */
  readonly size: PartSize;
  /** Bucket of metrics. */
  readonly objectStore: ObjectStore;
  /** Hours for which results are kept here. */
  readonly localRetentionHours: number;
  /** What it evaluates. */
  readonly alerts: readonly Alert[];
  /** Labels of every alert besides those of its series, such as the environment. */
  readonly alertLabels: Readonly<Record<string, string>>;
  /** Address of the page of runbooks; undefined: alerts name none. */
  readonly runbookBaseUrl: string | undefined;
  /** Name of the hub. */
  readonly cluster: string;
  /** Whose the results are. */
  readonly defaultTenant: string;
  /** Where alerts go; undefined: they are seen in the ruler alone. */
  readonly alertTarget: AlertTarget | undefined;
}

const RULES = "rules.yaml";
const ALERTMANAGERS = "alertmanagers.yaml";

export function rule(args: RuleArgs): Workload {
  const { alertTarget, alerts, claim, cluster, defaultTenant, localRetentionHours, objectStore, size } = args;
  const { files, flags, reaches, ...access } = bucketUpload(objectStore);
  return thanosProcess(
    {
      component: "rule",
      objectName: RULE,
      subcommand: "rule",
      kind: "StatefulSet",
      replicas: args.replicas,
      size,
      ...access,
      files: {
        ...files,
        [RULES]: rulesFile(alerts.map((alert) => alertingRule(alert, args.alertLabels, args.runbookBaseUrl))),
        ...(alertTarget ? { [ALERTMANAGERS]: alertmanagersFile(alertTarget) } : {}),
      },
      flags: [
        `--data-dir=${DATA_FOLDER}`,
        `--tsdb.retention=${localRetentionHours}h`,
        `--rule-file=${CONFIGURATION_FOLDER}/${RULES}`,
        `--query=http://${QUERY}.${THANOS_NAMESPACE}.svc:${HTTP_PORT}`,
        `--label=receive_cluster="${cluster}"`,
        `--label=${REPLICA_LABELS.ruler}="$(POD_NAME)"`,
        // without it no query would see what rules made: each query is for one tenant
        `--label=${TENANT_LABEL_NAME}="${defaultTenant}"`,
        // all replicas send every alert; without what tells them apart it is one
        `--alert.label-drop=${REPLICA_LABELS.ruler}`,
        ...(alertTarget ? [`--alertmanagers.config-file=${CONFIGURATION_FOLDER}/${ALERTMANAGERS}`] : []),
        "--web.disable-cors",
        ...flags,
      ],
      env: [{ name: "POD_NAME", fieldPath: "metadata.name" }],
      grpcNames: [],
      receives: [{ from: thanosPods("query"), ports: [GRPC.name], why: BETWEEN_PARTS }],
      reaches: [
        {
          to: thanosPods("query"),
          ports: [{ port: HTTP_PORT, protocol: "TCP" }],
          why: "rules are evaluated over all clusters",
        },
        ...(alertTarget ? [{ to: alertTarget.to, ports: alertTarget.ports, why: "alerts are sent" }] : []),
        ...reaches,
      ],
      claims: { data: claim },
      mounts: [{ volume: "data", path: DATA_FOLDER }],
      terminationGracePeriodSeconds: 150,
    },
    args,
  );
}

/** One group: its rules are evaluated one after the other, each minute. */
function rulesFile(rules: readonly AlertingRule[]): string {
  return yamlFile({ groups: rules.length > 0 ? [{ name: "fleet", rules }] : [] });
}

function alertmanagersFile({ host, port, serverName }: AlertTarget): string {
  return yamlFile({
    alertmanagers: [
      {
        scheme: "https",
        api_version: "v2",
        timeout: "10s",
        static_configs: [`dns+${host}:${port}`],
        http_config: {
          tls_config: {
            ca_file: `${TLS_FOLDER}/ca.crt`,
            cert_file: `${TLS_FOLDER}/tls.crt`,
            key_file: `${TLS_FOLDER}/tls.key`,
            server_name: serverName,
          },
        },
      },
    ],
  });
}
