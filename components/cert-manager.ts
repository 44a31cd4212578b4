/**
 * cert-manager: issues and renews certificates, and holds the platform's own CA.
 *
 *     Certificate ──▶ controller ──asks──▶ issuer ──▶ Secret with key and certificate
 *                        ▲ webhook checks every object, cainjector hands its CA to webhooks
 *
 * Its CustomResourceDefinitions are upstream's; the programs, roles and webhooks are written here, and compared with
 * upstream's chart object by object.
 *
 * @see https://cert-manager.io/docs/
 */
import { App, Chart } from "cdk8s";
import { admission } from "./cert-manager/admission";
import { CERT_MANAGER_ALERTS } from "./cert-manager/alerts";
import { fleetCa } from "./cert-manager/fleet-ca";
import { issuers } from "./cert-manager/issuers";
import { type CertManagerImages, type CertManagerSizes, programs } from "./cert-manager/programs";
import { roles } from "./cert-manager/roles";
import type { Flow } from "./flow";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import type { ScrapeTarget } from "./scrape-target";
import type { SecretReference } from "./secret-reference";
import { upstreamObjects } from "./upstream";
import type { Workload } from "./workload";
import type { Departure } from "./workload/departures";

/** Where cert-manager runs unless someone else installed it elsewhere; the cluster base makes the namespace. */
export const CERT_MANAGER_NAMESPACE = "cert-manager";

export interface CertManagerArgs {
  /** Name of the environment, a DNS label: `organization` of the CA's subject. */
  readonly environment: string;
  /** Name of the cluster, a DNS label: `organizational unit` of the CA's subject. */
  readonly cluster: string;
  /**
   * Who installs the programs: `managed` here, with the images to run; or `external`, someone else in that namespace:
   * then only the issuers are made. `namespace` is a DNS label.
   */
  readonly management:
    | { readonly kind: "managed"; readonly images: CertManagerImages }
    | { readonly kind: "external"; readonly namespace: string };
  /** Controller pods, 2–5; one leads, the others take over. @default 2, upstream's advice for production */
  readonly controllerReplicas?: number;
  /** Webhook pods, 2–5. @default 3, upstream's advice for production: the webhook fails closed */
  readonly webhookReplicas?: number;
  /** cainjector pods, 2–5; one leads, the others take over. @default 2, upstream's advice for production */
  readonly cainjectorReplicas?: number;
  /**
   * What each program may use. Upstream sets nothing and advises to measure: controller and cainjector hold every Secret
   * and Certificate of the cluster in memory.
   * @default 50 millicores each; controller and cainjector 256 MiB, webhook 128 MiB
   */
  readonly sizes?: Partial<CertManagerSizes>;
  /**
   * Secret in cert-manager's namespace with a CA (`tls.crt`, `tls.key`) that somebody brings, so that a fleet has one
   * CA; a DNS label. @default none: each cluster makes its own CA
   */
  readonly caSecretName?: string;
  /**
   * Whether no controller will run, as in a sandbox that lacks the programs: then webhooks, which would refuse
   * everything, are left out, and nothing waits for a certificate. @default false
   */
  readonly withoutController?: boolean;
}

const SIZES: CertManagerSizes = {
  controller: { cpuMillicores: 50, memoryMiB: 256 },
  webhook: { cpuMillicores: 50, memoryMiB: 128 },
  cainjector: { cpuMillicores: 50, memoryMiB: 256 },
};

/**
 * The manifests of cert-manager and of the platform's issuers.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class CertManagerChart extends Chart {
  constructor(args: CertManagerArgs) {
    super(new App(), "cert-manager", { disableResourceNameHashes: true });
    checkArgs(args);
    const { caSecretName, cluster, environment, management, withoutController = false } = args;
    const namespace = management.kind === "managed" ? CERT_MANAGER_NAMESPACE : management.namespace;
    const objects = [
      ...(management.kind === "managed" ? managed(management.images, args) : []),
      ...issuers({ awaited: !withoutController, caSecretName, cluster, environment, namespace }),
    ];
    for (const object of objects) new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
  }
}

/** Who connects to cert-manager, and whom it connects to. None of ours where someone else installs it. */
export function certManagerFlows(args: CertManagerArgs): Flow[] {
  return workloads(args).flatMap(({ flows }) => flows);
}

