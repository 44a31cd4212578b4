/**
 * A component of a team's own, in its own repository: one file of the project's `components/`, which is then rendered,
 * judged, ordered, marked and destroyed like the platform's.
 *
 *   components/status-page.js   exports = { objects: ({ cluster }) => [ … ] }
 */
import type { Flow } from "./flow";
import type { KubeObject } from "./kube-object";
import type { Part } from "./part";
import type { PlatformNamespace } from "./platform-namespace";

/** A component that cannot be used, as a sentence that names its file. */
export class OwnComponentError extends Error {
  override readonly name = "OwnComponentError";
}

/** The cluster that a component is asked for. */
export interface OwnComponentContext {
  readonly environment: {
    readonly name: string;
    readonly purpose: "production" | "development";
    /** Team that owns the platform. */
    readonly owner: string;
  };
  readonly cluster: {
    readonly name: string;
    readonly role: "hub" | "spoke";
    readonly cloud: string;
    readonly region: string;
    readonly zones: readonly string[];
    /** Minor version, such as `1.35`. */
    readonly kubernetes: string;
  };
  /**
   * An image of the image lock as a container names it, with the environment's mirror. Images of the team's own stand in
   * the project's `images.lock.yaml`.
   *
   * @throws Error naming the images there are, when this is none of them
   */
  readonly image: (name: string) => string;
}

/** What such a file exports. Each function is asked once per cluster, must be pure, and may return nothing for a cluster. */
export interface OwnComponent {
  /** Namespaces that it lives in; the cluster base makes them, owned, restricted and closed. @default none */
  readonly namespaces?: (context: OwnComponentContext) => readonly PlatformNamespace[];
  /** Who may talk to whom, beside what the tenants say. @default nobody */
  readonly flows?: (context: OwnComponentContext) => readonly Flow[];
  /** Its objects, in any order: what must come first follows from what they are. */
  readonly objects: (context: OwnComponentContext) => readonly KubeObject[];
}

/**
 * Asks a component for its part of a cluster.
 *
 * @throws OwnComponentError naming the component, the cluster, and what it returned or threw
 */
export function partOf(name: string, component: OwnComponent, context: OwnComponentContext): Part {
  const whose = `components/${name}, cluster ${context.cluster.name}`;
  let part: Part;
  try {
    part = {
      name,
      namespaces: [...(component.namespaces?.(context) ?? [])],
      flows: [...(component.flows?.(context) ?? [])],
      objects: [...component.objects(context)],
    };
  } catch (error) {
    throw new OwnComponentError(`${whose}: ${(error as Error).message}`);
  }
  for (const object of part.objects) {
    const { apiVersion, kind, metadata } = object ?? {};
    if (apiVersion && kind && metadata?.name) continue;
    throw new OwnComponentError(
      `${whose}: objects() returned ${JSON.stringify(object)?.slice(0, 80)}, must be Kubernetes objects with apiVersion, kind and metadata.name`,
    );
  }
  return part;
}
