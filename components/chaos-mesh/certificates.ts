/**
 * The certificates of Chaos Mesh, signed by a CA of its own.
 *
 *     chaos-mesh-bootstrap (self-signed) ─▶ chaos-mesh-ca ─┬▶ webhooks of the controller
 *                                                          ├▶ controller, as the daemons know it
 *                                                          └▶ daemons
 *
 * Not by the platform's CA: a daemon obeys whoever shows a certificate of its CA, and rules its node. Certificates of the
 * platform's CA are in the hands of many programs.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */

import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { KubeObject } from "../kube-object";
import { chaosMeshObject, WEBHOOK_SERVICE } from "./names";

/** Certificate of the webhooks, whose CA the webhook configurations are given. */
export const WEBHOOK_CERTIFICATE = "chaos-mesh-webhook";

/** Secrets that the programs mount. */
export const WEBHOOK_SECRET = "chaos-mesh-webhook-tls";
export const DAEMON_SECRET = "chaos-daemon-tls";
export const DAEMON_CLIENT_SECRET = "chaos-daemon-client-tls";

const BOOTSTRAP_ISSUER = "chaos-mesh-bootstrap";
const CA = "chaos-mesh-ca";

/** Ten years, renewed five before the end: the daemon's certificate, which lives for five, ends before its CA. */
const CA_LIFE = { duration: "87600h0m0s", renewBefore: "43800h0m0s" };

/** Five years, upstream's own: a daemon reads its certificate once, when it starts, and upgrades start it anew far more often. */
const DAEMON_LIFE = { duration: "43800h0m0s", renewBefore: "8760h0m0s" };

/** 90 days, renewed after 60, cert-manager's own default: the controller reads these two anew. */
const LIFE = { duration: "2160h0m0s", renewBefore: "720h0m0s" };

/** @param awaited whether somebody is there to sign */
export function certificates(awaited: boolean): KubeObject[] {
  const object = (kind: string, name: string, spec: object) =>
    chaosMeshObject(
      "cert-manager.io/v1",
      kind,
      {
        name,
        part: "certificates",
        namespaced: true,
        ...(awaited ? { annotations: { "pulumi.com/waitFor": "condition=Ready" } } : {}),
      },
      { spec },
    );
  const issuerRef = (name: string) => ({ group: "cert-manager.io", kind: "Issuer", name });
  const key = { algorithm: "ECDSA", encoding: "PKCS8" };
  const leaf = (name: string, secretName: string, life: object, dnsNames: readonly string[], usage: string) =>
    object("Certificate", name, {
      secretName,
      dnsNames,
      ...life,
      privateKey: { ...key, size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", usage],
      revisionHistoryLimit: 1,
      issuerRef: issuerRef(CA),
    });
  return [
    object("Issuer", BOOTSTRAP_ISSUER, { selfSigned: {} }),
    object("Certificate", CA, {
      secretName: CA,
      isCA: true,
      commonName: "Chaos Mesh CA",
      ...CA_LIFE,
      // a renewed CA keeps its key, so that what it signed before stays trusted
      privateKey: { ...key, size: 384, rotationPolicy: "Never" },
      usages: ["cert sign", "crl sign", "digital signature"],
      revisionHistoryLimit: 1,
      issuerRef: issuerRef(BOOTSTRAP_ISSUER),
    }),
    object("Issuer", CA, { ca: { secretName: CA } }),
    leaf(WEBHOOK_CERTIFICATE, WEBHOOK_SECRET, LIFE, [`${WEBHOOK_SERVICE}.${CHAOS_MESH_NAMESPACE}.svc`], "server auth"),
    // the two names below are compiled into upstream's programs
    leaf("chaos-daemon", DAEMON_SECRET, DAEMON_LIFE, ["chaos-daemon.chaos-mesh.org"], "server auth"),
    leaf("chaos-daemon-client", DAEMON_CLIENT_SECRET, LIFE, ["controller-manager.chaos-mesh.org"], "client auth"),
  ];
}
