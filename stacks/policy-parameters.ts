/**
 * What the rules need to know of each cluster, from the environment: the one source of the policy pack's configuration
 * and of the constraints' parameters.
 */
import { ALERTMANAGER_NAMESPACE } from "../components/alertmanager/program";
import { EXEMPT_NAMESPACES } from "../components/gatekeeper";
import { readImageLock } from "../components/images";
import { GATEWAY_NAMESPACES } from "../components/istio/names";
import { OPENTELEMETRY_NAMESPACE } from "../components/opentelemetry-collector";
import { STORAGE_DRIVERS } from "../components/storage-drivers";
import { THANOS_NAMESPACE } from "../components/thanos/names";
import { catalogue } from "../policies/engine/catalogue";
import type { Level, PolicyParameters, RuleSettings } from "../policies/parameters";
import { chaosTargets } from "./chaos-mesh-args";
import { clusterIdentifier, type Environment } from "./environment";
import type { ClusterSpec } from "./environment-schema";
import { readExemptions } from "./exemptions";
import { MOST_PERCENT, MOST_SECONDS } from "./experiment-checks";

/** Where load balancers of the platform are: its gateways, and what takes the spokes' telemetry, by mutual TLS. */
const ENTRIES: readonly string[] = [
  GATEWAY_NAMESPACES.ingress,
  GATEWAY_NAMESPACES.eastWest,
  ALERTMANAGER_NAMESPACE,
  OPENTELEMETRY_NAMESPACE,
  THANOS_NAMESPACE,
];

/**
 * The parameters of every cluster of an environment, the exemptions of the platform and of the project among them.
 *
 * @param now the clock by which exemptions are bounded. @default the machine's
 * @throws EnvironmentError listing every fault of the project's exemptions
 */
export function policyParameters(environment: Environment, now = new Date()): PolicyParameters {
  const exemptions = readExemptions(environment, now);
  const own = environment.policy.parameters;
  return {
    clusters: Object.fromEntries(
      Object.entries(environment.clusters).map(([name, cluster]) => {
        const parameters = parametersOf(environment, name, cluster);
        const exempt = exemptions.on(environment.name, name);
        const rules = catalogue().rules.map(({ id, levels }): [string, RuleSettings] => [
          id,
          {
            level: levelOf(environment, { id, levels }),
            parameters: {
              ...(parameters[id] ?? own[id]),
              ...(exempt[id] ? { exemptions: [...exempt[id]] } : {}),
            },
          },
        ]);
        return [
          clusterIdentifier(environment, name),
          {
            environment: environment.name,
            undetermined: undeterminedOf(environment),
            rules: Object.fromEntries(rules),
          },
        ];
      }),
    ),
  };
}

/** What the environment says, else the rule's own level for its purpose; what a rule says of prod holds everywhere it says nothing else. */
export function levelOf(environment: Environment, rule: { id: string; levels: { prod: Level; dev?: Level } }): Level {
  const own = environment.purpose === "development" ? (rule.levels.dev ?? rule.levels.prod) : rule.levels.prod;
  return environment.policy.levels[rule.id] ?? own;
}

/** Production takes no chances: an unknown that decides is made known first. While trying, admission is enough. */
const undeterminedOf = ({ policy, purpose }: Environment) =>
  policy.undetermined ?? (purpose === "production" ? "deny" : "warn");

function parametersOf(
  environment: Environment,
  name: string,
  cluster: ClusterSpec,
): Readonly<Record<string, Record<string, unknown>>> {
  const kinds = new Set([
    cluster.cloud,
    ...Object.values(environment.storageClasses)
      .filter(({ clusters }) => clusters?.includes(name) ?? true)
      .map(({ driver }) => driver ?? cluster.cloud),
  ]);
  const drivers = [...kinds].map((kind) => STORAGE_DRIVERS[kind]);
  const zonalProvisioners = drivers.filter(({ zonal }) => zonal).map(({ provisioner }) => provisioner);
  return {
    // of every cluster: Argo CD on the hub leads to all of them
    "AR-04": { namespaces: Object.values(environment.tenants).flatMap(({ namespaces }) => Object.keys(namespaces)) },
    "CH-01": { maxSeconds: MOST_SECONDS[environment.purpose] },
    "CH-02": { namespaces: chaosTargets(environment, name) },
    "CH-03": { maxPercent: MOST_PERCENT[environment.purpose] },
    "DP-01": { minor: cluster.kubernetes },
    "IM-03": { registries: environment.images.registries, platform: platformRepositories(environment) },
    "IM-04": { repositories: [...environment.images.registries, ...platformRepositories(environment)] },
    "NS-02": { namespaces: [...EXEMPT_NAMESPACES, ...environment.components.gatekeeper.exemptNamespaces] },
    "NW-02": { namespaces: ENTRIES },
    "SC-01": { provisioners: drivers.map(({ provisioner }) => provisioner) },
    "SC-03": { zonalProvisioners },
    "SC-04": {
      mode: "sound",
      zonalProvisioners,
      topologyKeys: Object.fromEntries(
        drivers.map(({ provisioner, topologyKey, otherTopologyKeys }) => [
          provisioner,
          [topologyKey, ...otherTopologyKeys],
        ]),
      ),
      zones: cluster.zones,
    },
    "SC-05": { expandable: drivers.filter(({ expandable }) => expandable).map(({ provisioner }) => provisioner) },
    "SC-08": {
      encrypted: Object.fromEntries(
        drivers.flatMap(({ provisioner, encryption }) => (encryption ? [[provisioner, encryption]] : [])),
      ),
    },
  };
}

/** The platform's own images come from their own repositories and from nowhere beside them, or from the mirror. */
function platformRepositories({ images, root }: Environment): string[] {
  if (images.mirror) return [images.mirror];
  return Object.values(readImageLock(root)).map(({ repository }) => repository);
}
