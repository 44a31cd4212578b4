/** The certificate that Prometheus shows to whoever it asks or sends to, and the platform's CA by which it knows them. */
import { tlsSecret } from "../platform-certificate";
import { PROMETHEUS } from "./names";

/** Secret with the certificate; the operator mounts it below `/etc/prometheus/secrets`. */
export const TLS_SECRET = tlsSecret(PROMETHEUS);

export const TLS_FOLDER = `/etc/prometheus/secrets/${TLS_SECRET}`;

const from = (key: string) => ({ secret: { name: TLS_SECRET, key } });

/** Mutual TLS as the operator's custom resources spell it. */
export const mutualTls = (serverName: string) => ({
  ca: from("ca.crt"),
  cert: from("tls.crt"),
  keySecret: { name: TLS_SECRET, key: "tls.key" },
  serverName,
  minVersion: "TLS13",
});
