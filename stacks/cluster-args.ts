/** From an environment to what one of its clusters is made of: every value that the components need, and nothing else. */
import type { ClusterPlatformArgs } from "../components/cluster-parts";
import { EXEMPT_NAMESPACES } from "../components/gatekeeper";
import { imageRef, readImageLock } from "../components/images";
import { partOf } from "../components/own-component";
import { namespacesOn } from "../components/tenant";
import { admissionObjects } from "../policies/admission";
import { alertmanagerArgs } from "./alertmanager-args";
import { argoCdArgs } from "./argo-cd-args";
import { argoRolloutsArgs } from "./argo-rollouts-args";
import { chaosMeshArgs } from "./chaos-mesh-args";
import { clusterIdentifier, type Environment } from "./environment";
import { grafanaArgs } from "./grafana-args";
import { istioArgs } from "./istio-args";
import { jaegerArgs } from "./jaeger-args";
import { lokiArgs } from "./loki-args";
import { metricsArgs } from "./metrics-args";
import { nodeHealthCheckArgs } from "./node-health-check-args";
import { openTelemetryCollectorArgs } from "./opentelemetry-collector-args";
import { ownComponents } from "./own-components";
import { parametersOn } from "./policy-parameters";
import { isWithoutController } from "./sandbox-controllers";
import { secretStoreOf } from "./secret-store";
import { slosOn } from "./slo-args";
import { tenantsOn } from "./tenants";
import { thanosArgs } from "./thanos-args";
import { tierZeroArgs } from "./tier-zero-args";
import { veleroArgs } from "./velero-args";
import { verticalPodAutoscalerArgs } from "./vertical-pod-autoscaler-args";

/**
 * @param stack Pulumi stack that deploys the cluster, part of the cluster's mark
 * @throws Error when the environment has no such cluster
 */
export function clusterArgs(environment: Environment, name: string, stack: string): ClusterPlatformArgs {
  const cluster = environment.clusters[name];
  if (!cluster) throw new Error(`${environment.file}: there is no cluster ${name}`);
  const { components, purpose, owner, storageClasses, teams } = environment;
  const { caSecretName, controllerReplicas, management, webhookReplicas } = components.certManager;
  const here = <T extends { clusters?: readonly string[] | undefined }>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([, { clusters }]) => clusters?.includes(name) ?? true));
  const tenants = tenantsOn(environment, name);
  const senders = tenants.flatMap((tenant) => namespacesOn(tenant, name));
  const images = readImageLock(environment.root);
  const image = (of: string) => imageRef(of, { registryMirror: environment.images.mirror }, images);
  const { cloud, kubernetes, region, role, zones } = cluster;
  const context = {
    environment: { name: environment.name, purpose, owner },
    cluster: { name, role, cloud, region, zones, kubernetes },
    image,
  };
  const exemptNamespaces = components.gatekeeper.exemptNamespaces;
  const phase = cluster.policyPhase;
  const { templates, constraints } = admissionObjects(
    parametersOn(environment, [name]),
    clusterIdentifier(environment, name),
    {
      excludedNamespaces: [...EXEMPT_NAMESPACES, ...exemptNamespaces],
      phase,
    },
  );
  return {
    identity: { environment: environment.name, cluster: name, stack },
    base: {
      kubernetes: cluster.kubernetes,
      owner,
      teams,
      tenants: Object.fromEntries(tenants.map((tenant) => [tenant.name, tenant])),
      network: { ...cluster.network, konnectivity: calledByAgents(cluster.cloud) },
    },
    storage: { cloud: cluster.cloud, zones: cluster.zones, purpose, classes: here(storageClasses) },
    certManager: {
      environment: environment.name,
      cluster: name,
      management:
        management === "managed"
          ? {
              kind: "managed",
              images: {
                controller: image("cert-manager-controller"),
                webhook: image("cert-manager-webhook"),
                cainjector: image("cert-manager-cainjector"),
                acmesolver: image("cert-manager-acmesolver"),
              },
            }
          : { kind: "external", namespace: "cert-manager" },
      controllerReplicas,
      webhookReplicas,
      caSecretName,
      withoutController: isWithoutController(environment, "cert-manager"),
    },
    gatekeeper: {
      image: image("gatekeeper"),
      templates: templates.map((template) => ({ ...template, metadata: { ...template.metadata } })),
      constraints: constraints.map((constraint) => ({ ...constraint, metadata: { ...constraint.metadata } })),
      replicas: components.gatekeeper.replicas,
      auditIntervalSeconds: components.gatekeeper.auditIntervalSeconds,
      exemptNamespaces,
      failurePolicy: phase === "enforce" ? "Fail" : "Ignore",
      withoutController: isWithoutController(environment, "gatekeeper"),
    },
    tierZero: tierZeroArgs(environment),
    chaosMesh: chaosMeshArgs(environment, name, image),
    istio: istioArgs(environment, name, image),
    argoCd: argoCdArgs(environment, name, image),
    argoRollouts: argoRolloutsArgs(environment, name, image),
    thanos: thanosArgs(environment, name, image),
    slo: {
      slos: slosOn(environment, name),
      prometheus: components.prometheus.management === "managed",
      runbookBaseUrl: environment.alerts.runbookBaseUrl,
    },
    velero: veleroArgs(environment, name, image),
    nodeHealthCheck: nodeHealthCheckArgs(environment, image),
    verticalPodAutoscaler: verticalPodAutoscalerArgs(environment, image),
    externalSecrets: { store: secretStoreOf(environment) },
    ...metricsArgs(environment, name, image),
    openTelemetryCollector: openTelemetryCollectorArgs(
      environment,
      name,
      tenants.map((tenant) => tenant.name),
      senders,
      image,
    ),
    jaeger: jaegerArgs(environment, name, senders, image),
    loki: lokiArgs(environment, name, image),
    alertmanager: alertmanagerArgs(environment, name, image),
    grafana: grafanaArgs(environment, name, image),
    own: [...ownComponents(environment.root)].map(([component, definition]) => partOf(component, definition, context)),
  };
}

/** On GKE and AKS kube-apiserver reaches webhooks through agents that run as pods. */
const calledByAgents = (cloud: string) => cloud === "gcp" || cloud === "azure";
