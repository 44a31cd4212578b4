/** How the proof is run. */

/** Runs a step, and tells it: its name, how long it takes on an idle machine of two cores, and what it comes to. */
export type Step = <T>(
  name: string,
  seconds: number,
  work: (say: (text: string, share?: number) => void) => Promise<T>,
  outcome: (result: T) => string,
) => Promise<T>;

export interface RunArgs {
  /** The programs. */
  readonly opa: string;
  readonly gator: string;
  /** Decides everything that chance decides. */
  readonly seed: number;
  /** Verdicts to ask for, at least; mutants and sabotages are as small a share. @default all */
  readonly sample?: number;
  /** Whether an API server and Gatekeeper are started. */
  readonly withCluster: boolean;
  readonly step: Step;
}
