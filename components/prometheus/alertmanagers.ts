/**
 * Where Prometheus sends alerts, as plain Prometheus configuration: the same on the hub, whose Alertmanagers are found by
 * name, and on spokes, which reach them by the hub's load balancer.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config
 */
import { stringify } from "yaml";
import type { FlowPort, Peer } from "../flow";
import { TLS_FOLDER } from "./server-tls";

/** Where alerts go. Both ends show certificates of the platform's CA. */
export interface AlertReceiver {
  /** DNS name; each address that it resolves to is an Alertmanager that gets every alert. */
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
  /** Name in the Alertmanager's certificate. */
  readonly serverName: string;
  /** Whether the name has several addresses, each of which gets every alert; else it is asked as it stands. */
  readonly everyAddress: boolean;
  /** Who answers there, for the network policy, with the port as it listens. */
  readonly to: Peer;
  readonly ports: readonly FlowPort[];
}

/** The `alertmanagers` of the alerting configuration, as YAML. */
export function alertmanagerConfigs({ everyAddress, host, port, serverName }: AlertReceiver): string {
  return stringify(
    [
      {
        scheme: "https",
        api_version: "v2",
        timeout: "10s",
        tls_config: {
          ca_file: `${TLS_FOLDER}/ca.crt`,
          cert_file: `${TLS_FOLDER}/tls.crt`,
          key_file: `${TLS_FOLDER}/tls.key`,
          server_name: serverName,
        },
        ...(everyAddress
          ? { dns_sd_configs: [{ names: [host], type: "A", port, refresh_interval: "30s" }] }
          : { static_configs: [{ targets: [`${host}:${port}`] }] }),
      },
    ],
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
