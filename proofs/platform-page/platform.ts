/** What the platform page shows, gathered from where each fact is written: nothing on the page is stated twice. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterFlows } from "../../components/cluster-base";
import { type ComponentName, clusterBase, clusterParts } from "../../components/cluster-parts";
import { describePeer, type Flow } from "../../components/flow";
import { readImageLock } from "../../components/images";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import type { Proof } from "../../components/proof";
import { proofLevels } from "../../components/proof-levels";
import { readUpstreamLock } from "../../components/upstream/lock";
import { catalogue } from "../../policies/engine/catalogue";
import type { Level } from "../../policies/parameters";
import { clusterArgs } from "../../stacks/cluster-args";
import { clusterIdentifier, type Environment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { render } from "../../stacks/render";

/** One cluster and what it gets. */
export interface ShownCluster {
  readonly name: string;
  readonly role: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly cloud: string;
  readonly kubernetes: string;
  readonly tenants: readonly string[];
  /** Objects by component, in the order in which components are listed. */
  readonly objects: ReadonlyMap<string, number>;
}

/** One component of every cluster. */
export interface ShownComponent {
  readonly name: string;
  /** Whose version it is and which: `upstream 3.23.1`. */
  readonly version: string;
  /** First sentence of its page. */
  readonly purpose: string;
  readonly proof: Proof;
}

/** Flows that differ only in where they start. */
export interface ShownFlow {
  /** Each source with the clusters that have it. */
  readonly from: ReadonlyMap<string, readonly string[]>;
  readonly to: string;
  readonly ports: string;
  readonly why: string;
}

/** A storage class as it is rendered. */
export interface ShownClass {
  readonly name: string;
  readonly isDefault: boolean;
  readonly provisioner: string;
  readonly volumeBindingMode: string;
  readonly reclaimPolicy: string;
  readonly expands: boolean;
  readonly snapshots: boolean;
  readonly clusters: readonly string[];
}

/** A rule at this environment's level. */
export interface ShownRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly severity: string;
}

/** All that the page shows. */
export interface Platform {
  readonly environment: Environment;
  readonly clusters: readonly ShownCluster[];
  readonly components: readonly ShownComponent[];
  readonly flows: readonly ShownFlow[];
  readonly storageClasses: readonly ShownClass[];
  readonly rules: readonly ShownRule[];
  readonly images: ReturnType<typeof readImageLock>;
}

/** Which upstream project's version is the component's; those that are not here are written in this repository. */
const UPSTREAM: Partial<Record<ComponentName, { set: string; what: string }>> = {
  gatekeeper: { set: "gatekeeper", what: "upstream" },
  "cert-manager": { set: "cert-manager", what: "upstream" },
  istio: { set: "istio", what: "upstream" },
  "storage-classes": { set: "csi-snapshot", what: "snapshot API" },
};

/** Renders an environment and gathers what the page says about it. */
export function platformOf(environment: Environment): Platform {
  const rendered = render(environment);
  const proofs = Object.entries(proofLevels(environment.sandbox?.withoutController)) as [ComponentName, Proof][];
  const clusters = Object.entries(environment.clusters).map(([name, { cloud, kubernetes, region, role, zones }]) => ({
    ...{ name, role, region, zones, cloud, kubernetes },
    tenants: Object.entries(environment.tenants).flatMap(([tenant, { clusters: its }]) =>
      (its?.includes(name) ?? true) ? [tenant] : [],
    ),
    objects: new Map(proofs.map(([component]) => [component, rendered.get(name)?.get(component)?.length ?? 0])),
  }));
  return {
    environment,
    clusters,
    components: proofs.map(([name, proof]) => ({ name, version: versionOf(name), purpose: purposeOf(name), proof })),
    flows: flowsOf(environment),
    storageClasses: storageClassesOf(rendered),
    rules: rulesOf(environment),
    images: readImageLock(),
  };
}

function versionOf(component: ComponentName): string {
  const upstream = UPSTREAM[component];
  if (!upstream) return "own";
  const set = readUpstreamLock()[upstream.set];
  if (!set) throw new Error(`upstream.lock.yaml has no ${upstream.set}, whose version the page shows for ${component}`);
  return `${upstream.what} ${set.version}`;
}

/** @throws Error when the component has no page, or the page does not begin with a sentence */
function purposeOf(component: string): string {
  const page = readFileSync(join(packageRoot(), "docs", "components", `${component}.md`), "utf8");
  const paragraph = page.split("\n\n")[1]?.replaceAll("\n", " ") ?? "";
  const sentence = /^(.+?[.])(\s|$)/.exec(paragraph)?.[1];
  if (!sentence) throw new Error(`docs/components/${component}.md must begin with a sentence that says what it is for`);
  return sentence.replaceAll("`", "");
}

/** Flows of all clusters, those that are alike but for their source or cluster put together. */
function flowsOf(environment: Environment): ShownFlow[] {
  const alike = new Map<string, { flow: Flow; from: Map<string, string[]> }>();
  for (const cluster of Object.keys(environment.clusters)) {
    const args = clusterArgs(environment, cluster, environment.name);
    for (const flow of clusterFlows(clusterBase(args, clusterParts(args)))) {
      const key = JSON.stringify([withinTenant(flow) ? "" : describePeer(flow.to), flow.ports, flow.why]);
      const { from } = alike.get(key) ?? { from: new Map<string, string[]>() };
      alike.set(key, { flow, from });
      const source = describePeer(flow.from);
      from.set(source, [...new Set([...(from.get(source) ?? []), cluster])]);
    }
  }
  return [...alike.values()].map(({ flow, from }) => ({
    from,
    to: withinTenant(flow) ? "namespaces of the same tenant" : describePeer(flow.to),
    ports: flow.ports === "all" ? "all" : flow.ports.map(({ port, protocol }) => `${protocol} ${port}`).join(", "),
    why: flow.why,
  }));
}

const withinTenant = ({ ports }: Flow) => ports === "all";

function storageClassesOf(rendered: ReturnType<typeof render>): ShownClass[] {
  const found = new Map<string, ShownClass>();
  for (const [cluster, components] of rendered) {
    const objects = components.get("storage-classes") ?? [];
    const snapshotted = new Set(
      objects.filter(({ kind }) => kind === "VolumeSnapshotClass").map(({ metadata }) => metadata.name),
    );
    for (const object of objects.filter(({ kind }) => kind === "StorageClass")) {
      const shown = shownClass(object, snapshotted.has(object.metadata.name));
      const key = JSON.stringify(shown);
      const clusters = [...(found.get(key)?.clusters ?? []), cluster];
      found.set(key, { ...shown, clusters });
    }
  }
  return [...found.values()];
}

function shownClass(object: KubeObject, snapshots: boolean): Omit<ShownClass, "clusters"> {
  const { allowVolumeExpansion, metadata, provisioner, reclaimPolicy, volumeBindingMode } = object;
  return {
    name: metadata.name,
    isDefault: metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    provisioner: String(provisioner),
    volumeBindingMode: String(volumeBindingMode),
    reclaimPolicy: String(reclaimPolicy),
    expands: allowVolumeExpansion === true,
    snapshots,
  };
}

/** The rules at the level of the environment, which is that of each of its clusters. */
function rulesOf(environment: Environment): ShownRule[] {
  const [cluster = ""] = Object.keys(environment.clusters);
  const settings = policyParameters(environment).clusters[clusterIdentifier(environment, cluster)]?.rules;
  return catalogue().rules.map(({ id, severity, title }) => ({
    ...{ id, title, severity },
    level: settings?.[id]?.level ?? "off",
  }));
}
