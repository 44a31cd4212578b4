/**
 * The certificates by which Argo CD's programs know one another: the repo server shows one and asks for one, for whoever
 * reaches it may have any repository read.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/mtls/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { ARGO_CD_NAMESPACE } from "./projects";
import type { Issuer } from "./settings";

/** Secret of the repo server's certificate; the name is upstream's. */
export const REPO_SERVER_TLS = "argocd-repo-server-tls";

/** Secret of the certificate that its clients share. */
export const REPO_CLIENT_TLS = "argocd-repo-client-tls";

/** Secret of the server's certificate; the program knows the name. */
const SERVER_TLS = "argocd-server-tls";

/** The certificates; cert-manager signs and renews them. */
export function certificates(issuer: Issuer, host: string | undefined): KubeObject[] {
  const service = (name: string) => [name, `${name}.${ARGO_CD_NAMESPACE}`, `${name}.${ARGO_CD_NAMESPACE}.svc`];
  return [
    certificate(REPO_SERVER_TLS, service("argocd-repo-server"), ["server auth"], issuer),
    certificate(REPO_CLIENT_TLS, [`argocd-repo-client.${ARGO_CD_NAMESPACE}.svc`], ["client auth"], issuer),
    certificate(SERVER_TLS, [...service("argocd-server"), ...(host ? [host] : [])], ["server auth"], issuer),
  ];
}

function certificate(
  name: string,
  dnsNames: string[],
  usages: string[],
  { awaited, name: issuer }: Issuer,
): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name,
      namespace: ARGO_CD_NAMESPACE,
      labels: objectLabels("argo-cd"),
      ...(awaited ? { annotations: { "pulumi.com/waitFor": "condition=Ready" } } : {}),
    },
    spec: {
      secretName: name,
      // Argo CD only looks at Secrets that say so
      secretTemplate: { labels: { "app.kubernetes.io/part-of": "argocd" } },
      dnsNames,
      // a year, renewed after half of it: the repo server reads its own once, when it starts, and starts anew with every upgrade
      duration: "8760h0m0s",
      renewBefore: "4380h0m0s",
      privateKey: { algorithm: "ECDSA", encoding: "PKCS8", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", ...usages],
      revisionHistoryLimit: 1,
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
    },
  };
}
