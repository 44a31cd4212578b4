/**
 * Node health checks (medik8s): says when a node is lost for good, and asks a remediator to bring it back, a few at a time.
 *
 *     conditions of nodes ──▶ operator ──▶ remediation object of the node ──▶ remediator (not ours): fence, reboot
 *                                └─ never more nodes at once than `maxUnhealthy`, never during a storm
 *
 * Without a remediator nothing can be remedied: then the operator is there for whoever brings one, and no check of ours.
 *
 * @see https://github.com/medik8s/node-healthcheck-operator
 */
import { App, Chart } from "cdk8s";
import type { Alert } from "./alert";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels } from "./labels";
import { Manifest } from "./manifest";
import { admission, certificate, type Issuer } from "./node-health-check/admission";
import { nodeHealthCheck, type Remediation } from "./node-health-check/check";
import { manager } from "./node-health-check/manager";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import { upstreamObjects } from "./upstream";
import type { Workload } from "./workload";

/** Where the operator runs; the cluster base makes the namespace. */
export const NODE_HEALTH_CHECK_NAMESPACE = "node-health-check";

/** Where remediators agree on who works at a node, by leases; the name is upstream's. */
export const LEASE_NAMESPACE = "medik8s-leases";

export interface NodeHealthCheckArgs {
  /**
   * Who installs it: `managed` here, with the image to run, `registry/repository:tag@sha256:digest`; or `external`,
   * someone else: then only the check is made.
   */
  readonly management: { readonly kind: "managed"; readonly image: string } | { readonly kind: "external" };
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that the certificate can be waited for. */
  readonly issuer: Issuer;
  /** What is done about a lost node. @default off: nothing, and no check is made */
  readonly remediation?: Remediation;
  /**
   * Workers that may be unhealthy at once: a whole number, at least 1, or percent, `1%`–`50%`; with more, nothing is
   * remediated, for then it is not the nodes. @default 1
   */
  readonly maxUnhealthy?: string;
  /**
   * Seconds for which a node must not be ready, 60–3600. @default 300, upstream's own; as long as pods tolerate
   * a node that is not ready
   */
  readonly unhealthySeconds?: number;
  /** Operator pods, 2–5; one leads, the others take over. @default 2, upstream's own */
  readonly replicas?: number;
  /**
   * Whether no operator will run, as in a sandbox that lacks the program: then its webhook, which would refuse
   * everything, is left out. @default false
   */
  readonly withoutController?: boolean;
}

/** What the operator's own metrics would say needs a token; that a Deployment lacks pods is everybody's alert. */
const ALERTS: readonly Alert[] = [
  {
    name: "NodeNotRemediated",
    expr: 'kube_node_status_condition{condition="Ready",status="true"} == 0',
    for: "1h",
    severity: "critical",
    summary: "Node {{ $labels.node }} has not been ready for an hour: its remediation did not come to an end.",
    action: "Look at the NodeHealthCheck workers and at the log of the remediator; then fence the node by hand.",
  },
];

/**
 * The manifests of the operator and of the check.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class NodeHealthCheckChart extends Chart {
  constructor(args: NodeHealthCheckArgs) {
    super(new App(), "node-health-check", { disableResourceNameHashes: true });
    const { remediation = { kind: "off" } } = args;
    const objects = [
      ...managed(args),
      ...nodeHealthCheck({
        remediation,
        maxUnhealthy: args.maxUnhealthy ?? "1",
        unhealthySeconds: args.unhealthySeconds ?? 300,
      }),
    ];
    for (const object of objects) {
      const { namespace = "", name } = object.metadata;
      new Manifest(this, `${object.kind}-${namespace}-${name}`, object);
    }
  }
}

/** All of it. */
export function nodeHealthCheckPart(args: NodeHealthCheckArgs): Part {
  const workload = program(args)?.workload;
  return {
    name: "node-health-check",
    namespaces: workload ? [{ name: NODE_HEALTH_CHECK_NAMESPACE }, { name: LEASE_NAMESPACE }] : [],
    flows: workload?.flows ?? [],
    objects: objectsOf(new NodeHealthCheckChart(args)),
    alerts: (args.remediation?.kind ?? "off") === "off" ? [] : ALERTS,
    departures: workload?.departures ?? [],
  };
}

function managed(args: NodeHealthCheckArgs): KubeObject[] {
  const made = program(args);
  if (!made) return [];
  const labels = objectLabels("node-health-check");
  return [
    ...upstreamObjects("node-health-check").map((object) => withLabels(withoutDescriptions(object), labels)),
    certificate(NODE_HEALTH_CHECK_NAMESPACE, args.issuer),
    ...made.rights,
    ...made.workload.objects,
    ...(args.withoutController ? [] : [admission(NODE_HEALTH_CHECK_NAMESPACE)]),
  ];
}

function program(args: NodeHealthCheckArgs): { workload: Workload; rights: KubeObject[] } | undefined {
  const { management, replicas = 2 } = args;
  if (management.kind === "external") return undefined;
  const whose = "node-health-check";
  if (management.image.trim() === "") {
    throw new Error(`${whose}: management.image is empty, must be registry/repository:tag@sha256:digest`);
  }
  if (!Number.isInteger(replicas) || replicas < 2 || replicas > 5) {
    throw new Error(
      `${whose}: replicas is ${replicas}, must be a whole number of 2–5: one must be left when a node is drained`,
    );
  }
  return manager({
    image: management.image,
    namespace: NODE_HEALTH_CHECK_NAMESPACE,
    leaseNamespace: LEASE_NAMESPACE,
    replicas,
  });
}
