/**
 * Which versions of the add-ons a Kubernetes minor gets. Taken from what public repositories pin, for AWS could not be asked
 * here; before a minor is added, and before the first deployment:
 *
 *     aws eks describe-addon-versions --kubernetes-version 1.35 --addon-name vpc-cni
 *
 * An environment overrides single ones with `provision.eks.addonVersions`.
 */
import type { AddonName } from "./addon-roles";
import type { AddonVersions } from "./addons";

const VERSIONS: Readonly<Record<string, AddonVersions>> = {
  "1.34": {
    "vpc-cni": "v1.21.1-eksbuild.1",
    coredns: "v1.12.4-eksbuild.1",
    "kube-proxy": "v1.34.1-eksbuild.2",
    "aws-ebs-csi-driver": "v1.54.0-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  },
  "1.35": {
    "vpc-cni": "v1.21.1-eksbuild.3",
    coredns: "v1.13.2-eksbuild.1",
    "kube-proxy": "v1.35.0-eksbuild.2",
    "aws-ebs-csi-driver": "v1.54.0-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  },
};

/** Minors for which versions are known. */
export const MINORS: readonly string[] = Object.keys(VERSIONS);

/** Add-ons that a version can be given for. */
export const ADDONS = Object.keys(VERSIONS["1.35"] ?? {}) as AddonName[];

/**
 * @param overrides versions by name that differ from those pinned
 * @throws Error when no versions are known for the minor, or an override names no add-on
 */
export function addonVersions(minor: string, overrides: Readonly<Record<string, string>>): AddonVersions {
  const pinned = VERSIONS[minor];
  if (!pinned) {
    throw new Error(`kubernetes is ${minor}, must be one whose add-ons are pinned for EKS: ${MINORS.join(", ")}`);
  }
  const unknown = Object.keys(overrides).find((name) => !(name in pinned));
  if (unknown !== undefined) {
    throw new Error(`provision.eks.addonVersions has "${unknown}", must be one of ${ADDONS.join(", ")}`);
  }
  return { ...pinned, ...overrides };
}
