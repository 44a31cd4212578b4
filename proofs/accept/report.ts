/** What the programs say of a render, as one document. */

/** What one program said. */
export interface ProgramReport {
  readonly name: string;
  /** Of the program that judged. */
  readonly version: string;
  /** Version of the image that runs in the clusters. */
  readonly deployed: string;
  /** The program and its version, as one word. */
  readonly validatedBy: string;
  /** Whether both are of one minor version; else what is accepted here is only partly proved. */
  readonly sameMinor: boolean;
  /** How many files it judged. */
  readonly files: number;
  /** Whether it accepts every one of them. */
  readonly accepted: boolean;
  /** What it refuses and why, or that it accepts. */
  readonly message: string;
}

/** A program that judged nothing: it is not on this machine, or nothing is rendered for it. */
export interface SkippedProgram {
  readonly name: string;
  /** A sentence with the way out. */
  readonly reason: string;
}

export interface AcceptReport {
  readonly environment: string;
  readonly programs: readonly ProgramReport[];
  readonly skipped: readonly SkippedProgram[];
  /** Counts of programs. */
  readonly summary: { readonly accepted: number; readonly refused: number; readonly skipped: number };
}

/** Whether two versions agree in their first two numbers: `v1.21.2` and `1.21.0` do. */
export function isSameMinor(one: string, other: string): boolean {
  const minor = (version: string) => /^v?(\d+\.\d+)(\.|$)/.exec(version)?.[1];
  return minor(one) !== undefined && minor(one) === minor(other);
}

/** One line per program for people. */
export function linesOf({ programs, skipped, summary }: AcceptReport): string[] {
  const said = ({ accepted, deployed, files, message, sameMinor, validatedBy }: ProgramReport) => {
    const verdict = accepted ? (sameMinor ? "accepted" : "partly") : "REFUSED";
    const version = sameMinor ? "" : `, deployed is ${deployed}`;
    return `${verdict.padEnd(8)}  ${validatedBy}${version}: ${files} files${accepted ? "" : `\n${message}`}`;
  };
  return [
    ...programs.map(said),
    ...skipped.map(({ name, reason }) => `${"skipped".padEnd(8)}  ${name}: ${reason}`),
    `${summary.accepted} accepted, ${summary.refused} refused, ${summary.skipped} skipped`,
  ];
}
