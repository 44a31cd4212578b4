/** Why credentials cannot be worked on. */

/** One wrong word of what was asked. */
export interface AskedFault {
  /** Which option or argument. */
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
}

/** What was asked cannot be done, whatever the clusters say; lists every fault. */
export class CredentialsInvalid extends Error {
  override readonly name = "CredentialsInvalid";
  constructor(readonly faults: readonly AskedFault[]) {
    super(
      [
        `${faults.length} ${faults.length === 1 ? "fault" : "faults"}, nothing was changed.`,
        ...faults.map(({ message, path, value }) => `  ${path} is ${JSON.stringify(value)}: ${message}`),
      ].join("\n"),
    );
  }
}

/** The store does not answer, or answers what it must not. The message holds nothing of what it keeps. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}
