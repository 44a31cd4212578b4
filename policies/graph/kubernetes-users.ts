/** Accounts by which Kubernetes itself asks the API server. */
import type { RequestUser } from "./api-request";

/** A controller of Kubernetes: by itself, or, where they share an account, as the program that runs them all. */
export const controller = (name: string): RequestUser[] => [
  {
    username: `system:serviceaccount:kube-system:${name}`,
    groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
  },
  { username: "system:kube-controller-manager", groups: ["system:authenticated"] },
];

export const KUBELET: readonly RequestUser[] = [
  { username: "system:node:node", groups: ["system:nodes", "system:authenticated"] },
];

export const SCHEDULER: readonly RequestUser[] = [
  { username: "system:kube-scheduler", groups: ["system:authenticated"] },
];
