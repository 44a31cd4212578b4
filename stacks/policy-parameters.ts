/**
 * What the rules need to know of each cluster, from the environment: the one source of the policy pack's configuration
 * and of the constraints' parameters.
 */
import { ALERTMANAGER_NAMESPACE } from "../components/alertmanager/program";
import { EXEMPT_NAMESPACES } from "../components/gatekeeper";
import { readImageLock, repositoryOf } from "../components/images";
import { GATEWAY_NAMESPACES } from "../components/istio/names";
import { OPENTELEMETRY_NAMESPACE } from "../components/opentelemetry-collector";
import { STORAGE_DRIVERS } from "../components/storage-drivers";
import { THANOS_NAMESPACE } from "../components/thanos/names";
import { catalogue } from "../policies/engine/catalogue";
import { graphRules } from "../policies/graph/graph-rules";
import type { ClusterRules, Level, PolicyParameters, RuleSettings } from "../policies/parameters";
import { isOfInfrastructure, type Rule } from "../policies/rule";
import { chaosTargets } from "./chaos-mesh-args";
import { clusterIdentifier, type Environment } from "./environment";
import type { ClusterSpec } from "./environment-schema";
import { type ClusterExemptions, readExemptions } from "./exemptions";
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
 * The parameters of every cluster of an environment, and of what its clouds hold beside them; the exemptions of the platform
 * and of the project among them.
 *
 * @param now the clock by which exemptions are bounded. @default the machine's
 * @throws EnvironmentError listing every fault of the project's exemptions
 */
export function policyParameters(environment: Environment, now = new Date()): PolicyParameters {
  return {
    ...parametersOn(environment, Object.keys(environment.clusters), now),
    // none of these takes parameters: what they ask for does not depend on the environment
    infrastructure: settings(environment, catalogue().rules.filter(isOfInfrastructure), {}),
  };
}

/**
 * The same for some of the clusters: a fleet whose every cluster asked for all of them would take the square of its size.
 *
 * @param names clusters of the environment; another is passed over
 * @throws EnvironmentError listing every fault of the project's exemptions
 */
export function parametersOn(
  environment: Environment,
  names: readonly string[],
  now = new Date(),
): Pick<PolicyParameters, "clusters"> {
  const exemptions = readExemptions(environment, now);
  const images: AllowedImages = {
    locked: lockedImages(environment),
    platform: platformRepositories(environment),
  };
  const rules = [...catalogue().rules.filter((rule) => !isOfInfrastructure(rule)), ...graphRules()];
  const clusters = names.flatMap((name): [string, ClusterRules][] => {
    const cluster = environment.clusters[name];
    if (!cluster) return [];
    const parameters = parametersOf(environment, name, cluster, images);
    const exempt = exemptions.on(environment.name, name);
    return [[clusterIdentifier(environment, name), settings(environment, rules, parameters, exempt)]];
  });
  return { clusters: Object.fromEntries(clusters) };
}

function settings(
  environment: Environment,
  rules: readonly Pick<Rule, "id" | "levels">[],
  parameters: Readonly<Record<string, Record<string, unknown>>>,
  exempt: ClusterExemptions = {},
): ClusterRules {
  const own = environment.policy.parameters;
  const each = rules.map((rule): [string, RuleSettings] => {
    const { id } = rule;
    const exemptions = exempt[id] ? { exemptions: [...exempt[id]] } : {};
    return [id, { level: levelOf(environment, rule), parameters: { ...(parameters[id] ?? own[id]), ...exemptions } }];
  });
  return {
    environment: environment.name,
    undetermined: undeterminedOf(environment),
    rules: Object.fromEntries(each),
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
  { locked, platform }: AllowedImages,
): Readonly<Record<string, Record<string, unknown>>> {
  const classes = Object.entries(environment.storageClasses).filter(
    ([, { clusters }]) => clusters?.includes(name) ?? true,
  );
  // one class of each cluster says so, as the environment's checks demand
  const [defaultClass = ""] = classes.filter(([, one]) => one.default).map(([own]) => own);
  const kinds = new Set([cluster.cloud, ...classes.map(([, { driver }]) => driver ?? cluster.cloud)]);
  const drivers = [...kinds].map((kind) => STORAGE_DRIVERS[kind]);
  const zonalProvisioners = drivers.filter(({ zonal }) => zonal).map(({ provisioner }) => provisioner);
  return {
    // of every cluster: Argo CD on the hub leads to all of them
    "AR-04": { namespaces: Object.values(environment.tenants).flatMap(({ namespaces }) => Object.keys(namespaces)) },
    "CH-01": { maxSeconds: MOST_SECONDS[environment.purpose] },
    "CH-02": { namespaces: chaosTargets(environment, name) },
    "CH-03": { maxPercent: MOST_PERCENT[environment.purpose] },
    "DP-01": { minor: cluster.kubernetes },
    "IM-03": { registries: environment.images.registries, platform },
    "IM-04": { repositories: [...environment.images.registries, ...platform] },
    "IM-05": { images: locked },
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
    "SC-07": { defaultClass },
    "SC-08": {
      encrypted: Object.fromEntries(
        drivers.flatMap(({ provisioner, encryption }) => (encryption ? [[provisioner, encryption]] : [])),
      ),
    },
    "SC-10": { classes: classes.map(([own]) => own), defaultClass },
  };
}

/** What is alike on every cluster of an environment. */
interface AllowedImages {
  /** By repository, the tags and digests that may run of it. */
  readonly locked: Readonly<Record<string, readonly string[]>>;
  /** Where the platform's own come from. */
  readonly platform: readonly string[];
}

/**
 * The platform's own images come from their own repositories and from nowhere beside them, or from the mirror. What a
 * project's lock adds is none of them: to pin an image opens no registry.
 */
function platformRepositories({ images: { mirror } }: Environment): string[] {
  if (mirror) return [mirror];
  return Object.values(readImageLock()).map(({ repository }) => repository);
}

/** By repository, and by its place in the mirror, the tags and digests that may run of it. */
function lockedImages({ images: { mirror }, root }: Environment): Record<string, string[]> {
  const locked: Record<string, string[]> = {};
  for (const image of Object.values(readImageLock(root))) {
    const pin = image.digest === "unresolved" ? image.tag : `${image.tag}@${image.digest}`;
    for (const repository of new Set([image.repository, repositoryOf(image, mirror)]))
      locked[repository] = [...new Set([...(locked[repository] ?? []), pin])];
  }
  return locked;
}
