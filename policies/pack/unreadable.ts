/** Resources behind which objects are made that the pack never sees, so that no rule can judge them. */

/** Why nothing can be said of what a resource makes, and what to register in its place. */
export interface Unreadable {
  readonly reason: string;
  /** Whether it refuses the deployment: where there is another way to the same objects. */
  readonly isMandatory: boolean;
}

const RELEASE: Unreadable = {
  reason:
    "a Release hands its chart to Helm, and no rule sees what the chart makes: register it as kubernetes.helm.v4.Chart, whose objects are resources",
  isMandatory: true,
};

const COMMAND: Unreadable = {
  reason: "a command may change a cluster, and no rule sees what it changes: admission judges it alone",
  isMandatory: false,
};

const DYNAMIC: Unreadable = {
  reason: "a dynamic provider is a program of its own, and no rule sees what it makes: admission judges it alone",
  isMandatory: false,
};

/**
 * Undefined where the content is seen: a resource of its own, or a component whose children are resources.
 *
 * @param token Pulumi type token
 */
export function unreadable(token: string): Unreadable | undefined {
  const [provider, module = "", name] = token.split(":");
  if (provider === "kubernetes" && module.startsWith("helm.sh/") && name === "Release") return RELEASE;
  if (provider === "command") return COMMAND;
  // pulumi-nodejs, pulumi-python
  if (provider?.startsWith("pulumi-") && module.split("/")[0] === "dynamic") return DYNAMIC;
  return undefined;
}
