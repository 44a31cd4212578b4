/** One object as many variants of its environment would make it: what stays the same from variant to variant is made once. */
import { isDeepStrictEqual } from "node:util";
import { clusterParts, type MakePart } from "../../components/cluster-parts";
import { type KubeObject, keyOf } from "../../components/kube-object";
import type { Part } from "../../components/part";
import { placedObjects } from "../../components/placed-objects";
import { clusterArgs } from "../cluster-args";
import type { Environment } from "../environment";

/** Which object of which cluster. */
export interface ObjectOfCluster {
  readonly cluster: string;
  /** The component that makes it. */
  readonly component: string;
  /** As `keyOf` says it. */
  readonly key: string;
}

interface Made {
  readonly given: readonly unknown[];
  readonly part: Part;
}

/** Renders one object of a cluster, again and again. */
export class VariantRender {
  readonly #asked: ObjectOfCluster;
  /** By the function that makes a part, what it made of the environment itself. */
  readonly #known = new Map<unknown, Made[]>();
  /** The object of the environment itself, as it is applied. */
  readonly object: KubeObject;
  /** Whether the object depends on what other components come to, as what watches, guards or houses them does. */
  readonly #looksAtOthers: boolean;

  /** @throws Error when the environment does not make the object */
  constructor(environment: Environment, asked: ObjectOfCluster) {
    this.#asked = asked;
    const object = this.#objectOf(environment, asked.cluster, this.#kept);
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
    return this.#objectOf(variant, cluster, this.#made);
  }

  /** The object of the environment itself, whose own component is asked again. */
  again(environment: Environment): KubeObject | undefined {
    const again: MakePart = (part, ...given) => {
      const name = this.#known.get(part)?.[0]?.part.name;
      return name === this.#asked.component ? part(...given) : this.#made(part, ...given);
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

  readonly #kept: MakePart = (part, ...given) => {
    const made = part(...given);
    this.#known.set(part, [...(this.#known.get(part) ?? []), { given, part: made }]);
    return made;
  };

  /** A part follows from what it is given, and from nothing else: from the same follows the same. */
  readonly #made: MakePart = (part, ...given) => {
    const same = this.#known.get(part)?.find((one) => isDeepStrictEqual(one.given, given));
    return same?.part ?? part(...given);
  };

  /** The same, where what the other components come to is of no account. */
  readonly #madeAlone: MakePart = (part, ...given) => {
    const other = this.#known.get(part)?.find((one) => one.part.name !== this.#asked.component);
    return other?.part ?? this.#made(part, ...given);
  };

  /** With nothing of the other components; undefined where that cannot be. */
  #ofItselfAlone(environment: Environment): KubeObject | undefined {
    const alone: MakePart = (part, ...given) => {
      const name = this.#known.get(part)?.[0]?.part.name;
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
