/** Which cluster is meant, and the names that AWS gives its parts: known before any of them exists. */

export interface Whereabouts {
  /** DNS label. */
  readonly environment: string;
  /** DNS label. */
  readonly cluster: string;
  /** Name of the EKS cluster, `<environment>-<cluster>`, at most 40 characters: names of roles end in more. */
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  /** As AWS spells it. */
  readonly region: string;
  /** Zones of the region, at least two. */
  readonly zones: readonly string[];
}

/** First part of every ARN of the region. */
export const partitionOf = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

export const clusterArn = ({ account, name, region }: Whereabouts): string =>
  `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name}`;

/** ARN of a policy that AWS keeps. */
export const managedPolicyArn = ({ region }: Pick<Whereabouts, "region">, name: string): string =>
  `arn:${partitionOf(region)}:iam::aws:policy/${name}`;
