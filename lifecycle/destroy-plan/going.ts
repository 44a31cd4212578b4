/**
 * What goes with a destroy, of all that a cluster holds: the objects of the stack, what they own, what lies in their
 * namespaces, and what is of a kind that they define.
 */
import { definitionOf, type LiveObject, nameKey } from "./live-object";
import type { Snapshot } from "./snapshot";
import type { StackObject } from "./stack-state";

/** How an object comes to go. */
export interface Going {
  readonly object: LiveObject;
  /** Wave of the destroy in which it is asked to go. */
  readonly wave: number;
  /** `stack`: by the engine; `owner`, `namespace`, `definition`: because something else goes. */
  readonly way: "stack" | "owner" | "namespace" | "definition";
  /** What takes it along; the object itself where `way` is `stack`. */
  readonly with: LiveObject;
}

/** What goes, and what of the stack is already gone. */
export class GoingObjects {
  private readonly byUid = new Map<string, Going>();
  private readonly stack: ReadonlyMap<string, StackObject>;
  private readonly namespaces = new Map<string, Going>();
  private readonly definitions = new Map<string, Going>();

  constructor(
    readonly snapshot: Snapshot,
    readonly stackObjects: readonly StackObject[],
  ) {
    this.stack = new Map(stackObjects.filter(({ retained }) => !retained).map((one) => [nameKey(one), one]));
    const byUid = new Map(snapshot.objects.map((object) => [object.metadata.uid, object]));
    const visit = (object: LiveObject, path: ReadonlySet<string>): Going | undefined => {
      const { uid } = object.metadata;
      const known = this.byUid.get(uid);
      if (known || path.has(uid)) return known;
      const further = new Set([...path, uid]);
      const going = this.first(object, (owner) => {
        const found = byUid.get(owner);
        return found && visit(found, further);
      });
      if (going) this.byUid.set(uid, going);
      return going;
    };
    // definitions and namespaces take others along; those that the stack's own objects own are among them
    for (const kind of ["CustomResourceDefinition", "Namespace"]) {
      for (const object of snapshot.objects.filter((one) => one.kind === kind)) {
        const going = visit(object, new Set());
        if (!going) continue;
        if (kind === "Namespace") this.namespaces.set(object.name, going);
        else this.definitions.set(object.name, going);
      }
    }
    for (const object of snapshot.objects) visit(object, new Set());
  }

  get all(): Going[] {
    return [...this.byUid.values()];
  }

  /** Whether and how an object goes. */
  of(object: LiveObject): Going | undefined {
    return this.byUid.get(object.metadata.uid);
  }

  /** Whether the object of a uid goes. */
  goes(uid: string): boolean {
    return this.byUid.has(uid);
  }

  /** The resource of the stack that an object is. */
  resourceOf(object: LiveObject): StackObject | undefined {
    return this.stack.get(nameKey(object));
  }

  /** When a namespace goes; undefined where it stays. */
  namespaceWave(name: string): number | undefined {
    return this.namespaces.get(name)?.wave;
  }

  /** What takes the kind of an object along; undefined where it stays or is built in. */
  definitionOf(object: LiveObject): Going | undefined {
    return this.definitions.get(definitionOf(object.served));
  }

  /** The way that comes first. */
  private first(object: LiveObject, owner: (uid: string) => Going | undefined): Going | undefined {
    const resource = this.resourceOf(object);
    if (resource) return { object, wave: resource.wave, way: "stack", with: object };
    const owners = (object.metadata.ownerReferences ?? []).flatMap(({ uid }) => owner(uid) ?? []);
    const ways: Going[] = [
      ...owners.map((going): Going => ({ object, wave: going.wave, way: "owner", with: going.object })),
      ...along(object, "namespace", this.namespaces.get(object.namespace ?? "")),
      ...along(object, "definition", this.definitionOf(object)),
    ];
    return ways.sort((a, b) => a.wave - b.wave)[0];
  }
}

const along = (object: LiveObject, way: Going["way"], taker: Going | undefined): Going[] =>
  taker ? [{ object, way, wave: taker.wave, with: taker.object }] : [];
