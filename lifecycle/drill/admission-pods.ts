/**
 * Two Pods by which a cluster proves that its rules hold: one that a rule refuses, and one that differs from it in the
 * image alone and passes. Both are judged here first, so that what is expected of the API server is what the rules say.
 */

import { namespacesOn } from "../../components/tenant";
import { check } from "../../policies/check";
import { catalogue } from "../../policies/engine/catalogue";
import type { PolicyParameters } from "../../policies/parameters";
import { clusterIdentifier, type Environment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { tenantsOn } from "../../stacks/tenants";
import type { AdmissionPods } from "./runbook";

/** An image that names no version, has no digest, and comes from a registry that nobody answers for. */
const REFUSED_IMAGE = "registry.example/fleetwright/drill:latest";
const DIGEST = `sha256:${"0".repeat(63)}1`;
const NAME = "fleetwright-drill";

/** A cluster whose rules cannot be proved by a Pod. */
export class AdmissionUnprovable extends Error {
  override readonly name = "AdmissionUnprovable";
}

/**
 * The Pods of one cluster of an environment.
 *
 * @param parameters of the environment
 * @throws AdmissionUnprovable when no rule would refuse the one, or some rule the other
 */
export function admissionPods(
  environment: Environment,
  cluster: string,
  parameters: PolicyParameters = policyParameters(environment),
): AdmissionPods {
  const phase = environment.clusters[cluster]?.policyPhase ?? "enforce";
  if (phase !== "enforce") {
    throw new AdmissionUnprovable(
      `cluster ${cluster} is in policyPhase ${phase}, in which its API server refuses nothing: take clusters.${cluster}.policyPhase ` +
        `out of ${environment.file}, and deploy it`,
    );
  }
  const identifier = clusterIdentifier(environment, cluster);
  const rules = parameters.clusters[identifier];
  const namespace = namespaceOf(environment, cluster);
  const allowed = pod(
    namespace,
    `${environment.images.registries[0] ?? "registry.k8s.io"}/fleetwright-drill:1.0.0@${DIGEST}`,
  );
  const refused = pod(namespace, REFUSED_IMAGE);
  const admission = new Set(catalogue().rules.flatMap(({ id, points }) => (points.includes("admission") ? [id] : [])));
  const denials = (object: ReturnType<typeof pod>) =>
    check([object], { parameters: {}, environment: { clusters: rules ? { [identifier]: rules } : {} } }).results.filter(
      ({ id, level, verdict }) => verdict === "deny" && level === "deny" && admission.has(id),
    );
  const sentences = denials(refused).map(({ message }) => message);
  if (sentences.length === 0) {
    throw new AdmissionUnprovable(
      `no rule of cluster ${cluster} refuses a Pod with the image ${REFUSED_IMAGE}, so nothing would prove that rules hold there: ` +
        `IM-01 or IM-03 must be of level deny in policy.levels of ${environment.file}`,
    );
  }
  const against = denials(allowed).map(({ id, message }) => `${id}: ${message}`);
  if (against.length > 0) {
    throw new AdmissionUnprovable(
      `cluster ${cluster} refuses the Pod that must pass, so nothing would prove that it lets through what it should: ${against.join("; ")}`,
    );
  }
  return { refused: JSON.stringify(refused), allowed: JSON.stringify(allowed), sentences };
}

/** A tenant's, where there is one: what tenants are refused is what matters. */
function namespaceOf(environment: Environment, cluster: string): string {
  const [tenant] = tenantsOn(environment, cluster);
  return (tenant && namespacesOn(tenant, cluster)[0]) ?? "default";
}

/** A Pod without a fault but its image, of the least size. */
function pod(namespace: string, image: string) {
  const probe = (question: string) => ({ exec: { command: ["/app", question] } });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: NAME, namespace, labels: { "app.kubernetes.io/name": NAME } },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "app",
          image,
          livenessProbe: probe("alive"),
          readinessProbe: probe("ready"),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
        },
      ],
    },
  };
}
