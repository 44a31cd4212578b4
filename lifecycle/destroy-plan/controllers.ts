/** Who takes the finalizers off objects of a kind, and whether it lives. */
import { hostPrograms } from "../../sandbox/host-programs";
import type { GoingObjects } from "./going";
import { definitionOf, type LiveObject } from "./live-object";
import type { Workload } from "./snapshot";
import type { StackObject } from "./stack-state";

/** A program that looks after objects of some kind. */
export interface Controller {
  /** `Deployment argocd/argocd-server`. */
  readonly name: string;
  /** When the destroy ends it; undefined where it stays. */
  readonly wave: number | undefined;
  /** `running`; `dead`: no pod of it is ready; `simulated`: its pods are, and no program stands behind them. */
  readonly state: "running" | "dead" | "simulated";
}

const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** The controllers of one cluster, as its stack and its definitions tell them. */
export class Controllers {
  private readonly componentOfDefinition = new Map<string, string>();
  private readonly byComponent = new Map<string, readonly Controller[]>();

  /** @param isSandbox whether most programs are simulated */
  constructor(
    private readonly going: GoingObjects,
    private readonly isSandbox: boolean,
  ) {
    for (const { kind, name, component } of going.stackObjects) {
      if (kind === "CustomResourceDefinition") this.componentOfDefinition.set(name, component);
    }
  }

  /** Those of the component that defines the object's kind; none where the kind is not of the stack. */
  of(object: LiveObject): readonly Controller[] {
    const component = this.componentOf(object);
    if (component === undefined) return [];
    const known = this.byComponent.get(component);
    if (known) return known;
    const found = this.going.stackObjects
      .filter((one) => one.component === component && WORKLOADS.has(one.kind))
      .map((one) => this.controller(one));
    this.byComponent.set(component, found);
    return found;
  }

  /** The component of the stack that defines an object's kind. */
  componentOf(object: LiveObject): string | undefined {
    const definition = definitionOf(object.served);
    const own = this.componentOfDefinition.get(definition);
    if (own !== undefined) return own;
    // a definition that an object of the stack owns: a constraint's kind, by its template
    const taker = this.going.definitionOf(object)?.with;
    return taker && this.going.resourceOf(taker)?.component;
  }

  private controller(resource: StackObject): Controller {
    const live = this.going.snapshot.workloads.find(
      ({ kind, metadata }) =>
        kind === resource.kind && metadata.name === resource.name && metadata.namespace === resource.namespace,
    );
    const name = `${resource.kind} ${resource.namespace}/${resource.name}`;
    return { name, wave: resource.wave, state: this.stateOf(live) };
  }

  private stateOf(live: Workload | undefined): Controller["state"] {
    const ready = live?.status?.readyReplicas ?? live?.status?.numberReady ?? 0;
    if (!live || ready === 0) return "dead";
    const { name, namespace } = live.metadata;
    const runs = hostPrograms.some((program) => program.namespace === namespace && program.deployment === name);
    return this.isSandbox && !runs ? "simulated" : "running";
  }
}
