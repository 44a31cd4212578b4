/**
 * Gatekeeper's two programs, from upstream's Deployments: the webhook and the audit.
 */
import type { KubeObject } from "../kube-object";
import { type Labels, objectLabels } from "../labels";
import { bytesQuantity, cpuQuantity } from "../quantity";
import type { Size } from "../workload/container";

/** What both programs have in common. */
export interface ProgramSettings {
  readonly image: string;
  readonly size: Pick<Size, "cpuMillicores" | "memoryMiB">;
}

/** What the platform does not use is off, so that its objects and rights need not exist. */
const FEATURES_OFF = [
  "--enable-external-data=false",
  "--enable-generator-resource-expansion=false",
  // a generated policy outlives Gatekeeper and its exemptions; tier-0 policies are written by hand instead
  "--default-create-vap-for-templates=false",
  "--default-create-vap-binding-for-constraints=false",
];

interface Container {
  readonly args: readonly string[];
  readonly volumeMounts: readonly { readonly name: string }[];
}

interface DeploymentSpec {
  readonly selector: { readonly matchLabels: Labels };
  readonly template: {
    readonly metadata: { readonly labels: Labels };
    readonly spec: {
      readonly affinity?: object;
      readonly containers: readonly [Container];
      readonly volumes: readonly { readonly name: string }[];
    };
  };
}

/** The program behind the admission webhook. */
export function webhookProgram(deployment: KubeObject, settings: ProgramSettings, replicas: number): KubeObject {
  const spec = deployment.spec as DeploymentSpec;
  // the mutation webhook has no mutators; the label that a namespace could be exempt to set is not honoured here
  const dropped = ["--operation=mutation-webhook", "--exempt-namespace=gatekeeper-system"];
  const container = changed(deployment, spec.template.spec.containers[0], settings, dropped, FEATURES_OFF);
  return {
    ...deployment,
    spec: {
      ...spec,
      replicas,
      template: template(spec, "webhook", { ...spec.template.spec, containers: [container] }),
    },
  };
}

/** The program that looks at what is already in the cluster, and makes constraint kinds from templates. */
export function auditProgram(deployment: KubeObject, settings: ProgramSettings, intervalSeconds: number): KubeObject {
  const spec = deployment.spec as DeploymentSpec;
  const added = [
    `--audit-interval=${intervalSeconds}`,
    // lists the kinds that constraints name, instead of every object of the cluster
    "--audit-match-kind-only=true",
    ...FEATURES_OFF,
  ];
  const { containers, volumes } = spec.template.spec;
  const container = changed(deployment, containers[0], settings, ["--operation=mutation-status"], added);
  // it serves nothing and asks no provider of external data, so it needs no certificate and no webhook to make one
  const withoutCertificate = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.filter(({ name }) => name !== "cert");
  const podSpec = {
    ...spec.template.spec,
    containers: [{ ...container, volumeMounts: withoutCertificate(container.volumeMounts) }],
    volumes: withoutCertificate(volumes),
  };
  return { ...deployment, spec: { ...spec, template: template(spec, "audit", podSpec) } };
}

function changed<C extends Container>(
  { metadata }: KubeObject,
  container: C,
  { image, size }: ProgramSettings,
  dropped: readonly string[],
  added: readonly string[],
) {
  const missing = dropped.find((flag) => !container.args.includes(flag));
  if (missing !== undefined) {
    throw new Error(
      `gatekeeper: ${metadata.name} no longer has the argument ${missing}: compare its overlay with the new version`,
    );
  }
  const memory = bytesQuantity(size.memoryMiB);
  return {
    ...container,
    image,
    // pinned by digest, another pull cannot bring another image
    imagePullPolicy: "IfNotPresent",
    args: [...container.args.filter((flag) => !dropped.includes(flag)), ...added],
    resources: { requests: { cpu: cpuQuantity(size.cpuMillicores), memory }, limits: { memory } },
  };
}

function template({ selector, template: { metadata } }: DeploymentSpec, component: string, podSpec: object) {
  const { affinity: _, ...rest } = podSpec as { affinity?: object };
  return {
    metadata: { labels: { ...metadata.labels, ...objectLabels("gatekeeper", component) } },
    spec: { ...rest, enableServiceLinks: false, topologySpreadConstraints: spread(selector.matchLabels) },
  };
}

/** Over zones, then over nodes: upstream prefers different nodes only, so that one zone may hold all of them. */
function spread(matchLabels: Labels) {
  const common = {
    maxSkew: 1,
    labelSelector: { matchLabels },
    matchLabelKeys: ["pod-template-hash"],
    // a zone whose nodes are all tainted as lost must not keep pods waiting for it
    nodeTaintsPolicy: "Honor",
  };
  return [
    { ...common, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
    { ...common, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ];
}
