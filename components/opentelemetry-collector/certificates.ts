/**
 * The certificates by which collectors know one another. Each is for both ends: a gateway is asked by agents and asks
 * samplers.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { type Issuer, platformCertificate } from "../platform-certificate";

/**
 * The certificate of one collector, for the name of its Service.
 *
 * @param name of the workload, of its Service and of the certificate
 * @param furtherNames DNS names by which it is reached besides
 */
export function certificate(
  namespace: string,
  name: string,
  component: string,
  issuer: Issuer,
  furtherNames: readonly string[] = [],
): KubeObject {
  return platformCertificate({
    namespace,
    name,
    labels: objectLabels("opentelemetry-collector", component),
    dnsNames: [`${name}.${namespace}.svc`, ...furtherNames],
    issuer,
  });
}