/** Metrics of its programs. */
export function certManagerScrapeTargets(args: CertManagerArgs): ScrapeTarget[] {
  return workloads(args).flatMap(({ scrapeTarget }) => scrapeTarget ?? []);
}

/** Where its pods are less safe than every workload is by default. */
export function certManagerDepartures(args: CertManagerArgs): Departure[] {
  return workloads(args).flatMap(({ departures }) => departures);
}

/** The fleet's CA, where there is one: the key pair that all clusters share. */
export function certManagerSecrets({ caSecretName, environment, management }: CertManagerArgs): SecretReference[] {
  if (caSecretName === undefined) return [];
  const namespace = management.kind === "managed" ? CERT_MANAGER_NAMESPACE : management.namespace;
  return [fleetCa(environment, namespace, caSecretName)];
}

/** All of it. */
export function certManagerPart(args: CertManagerArgs): Part {
  return {
    name: "cert-manager",
    namespaces: args.management.kind === "managed" ? [{ name: CERT_MANAGER_NAMESPACE }] : [],
    flows: certManagerFlows(args),
    objects: objectsOf(new CertManagerChart(args)),
    scrapeTargets: certManagerScrapeTargets(args),
    alerts: args.management.kind === "managed" ? CERT_MANAGER_ALERTS : [],
    departures: certManagerDepartures(args),
    secrets: certManagerSecrets(args),
  };
}

function managed(images: CertManagerImages, args: CertManagerArgs): KubeObject[] {
  const made = programsOf(images, args);
  const definitions = upstreamObjects("cert-manager");
  return [
    ...definitions.map((object) => withLabels(withoutDescriptions(object), objectLabels("cert-manager"))),
    ...roles(CERT_MANAGER_NAMESPACE, {
      controller: made.controller.serviceAccountName,
      webhook: made.webhook.serviceAccountName,
      cainjector: made.cainjector.serviceAccountName,
    }),
    ...Object.values(made).flatMap(({ objects }) => objects),
    ...(args.withoutController ? [] : admission(CERT_MANAGER_NAMESPACE)),
  ];
}

function workloads(args: CertManagerArgs): Workload[] {
  return args.management.kind === "managed" ? Object.values(programsOf(args.management.images, args)) : [];
}

function programsOf(images: CertManagerImages, args: CertManagerArgs) {
  const { cainjectorReplicas = 2, controllerReplicas = 2, webhookReplicas = 3 } = args;
  return programs({
    namespace: CERT_MANAGER_NAMESPACE,
    images,
    cainjectorReplicas,
    controllerReplicas,
    webhookReplicas,
    sizes: { ...SIZES, ...args.sizes },
  });
}

/** @throws Error naming the field, its value and the bound; sizes and images are checked where they are used */
function checkArgs(args: CertManagerArgs): void {
  requireDnsLabel("cert-manager", "environment", args.environment);
  requireDnsLabel("cert-manager", "cluster", args.cluster);
  if (args.caSecretName !== undefined) requireDnsLabel("cert-manager", "caSecretName", args.caSecretName);
  if (args.management.kind === "external") {
    requireDnsLabel("cert-manager", "management.namespace", args.management.namespace);
    return;
  }
  for (const [program, image] of Object.entries(args.management.images)) {
    if (image.trim() === "") {
      throw new Error(
        `cert-manager: management.images.${program} is empty, must be registry/repository:tag@sha256:digest`,
      );
    }
  }
  for (const field of ["controllerReplicas", "webhookReplicas", "cainjectorReplicas"] as const) {
    const replicas = args[field];
    if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 2 || replicas > 5)) {
      throw new Error(
        `cert-manager: ${field} is ${replicas}, must be a whole number of 2–5: one must be left when a node is drained`,
      );
    }
  }
}
