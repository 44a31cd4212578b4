/** How far one component is proved. */

/**
 * The highest level that a component reaches:
 * - `A`: pure charts; shape, promises, wiring;
 * - `B`: the real engine and real API servers with simulated nodes; schema, order, idempotence, destroy, drift, adoption;
 * - `C`: the component's own program, run on what is rendered; that it accepts it and does it.
 */
export type ProofLevel = "A" | "B" | "C";

/** What is known of one component, and how. */
export interface Proof {
  readonly level: ProofLevel;
  /** What ran, one sentence. */
  readonly by: string;
  /** Files that show it, relative to the repository. */
  readonly tests: readonly string[];
  readonly notProved: {
    /** A few words, for a table. */
    readonly what: string;
    /** One sentence: what, and why it cannot be shown here. */
    readonly why: string;
  };
}
