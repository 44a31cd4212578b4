/**
 * Gatekeeper: judges objects when they are made or changed (admission) and those that exist already (audit).
 *
 *     kube-apiserver ──what constraints match──▶ webhook ─┐
 *                                                         ├─ constraint templates (rules), constraints (parameters)
 *     every object that constraints match ◀──list── audit ┘
 *
 * The manifests are upstream's, changed by overlays; the rules come from outside.
 *
 * @see https://open-policy-agent.github.io/gatekeeper/website/docs/
 */
import { App, Chart } from "cdk8s";
import type { Flow, PodsPeer } from "./flow";
import { toApiServer } from "./flow";
import { GATEKEEPER_ALERTS } from "./gatekeeper/alerts";
import { gatekeeperOverlays } from "./gatekeeper/overlays";
import { reviewedResources } from "./gatekeeper/reviewed-resources";
import { groupOf, type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel, selectorLabels } from "./labels";
import { Manifest } from "./manifest";
import { overlaid, withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import type { ScrapeTarget } from "./scrape-target";
import { upstreamObjects } from "./upstream";
import type { Size } from "./workload/container";
import type { Departure } from "./workload/departures";

/** Where Gatekeeper runs. The program knows this name, so it is not to choose; the cluster base makes the namespace. */
export const GATEKEEPER_NAMESPACE = "gatekeeper-system";

/**
 * Namespaces in which nothing is judged: what keeps nodes and control plane alive, and Gatekeeper itself, so that it
 * can come back when it is down.
 */
export const EXEMPT_NAMESPACES: readonly string[] = [
  GATEKEEPER_NAMESPACE,
  "kube-node-lease",
  "kube-public",
  "kube-system",
];

export interface GatekeeperArgs {
  /** Image of both programs: `registry/repository:tag@sha256:digest`, as the image lock gives it. */
  readonly image: string;
  /** Constraint templates, one per rule. */
  readonly templates: readonly KubeObject[];
  /** Constraints; each names the kinds that it matches, and has its template among `templates`. */
  readonly constraints: readonly KubeObject[];
  /** Webhook pods, 1–10. @default 3, upstream's own: the webhook fails closed, so two must be left when one is drained */
  readonly replicas?: number;
  /** What one pod may use: CPU at least 10 millicores, memory at least 128 MiB. @default 100 millicores and 512 MiB, upstream's own */
  readonly size?: Pick<Size, "cpuMillicores" | "memoryMiB">;
  /** Seconds between two audits, 10–3600. @default 60, upstream's own */
  readonly auditIntervalSeconds?: number;
  /** Further namespaces in which nothing is judged, DNS labels. @default none besides {@link EXEMPT_NAMESPACES} */
  readonly exemptNamespaces?: readonly string[];
  /**
   * What becomes of a request while the webhook does not answer: `Fail` refuses it, `Ignore` lets it through, as while a
   * cluster is rebuilt. @default Fail
   */
  readonly failurePolicy?: "Fail" | "Ignore";
  /**
   * Whether no controller will run, as in a sandbox that lacks the program: then its webhook, which would refuse
   * everything, and the constraints, whose kinds nobody makes, are left out, and nothing waits. @default false
   */
  readonly withoutController?: boolean;
}

const WEBHOOK: PodsPeer = { namespace: GATEKEEPER_NAMESPACE, pods: selectorLabels("gatekeeper", "webhook") };
const AUDIT: PodsPeer = { namespace: GATEKEEPER_NAMESPACE, pods: selectorLabels("gatekeeper", "audit") };

/** The webhook's port in the pod: `--port` of upstream's Deployment. */
const WEBHOOK_PORT = 8443;

/** The metrics port in the pod: the program's own default. */
const METRICS_PORT = 8888;

/**
 * The manifests of Gatekeeper with its rules. Templates are waited for, because a constraint's kind exists only once
 * its template was accepted.
 *
 * @throws Error naming the field, its value and the bound; a constraint without template or without kinds; an upstream
 *   file that is not on this machine
 */
export class GatekeeperChart extends Chart {
  constructor(args: GatekeeperArgs) {
    super(new App(), "gatekeeper", { disableResourceNameHashes: true });
    checkArgs(args);
    const { auditIntervalSeconds = 60, image, replicas = 3, templates, withoutController = false } = args;
    const failurePolicy = args.failurePolicy ?? "Fail";
    const constraints = withoutController ? [] : args.constraints;
    const size = args.size ?? { cpuMillicores: 100, memoryMiB: 512 };
    const exemptNamespaces = [...new Set([...EXEMPT_NAMESPACES, ...(args.exemptNamespaces ?? [])])].sort();
    const reviewed = reviewedResources(constraints);
    const webhook = { exemptNamespaces, failurePolicy, reviewed };
    const settings = { ...webhook, auditIntervalSeconds, image, replicas, size, templates };
    const own = overlaid("gatekeeper", upstreamObjects("gatekeeper"), gatekeeperOverlays(settings));
    const isDefinition = ({ kind }: KubeObject) => kind === "CustomResourceDefinition";
    const objects = [
      ...own.map((object) => (isDefinition(object) ? withoutDescriptions(object) : object)),
      exemptions(exemptNamespaces),
      ...templates.map((template) => (withoutController ? template : waitedFor(template))),
      ...constraints,
    ];
    for (const object of objects) {
      const labelled = withLabels(object, objectLabels("gatekeeper"));
      new Manifest(this, `${object.kind}-${object.metadata.name}`, labelled);
    }
  }
}

/** Who connects to Gatekeeper, and whom it connects to. */
export function gatekeeperFlows(): Flow[] {
  return [
    {
      from: "control-plane",
      to: WEBHOOK,
      ports: [{ port: WEBHOOK_PORT, protocol: "TCP" }],
      why: "kube-apiserver asks before it stores what constraints match",
    },
    toApiServer(WEBHOOK, "the webhook watches rules and writes the certificate it rotates"),
    toApiServer(AUDIT, "audit lists what constraints match and writes violations"),
  ];
}

/** Metrics of both programs. */
export function gatekeeperScrapeTargets(): ScrapeTarget[] {
  return [WEBHOOK, AUDIT].map(({ namespace, pods }) => ({
    namespace,
    pods: pods === "all" ? {} : pods,
    port: METRICS_PORT,
    path: "/metrics",
    scheme: "http",
  }));
}

/** Where its pods are less safe than every workload is by default. */
export function gatekeeperDepartures(): Departure[] {
  const webhook = `${GATEKEEPER_NAMESPACE}/gatekeeper-controller-manager`;
  const audit = `${GATEKEEPER_NAMESPACE}/gatekeeper-audit`;
  return [
    { workload: webhook, departure: "apiToken", reason: "it watches rules and writes the certificate it rotates" },
    { workload: audit, departure: "apiToken", reason: "it lists what constraints match and writes violations" },
    {
      workload: audit,
      departure: "singleReplica",
      reason: "two audits would overwrite each other's results; admission does not wait for it",
    },
  ];
}

/** All of it. */
export function gatekeeperPart(args: GatekeeperArgs): Part {
  return {
    name: "gatekeeper",
    namespaces: [{ name: GATEKEEPER_NAMESPACE }],
    flows: gatekeeperFlows(),
    objects: objectsOf(new GatekeeperChart(args)),
    scrapeTargets: gatekeeperScrapeTargets(),
    alerts: GATEKEEPER_ALERTS,
    departures: gatekeeperDepartures(),
  };
}

/** Audit passes over the same namespaces as the webhook, so that it reports only what would be refused. */
function exemptions(excludedNamespaces: readonly string[]): KubeObject {
  return {
    apiVersion: "config.gatekeeper.sh/v1alpha1",
    kind: "Config",
    metadata: { name: "config", namespace: GATEKEEPER_NAMESPACE }, // the only name that the program reads
    spec: { match: [{ processes: ["*"], excludedNamespaces }] },
  };
}

function waitedFor(template: KubeObject): KubeObject {
  const annotations = { ...template.metadata.annotations, "pulumi.com/waitFor": "jsonpath={.status.created}=true" };
  return { ...template, metadata: { ...template.metadata, annotations } };
}

/** @throws Error naming the field, its value and the bound */
function checkArgs({ constraints, exemptNamespaces = [], image, templates, ...args }: GatekeeperArgs): void {
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`gatekeeper: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  if (image.trim() === "") throw new Error("gatekeeper: image is empty, must be registry/repository:tag@sha256:digest");
  between("replicas", args.replicas, 1, 10, "each one watches every rule");
  between("auditIntervalSeconds", args.auditIntervalSeconds, 10, 3600, "each audit lists all that constraints match");
  between("size.cpuMillicores", args.size?.cpuMillicores, 10, 16_000, "the webhook answers within 3 s");
  between("size.memoryMiB", args.size?.memoryMiB, 128, 65_536, "every rule is held compiled in memory");
  for (const namespace of exemptNamespaces) requireDnsLabel("gatekeeper", "exemptNamespaces", namespace);
  for (const { kind, metadata } of templates) {
    if (kind !== "ConstraintTemplate") {
      throw new Error(`gatekeeper: templates has ${kind}/${metadata.name}, must be ConstraintTemplates only`);
    }
  }
  const kinds = templates.map(constraintKind);
  for (const constraint of constraints) {
    if (groupOf(constraint) !== "constraints.gatekeeper.sh" || !kinds.includes(constraint.kind)) {
      throw new Error(
        `gatekeeper: constraint ${constraint.kind}/${constraint.metadata.name} has no template, ` +
          `must be of kind ${kinds.join(", ") || "none: templates is empty"}`,
      );
    }
  }
}

/** The kind that a template makes. */
function constraintKind({ spec }: KubeObject): string {
  return (spec as { readonly crd: { readonly spec: { readonly names: { readonly kind: string } } } }).crd.spec.names
    .kind;
}
