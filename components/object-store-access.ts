/** How pods get to an object store: who they are to the cloud, and which way leads there. */
import { type AddressPeer, ANYWHERE, type FlowPort } from "./flow";
import type { ObjectStore } from "./object-store";

/** Where Amazon EKS answers pods that ask who they are (Pod Identity); fixed, in both families. */
export const POD_IDENTITY_CIDRS = ["169.254.170.23/32", "fd00:ec2::23/128"];

/** The link's own addresses, among them those where a node is told its own role: pods do not borrow it. */
const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10"];

/** Annotations of the ServiceAccount by which pods take the role of the store. */
export function storeIdentity(store: ObjectStore): Readonly<Record<string, string>> {
  if (store.kind !== "s3" || store.roleArn === undefined) return {};
  return { "eks.amazonaws.com/role-arn": store.roleArn };
}

/** Whom pods of a store's user connect to; nobody where the store is a folder. */
export function storeReach(
  store: ObjectStore,
): { readonly to: AddressPeer; readonly ports: readonly FlowPort[]; readonly why: string }[] {
  if (store.kind === "filesystem") return [];
  const tcp = (port: number): FlowPort[] => [{ port, protocol: "TCP" }];
  const port = Number(store.endpoint?.split(":")[1] ?? 443);
  return [
    {
      to: {
        cidrs: ANYWHERE,
        except: LINK_LOCAL,
        reason: "object stores are known by name, and their addresses are many and change",
      },
      // 443 too where the store has another port: roles are asked for there
      ports: [...new Set([port, 443])].flatMap(tcp),
      why: "objects are kept in a bucket",
    },
    {
      to: { cidrs: POD_IDENTITY_CIDRS, reason: "the agent of Pod Identity has these addresses on every node" },
      ports: tcp(80),
      why: "credentials of the pod's role come from the node's agent",
    },
  ];
}
