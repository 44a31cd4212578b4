/** Where several Grafanas keep what people change: users, sessions, annotations. */
import type { FlowPort, Peer } from "../flow";

/** A PostgreSQL database, reached by TLS. */
export interface Database {
  /** `host:port`; the host's name must stand in its certificate. */
  readonly host: string;
  /** Name of the database. */
  readonly name: string;
  /** Who logs in. */
  readonly user: string;
  /** Secret with the keys `password` and `ca.crt`, whoever signed the certificate of the database. */
  readonly secretName: string;
  /** Its pods or addresses, for the network policy. */
  readonly to: Peer;
  /** Ports on which they listen. */
  readonly ports: readonly FlowPort[];
}

/** @throws Error naming the field, its value and the bound */
export function checkDatabase({ host, name, secretName, user }: Database): void {
  const whose = "grafana: database";
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}$/.test(host)) {
    throw new Error(`${whose}.host is "${host}", must be host:port`);
  }
  for (const [field, value] of Object.entries({ name, user })) {
    if (!/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(value)) {
      throw new Error(`${whose}.${field} is "${value}", must be a name of letters, digits, '_' and '-', at most 63`);
    }
  }
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(secretName)) {
    throw new Error(`${whose}.secretName is "${secretName}", must be the name of a Secret (RFC 1123)`);
  }
}
