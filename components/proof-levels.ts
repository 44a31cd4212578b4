/**
 * How far each component is proved on one machine, and what is not: the source of docs/proof.md, of the platform page
 * and of the table that `make up` ends with. Test files are named, so that the claim can be read and run.
 */

import { ALERTMANAGER_PROOF } from "./alertmanager/proof";
import { argoCdProof } from "./argo-cd/proof";
import { argoRolloutsProof } from "./argo-rollouts/proof";
import { CHAOS_MESH_PROOF } from "./chaos-mesh/proof";
import type { ComponentName } from "./cluster-parts";
import { PROOF as EXTERNAL_SECRETS } from "./external-secrets/proof";
import { GRAFANA_PROOF } from "./grafana/proof";
import { JAEGER_PROOF } from "./jaeger/proof";
import { KUBE_STATE_METRICS_PROOF } from "./kube-state-metrics/proof";
import { LOKI_PROOF } from "./loki/proof";
import { METRICS_SERVER_PROOF } from "./metrics-server/proof";
import { NODE_EXPORTER_PROOF } from "./node-exporter/proof";
import { PROOF as NODE_HEALTH_CHECK } from "./node-health-check/proof";
import { PROMETHEUS_PROOF } from "./prometheus/proof";
import type { Proof } from "./proof";
import { SLO_PROOF } from "./slo/proof";
import { THANOS_PROOF } from "./thanos/proof";
import { PROOF as VELERO } from "./velero/proof";
import { PROOF as VERTICAL_POD_AUTOSCALER } from "./vertical-pod-autoscaler/proof";

const WITH_ITS_PROGRAMS: Proof = {
  level: "C",
  by: "Its controller, webhook and cainjector run as processes of this machine and issue certificates of the platform's CA.",
  tests: [
    "test/components/cert-manager.test.ts",
    "test/components/cert-manager/compared-with-upstream.test.ts",
    "test/components/cert-manager.cluster.test.ts",
  ],
  notProved: {
    what: "certificates of an outside authority",
    why: "No ACME server and no cloud's certificate service is asked: every certificate here is signed by the platform's own CA.",
  },
};

const WITHOUT_ITS_PROGRAMS: Proof = {
  level: "B",
  by: "A real API server takes every object; each is compared with upstream's own chart.",
  tests: ["test/components/cert-manager.test.ts", "test/components/cert-manager/compared-with-upstream.test.ts"],
  notProved: {
    what: "that certificates are issued",
    why: "The environment names cert-manager in `sandbox.withoutController`: its programs do not run, its webhooks are left out, and no certificate is issued.",
  },
};

/**
 * The proofs of all components.
 *
 * @param withoutController programs that do not run in the environment's sandbox. @default none
 */
export function proofLevels(withoutController: readonly string[] = []): Readonly<Record<ComponentName, Proof>> {
  return {
    identity: {
      level: "B",
      by: "The real engine marks real API servers; a cluster that carries another mark, or is in use without one, is refused; one whose state was lost is taken back.",
      tests: [
        "test/components/identity.test.ts",
        "test/stacks/whole-platform.cluster.test.ts",
        "test/stacks/ownership.cluster.test.ts",
      ],
      notProved: {
        what: "logging in to a cloud",
        why: "The clusters are reached with client certificates: no cloud's own login (exec plugins, short-lived tokens) is used.",
      },
    },
    "cluster-base": {
      level: "B",
      by: "A real API server takes every object unchanged, refuses pods, ranks, sizes and rights as promised; who reaches whom is evaluated from the policies themselves.",
      tests: [
        "test/components/cluster-base.test.ts",
        "test/components/cluster-base/network-policies.test.ts",
        "test/components/cluster-base.cluster.test.ts",
      ],
      notProved: {
        what: "enforcement of NetworkPolicies",
        why: "Nothing enforces NetworkPolicies on simulated nodes: that a network plugin does what they say is its own promise.",
      },
    },
    "storage-classes": {
      level: "B",
      by: "A real API server takes the classes of all five drivers; claims of the sandbox's class are bound in their pod's zone, grow, and follow the reclaim policy.",
      tests: [
        "test/components/storage-classes.test.ts",
        "test/components/cluster-base.cluster.test.ts",
        "test/stacks/program.cluster.test.ts",
        "test/sandbox/sandbox.cluster.test.ts",
      ],
      notProved: {
        what: "volumes of cloud drivers",
        why: "No cloud driver runs here: the sandbox's volumes are objects without data, and no disk is made, encrypted or snapshotted.",
      },
    },
    "cert-manager": withoutController.includes("cert-manager") ? WITHOUT_ITS_PROGRAMS : WITH_ITS_PROGRAMS,
    "chaos-mesh": CHAOS_MESH_PROOF,
    gatekeeper: {
      level: "C",
      by: "Gatekeeper's own program runs behind the platform's fail-closed webhook and refuses what the rules forbid.",
      tests: [
        "test/components/gatekeeper.test.ts",
        "test/components/gatekeeper.cluster.test.ts",
        "test/stacks/policy-phases.cluster.test.ts",
        "test/stacks/program.cluster.test.ts",
      ],
      notProved: {
        what: "Gatekeeper's replicas taking over from one another",
        why: "One process per Deployment answers for all of its simulated pods: that one replica takes over from another is not shown.",
      },
    },
    istio: {
      level: "B",
      by: "A real API server takes every object; each is compared with upstream's own charts; flows, policies and refusals are tested on what is rendered.",
      tests: [
        "test/components/istio.test.ts",
        "test/components/istio/compared-with-upstream.test.ts",
        "test/components/istio.cluster.test.ts",
        "test/stacks/whole-platform.cluster.test.ts",
      ],
      notProved: {
        what: "istiod and its proxies at work",
        why: "Istio's programs cannot be had for this machine: no certificate is signed by istiod, no pod is injected, no request passes a proxy, and its webhooks are left out of the sandbox.",
      },
    },
    "argo-cd": argoCdProof,
    "argo-rollouts": argoRolloutsProof,
    "opentelemetry-collector": {
      level: "C",
      by: "The platform's own distribution accepts each configuration that is rendered, and refuses it once a key is misspelt; as processes, agents, gateway and sampler find out whose telemetry it is, bring it to its tenant's store, keep whole traces, and serve nobody without a certificate.",
      tests: [
        "test/components/opentelemetry-collector.test.ts",
        "test/proofs/accept.test.ts",
        "test/components/opentelemetry-collector.cluster.test.ts",
      ],
      notProved: {
        what: "several samplers, load, renewal of certificates",
        why: "One process of each kind runs, beside an API server that knows two pods: that several samplers share traces, that memory suffices under load, and that renewed certificates are taken up is not shown.",
      },
    },
    thanos: THANOS_PROOF,
    slo: SLO_PROOF,
    velero: VELERO,
    "node-health-check": NODE_HEALTH_CHECK,
    "vertical-pod-autoscaler": VERTICAL_POD_AUTOSCALER,
    "external-secrets": EXTERNAL_SECRETS,
    "kube-state-metrics": KUBE_STATE_METRICS_PROOF,
    "node-exporter": NODE_EXPORTER_PROOF,
    "metrics-server": METRICS_SERVER_PROOF,
    prometheus: PROMETHEUS_PROOF,
    jaeger: JAEGER_PROOF,
    loki: LOKI_PROOF,
    alertmanager: ALERTMANAGER_PROOF,
    grafana: GRAFANA_PROOF,
  };
}
