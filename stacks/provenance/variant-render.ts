/** One object as many variants of its environment would make it: what stays the same from variant to variant is made once. */
import { isDeepStrictEqual } from "node:util";
import { clusterParts, type MakePart } from "../../components/cluster-parts";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { placedObjects } from "../../components/placed-objects";
import { clusterArgs } from "../cluster-args";
import type { Environment } from "../environment";
import { KeptParts } from "./kept-parts";

/** Which object of which cluster. */
export interface ObjectOfCluster {
  readonly cluster: string;
  /** The component that makes it. */
  readonly component: string;
  /** As `keyOf` says it. */
  readonly key: string;
}

/** Renders one object of a cluster, again and again. */
export class VariantRender {
  readonly #asked: ObjectOfCluster;
  /** What was made of the environment itself. */
  readonly #kept: KeptParts;
  /** The object of the environment itself, as it is applied. */
  readonly object: KubeObject;
  /** Whether the object depends on what other components come to, as what watches, guards or houses them does. */
  readonly #looksAtOthers: boolean;

  /**
   * @param kept parts of the cluster that the environment itself has made already. @default none
   * @throws Error when the environment does not make the object
   */
  constructor(environment: Environment, asked: ObjectOfCluster, kept = new KeptParts()) {
    this.#asked = asked;
    this.#kept = kept;
    const object = this.#objectOf(environment, asked.cluster, kept.keep);
    if (!object) throw new Error(`${environment.file} does not make ${asked.key} on ${asked.cluster}`);
    this.object = object;
    this.#looksAtOthers = !isDeepStrictEqual(this.#ofItselfAlone(environment), object);
  }

  /**
   * The object as a variant makes it, marked as it is applied; undefined where it makes none.
   *
   * @param cluster the object's, by the name that it has there. @default as ever
   * @throws Error with the sentence of whoever cannot make anything of the variant
   */
  of(variant: Environment, cluster = this.#asked.cluster): KubeObject | undefined {
    if (!this.#looksAtOthers) {
      try {
        return this.#objectOf(variant, cluster, this.#madeAlone);
      } catch {
        // its component does not take what the others came to before: it gets what they come to now
      }
    }
    return this.#objectOf(variant, cluster, this.#kept.made);
  }

  /** The object of the environment itself, whose own component is asked again. */
  again(environment: Environment): KubeObject | undefined {
    const again: MakePart = (part, ...given) => {
      const [known] = this.#kept.of(part);
      return known?.name === this.#asked.component ? part(...given) : this.#kept.made(part, ...given);
    };
    return this.#objectOf(environment, this.#asked.cluster, again);
  }

  #objectOf(environment: Environment, cluster: string, made: MakePart): KubeObject | undefined {
    const { component, key } = this.#asked;
    const parts = clusterParts(clusterArgs(environment, cluster, environment.name), made);
    const part = parts.find(({ name }) => name === component);
    const object = part?.objects.find((candidate) => keyOf(candidate) === key);
    return object && placedObjects(component, [object])[0]?.object;
  }

  /** Made anew where it is given something else, and where what the other components come to is of no account. */
  readonly #madeAlone: MakePart = (part, ...given) => {
    const other = this.#kept.of(part).find(({ name }) => name !== this.#asked.component);
    return other ?? this.#kept.made(part, ...given);
  };

  /** With nothing of the other components; undefined where that cannot be. */
  #ofItselfAlone(environment: Environment): KubeObject | undefined {
    const alone: MakePart = (part, ...given) => {
      const name = this.#kept.of(part)[0]?.name;
      if (name === this.#asked.component || name === undefined) return part(...given);
      return { name, namespaces: [], flows: [], objects: [] };
    };
    try {
      return this.#objectOf(environment, this.#asked.cluster, alone);
    } catch {
      return undefined;
    }
  }
}
