/**
 * cert-manager's three programs: the controller that issues, the webhook that checks its objects, and cainjector, which
 * writes CAs into webhook configurations, API services and CustomResourceDefinitions.
 */

import { type Workload, type WorkloadArgs, workload } from "../workload";
import type { Size } from "../workload/container";

/** Images, as the image lock gives them: `registry/repository:tag@sha256:digest`. */
export interface CertManagerImages {
  readonly controller: string;
  readonly webhook: string;
  readonly cainjector: string;
  /** Run by the controller for as long as an ACME HTTP-01 challenge lasts. */
  readonly acmesolver: string;
}

/** What each program may use. */
export type CertManagerSizes = Readonly<Record<"controller" | "webhook" | "cainjector", Size>>;

export interface ProgramArgs {
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** What the programs, and the challenge solver, run. */
  readonly images: CertManagerImages;
  /** Pods; one leads, the others wait. */
  readonly controllerReplicas: number;
  /** Pods; all answer. */
  readonly webhookReplicas: number;
  /** Pods; one leads, the others wait. */
  readonly cainjectorReplicas: number;
  /** Request and limit of each program. */
  readonly sizes: CertManagerSizes;
}

/** Ports in the pods: upstream's own. */
const METRICS = { name: "http-metrics", port: 9402 };
const HEALTH = { name: "http-healthz", port: 9403 };
const WEBHOOK = { name: "https", port: 10_250, servicePort: 443 };
const WEBHOOK_HEALTH = { name: "healthcheck", port: 6080 };

/** Secret in which the webhook keeps the CA it makes for itself. */
export const WEBHOOK_CA = "cert-manager-webhook-ca";

/** Service that leads to the webhook. */
export const WEBHOOK_SERVICE = "cert-manager-webhook";

// 2: errors, warnings and what changed; upstream's own
const VERBOSITY = "--v=2";
// each in its own namespace, where only it has a role; upstream's default is kube-system
const LEADER_ELECTION = "--leader-election-namespace=$(POD_NAMESPACE)";

/** Each program as a workload. */
export function programs(args: ProgramArgs): Readonly<Record<"controller" | "webhook" | "cainjector", Workload>> {
  const { images, namespace, sizes } = args;
  const common = {
    namespace,
    name: "cert-manager",
    env: [{ name: "POD_NAMESPACE", fieldPath: "metadata.namespace" }],
    scrape: { port: METRICS.name },
    // its webhook fails closed, and webhooks of others have their CAs from cainjector
    priorityClassName: "platform-critical",
  } satisfies Partial<WorkloadArgs>;
  return {
    controller: workload({
      ...common,
      component: "controller",
      objectName: "cert-manager",
      image: images.controller,
      replicas: args.controllerReplicas,
      size: sizes.controller,
      args: [
        VERBOSITY,
        "--cluster-resource-namespace=$(POD_NAMESPACE)",
        LEADER_ELECTION,
        `--acme-http01-solver-image=${images.acmesolver}`,
        // upstream's own
        "--max-concurrent-challenges=60",
      ],
      ports: [METRICS, HEALTH],
      // times as upstream: those of kube-controller-manager, for an election may take that long
      liveness: {
        how: { httpGet: "/livez", port: HEALTH.name },
        initialDelaySeconds: 10,
        periodSeconds: 10,
        timeoutSeconds: 15,
        failureThreshold: 8,
      },
      podDepartures: { apiToken: "it watches certificates and writes the Secrets that hold them" },
    }),
    webhook: workload({
      ...common,
      component: "webhook",
      objectName: WEBHOOK_SERVICE,
      image: images.webhook,
      replicas: args.webhookReplicas,
      size: sizes.webhook,
      args: [
        VERBOSITY,
        `--secure-port=${WEBHOOK.port}`,
        "--dynamic-serving-ca-secret-namespace=$(POD_NAMESPACE)",
        `--dynamic-serving-ca-secret-name=${WEBHOOK_CA}`,
        ...["", ".$(POD_NAMESPACE)", ".$(POD_NAMESPACE).svc"].map(
          (suffix) => `--dynamic-serving-dns-names=${WEBHOOK_SERVICE}${suffix}`,
        ),
      ],
      ports: [WEBHOOK, WEBHOOK_HEALTH, METRICS],
      // times as upstream: it first waits for the Secret with its CA
      liveness: { how: { httpGet: "/livez", port: WEBHOOK_HEALTH.name }, initialDelaySeconds: 60, periodSeconds: 10 },
      readiness: { how: { httpGet: "/healthz", port: WEBHOOK_HEALTH.name }, initialDelaySeconds: 5, periodSeconds: 5 },
      receives: [
        {
          from: "control-plane",
          ports: [WEBHOOK.name],
          why: "kube-apiserver asks before it stores certificates, requests and issuers",
        },
      ],
      podDepartures: { apiToken: "it keeps its CA in a Secret and asks who may approve requests" },
    }),
    cainjector: workload({
      ...common,
      component: "cainjector",
      image: images.cainjector,
      replicas: args.cainjectorReplicas,
      size: sizes.cainjector,
      args: [VERBOSITY, LEADER_ELECTION],
      ports: [METRICS],
      podDepartures: { apiToken: "it writes CAs into webhook configurations, API services and definitions" },
    }),
  };
}
