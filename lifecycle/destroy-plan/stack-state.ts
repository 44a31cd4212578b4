/**
 * What a stack holds, by its state, and the waves in which the engine deletes it: resources that depend on nothing go
 * last, all of one wave at once, and no wave begins before the one ahead of it has ended (`ScheduleDeletes` in
 * pkg/resource/deploy/step_generator.go of pulumi 3.259).
 */
import { execa } from "execa";
import { groupOf, type KubeObject } from "../../components/kube-object";
import type { Environment } from "../../stacks/environment";
import { engineEnvironment, processEnvironment } from "../engine-environment";
import { type Deployment, type Place, readDeployment, type StateResource } from "../engine-state";
import type { ObjectName } from "./finding";

/** An object that the stack deletes. */
export interface StackObject extends ObjectName {
  readonly name: string;
  readonly urn: string;
  /** Name of the cluster in the environment; empty where the resource is of no cluster. */
  readonly cluster: string;
  /** Such as `argo-cd`; empty where no component of the platform made it. */
  readonly component: string;
  /** From 1; the engine deletes the first wave first. */
  readonly wave: number;
  /** Whether the engine refuses to delete it. */
  readonly protected: boolean;
  /** Whether the engine only forgets it. */
  readonly retained: boolean;
}

/** A state that could not be read: what the engine said. */
export class StateUnreadable extends Error {
  override readonly name = "StateUnreadable";
}

/**
 * Everything that the stack's destroy deletes; empty where nothing was deployed.
 *
 * @throws StateUnreadable when there is no such stack, or the engine cannot read its state
 */
export async function stackObjects(environment: Environment, place: Place): Promise<StackObject[]> {
  return objectsOfState((await deploymentOf(environment, place))?.resources ?? []);
}

/** The same of a state that was read. */
export function objectsOfState(resources: readonly StateResource[]): StackObject[] {
  const waves = wavesOf(resources);
  return resources.flatMap((resource) => {
    const wave = waves.get(resource.urn);
    return wave === undefined ? [] : [stackObject(resource, wave)];
  });
}

async function deploymentOf(environment: Environment, { root, stack }: Place): Promise<Deployment | undefined> {
  if (environment.sandbox) return readDeployment({ root, stack });
  const variables = engineEnvironment(environment, { root, stack });
  const { exitCode, stderr, stdout } = await execa("pulumi", ["stack", "export", "--stack", stack], {
    cwd: root,
    env: processEnvironment(variables),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) throw new StateUnreadable(`stack ${stack}: its state could not be read: ${stderr.trim()}`);
  return (JSON.parse(stdout) as { deployment?: Deployment }).deployment;
}

/** By URN, from 1; providers and components, which are nothing in a cluster, have none. */
export function wavesOf(resources: readonly StateResource[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const depthOf = (resource: StateResource): number => {
    const known = depths.get(resource.urn);
    if (known !== undefined) return known;
    depths.set(resource.urn, 0); // a state has no circles; one that was written by hand must not run for ever
    const below = namedBy(resource).flatMap((urn) => byUrn.get(urn) ?? []);
    const depth = below.length === 0 ? 0 : 1 + Math.max(...below.map(depthOf));
    depths.set(resource.urn, depth);
    return depth;
  };
  const objects = resources.filter(isObject);
  const levels = [...new Set(objects.map(depthOf))].sort((a, b) => b - a);
  return new Map(objects.map((resource) => [resource.urn, levels.indexOf(depthOf(resource)) + 1]));
}

const isObject = ({ custom, type }: StateResource) => custom === true && !type.startsWith("pulumi:providers:");

/** URNs of what must outlive a resource. */
function namedBy(resource: StateResource): string[] {
  const { deletedWith, dependencies, parent, propertyDependencies, provider } = resource as {
    readonly deletedWith?: string;
    readonly dependencies?: readonly string[];
    readonly parent?: string;
    readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
    readonly provider?: string;
  };
  const properties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  const single = [parent, deletedWith, provider && providerUrn(provider)].flatMap((urn) => urn || []);
  return [...single, ...(dependencies ?? []), ...properties];
}

/** `<urn>::<id>` without the id. */
const providerUrn = (reference: string) => reference.slice(0, reference.lastIndexOf("::"));

function stackObject(resource: StateResource, wave: number): StackObject {
  const { inputs, outputs, parent, protect, provider, retainOnDelete, type, urn } = resource as StateResource & {
    readonly outputs?: KubeObject;
    readonly parent?: string;
    readonly protect?: boolean;
    readonly provider?: string;
    readonly retainOnDelete?: boolean;
  };
  const common = { urn, wave, protected: protect === true, retained: retainOnDelete === true };
  if (!type.startsWith("kubernetes:")) {
    return { ...common, cluster: "", component: "", group: "", kind: type, name: nameOf(urn) };
  }
  const object = inputs as KubeObject;
  // where the provider does not know the scope of a kind yet, it writes a namespace into the inputs of what has none
  const { name, namespace } = (outputs?.metadata?.name ? outputs : object).metadata;
  const cluster = provider ? nameOf(providerUrn(provider)) : "";
  return {
    ...common,
    cluster,
    // the parent is called <cluster>-<component>
    component: parent && nameOf(parent).startsWith(`${cluster}-`) ? nameOf(parent).slice(cluster.length + 1) : "",
    group: groupOf(object),
    kind: object.kind,
    name,
    ...(namespace && { namespace }),
  };
}

/** The logical name at the end of a URN. */
const nameOf = (urn: string) => urn.split("::").slice(3).join("::");
