/** Counts what exemptions do in one run of the engine. */
import type { Result } from "../engine/judge";
import { dayOf } from "../exemption";
import {
  endedSentence,
  endingSentence,
  exemptionKey,
  exemptionsLine,
  PLATFORM_OWNER,
  type RuleExemption,
  ruleExemptions,
  standing,
  unusedSentence,
} from "../exemption-report";
import type { PolicyParameters } from "../parameters";
import { packRules } from "./pack-rules";

export class ExemptionTally {
  readonly #clusters = new Set<string>();
  readonly #used = new Set<string>();
  readonly #violations = new Set<string>();

  /** @param now the clock by which exemptions end */
  constructor(
    readonly parameters: PolicyParameters,
    readonly now: () => Date,
  ) {}

  /** Today, UTC. */
  get day(): string {
    return dayOf(this.now());
  }

  /** What was found of an object of a cluster. The same object is counted once, however often it is judged. */
  add(cluster: string, results: readonly Result[]): void {
    this.#clusters.add(cluster);
    for (const { exemption, id, path, resource } of results) {
      if (!exemption) continue;
      this.#used.add(exemptionKey({ id, exemption }));
      this.#violations.add(JSON.stringify([cluster, id, resource, path]));
    }
  }

  /** Exemptions that have ended, on whichever cluster of the environment, each with its sentence. */
  ended(): { readonly id: string; readonly message: string }[] {
    const { ended } = standing(ruleExemptions(this.parameters), this.day);
    return ended.map((one) => ({ id: one.id, message: endedSentence(one) }));
  }

  /** What there is to say once every object was judged, the count first; nothing where nothing is exempt. */
  conclusion(): string[] {
    const here = standing(ruleExemptions(this.parameters, [...this.#clusters]), this.day);
    if (here.inForce.length === 0) return [];
    const unused = here.inForce.filter((one) => this.#isUnused(one));
    return [
      exemptionsLine(here, this.#violations.size, unused.length),
      ...here.ending.map((one) => endingSentence(one, this.day)),
      ...unused.map((one) => unusedSentence(one, "this stack")),
    ];
  }

  /** Those that come with Fleetwright are there for every environment, whatever it leaves out. */
  #isUnused(one: RuleExemption): boolean {
    if (!packRules().some(({ id }) => id === one.id)) return false;
    return one.exemption.owner !== PLATFORM_OWNER && !this.#used.has(exemptionKey(one));
  }
}
