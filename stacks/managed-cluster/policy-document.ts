/** IAM policies as plain values, so that they are whole in every preview. */

export interface Statement {
  /** Letters and digits: what it is for. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly Service?: string | readonly string[]; readonly AWS?: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The document, as AWS reads it. */
export const policyDocument = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** Who may take a role: one service of AWS, for one account. */
export const trustOf = (service: string, account: string): string =>
  policyDocument([
    {
      Sid: "Service",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      // not on behalf of somebody else's account
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ]);
