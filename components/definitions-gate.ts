/**
 * CustomResourceDefinitions are made all at once, and before whatever none of them needs.
 *
 * The Kubernetes provider forgets the API server's schema whenever it has made a definition, and reads it again before
 * it checks the next object. The API server composes the schema anew each time, which takes up to 5 s of a core where 80
 * definitions are there. So no definition is made until all of its cluster were checked, and nothing else of the cluster
 * is registered until they are there: the schema is read twice instead of 80 times (docs/decisions.md).
 */
import * as pulumi from "@pulumi/pulumi";

/** Longest wait for the next one to come, in milliseconds. Checks take tens of milliseconds, a schema that is read some seconds. */
const LONGEST_PAUSE_MS = 10_000;

/**
 * Holds back the steps that make the definitions of a cluster until each came this far, or needs no step.
 *
 * A step that waits keeps one of the engine's slots (`pulumi --parallel`), so those that wait are let through whenever
 * they have taken all that are theirs: with few slots the gate costs time, and never blocks. An engine that met an error
 * registers nothing more and waits for the steps under way; so they go when no other came for {@link LONGEST_PAUSE_MS}.
 */
export class DefinitionsGate {
  private readonly awaited: Set<string>;
  private readonly waiting = new Map<string, () => void>();
  private pause: NodeJS.Timeout | undefined;
  private readonly through = new Set<string>();

  /**
   * @param names logical names of the definitions
   * @param slots how many may wait at once: at least 1, and over all gates of a program at most the engine's slots
   */
  constructor(
    names: Iterable<string>,
    private readonly slots: number,
  ) {
    this.awaited = new Set(names);
  }

  /** Resolves when the definition may be made. */
  pass(name: string): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.set(name, resolve);
      this.dismiss(name);
    });
  }

  /** Nobody need wait for a definition any more. */
  dismiss(name: string): void {
    this.awaited.delete(name);
    clearTimeout(this.pause);
    if (this.awaited.size === 0 || this.waiting.size >= this.slots) this.open();
    else if (this.waiting.size > 0) this.pause = setTimeout(() => this.open(), LONGEST_PAUSE_MS);
  }

  /** Names of those that were let through. */
  get passed(): ReadonlySet<string> {
    return this.through;
  }

  private open(): void {
    for (const [name, resolve] of this.waiting) {
      this.through.add(name);
      resolve();
    }
    this.waiting.clear();
  }

  /** Makes definitions wait here; in previews too, where the provider asks for the schema as often. */
  hook(name: string): pulumi.ResourceHook {
    return new pulumi.ResourceHook(name, (made) => this.pass(made.name), { onDryRun: true });
  }

  /** Resolves when the engine has dealt with the definitions; those that it left as they were are not waited for. */
  async made(definitions: readonly pulumi.Resource[]): Promise<void> {
    const urns = definitions.map(({ urn }) => urn);
    // a URN ends with the logical name
    for (const urn of urns) urn.apply((known) => this.dismiss(known.split("::").slice(3).join("::")));
    await new Promise<void>((resolve) => pulumi.all(urns).apply(() => resolve()));
  }
}

/** The engine's slots, `pulumi --parallel`, as its language host tells a program. */
export function engineSlots(): number {
  const slots = Number(process.env.PULUMI_NODEJS_PARALLEL);
  return Number.isInteger(slots) && slots > 0 ? slots : 1;
}
