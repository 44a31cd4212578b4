/** Gives LoadBalancer Services an address, as a cloud's controller would. Nothing listens there. */
import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions, type V1Service } from "@kubernetes/client-node";

/** The three ranges that are set aside for documentation, RFC 5737: never anybody's address. */
const DOCUMENTATION_PREFIXES = ["192.0.2", "198.51.100", "203.0.113"] as const;

/** Prefix of a cluster's addresses: each of three clusters has a range of its own, so that gateways can tell them apart. */
export const loadBalancerPrefix = (clusterIndex: number) =>
  DOCUMENTATION_PREFIXES[clusterIndex % DOCUMENTATION_PREFIXES.length] ?? DOCUMENTATION_PREFIXES[0];

/** One change of a Service's status: the address that it gets, or none. */
export interface AddressChange {
  readonly service: V1Service;
  readonly address: string | undefined;
}

/**
 * What is to be changed so that each LoadBalancer Service has its own address, and no other Service has one.
 * A Service that asks for an address of the range by `loadBalancerIP` gets it when it is free.
 */
export function addressChanges(services: readonly V1Service[], prefix: string): AddressChange[] {
  const taken = new Set(services.flatMap((service) => (wantsAddress(service) ? (addressOf(service) ?? []) : [])));
  return services.flatMap((service): AddressChange[] => {
    const address = addressOf(service);
    if (!wantsAddress(service)) return address ? [{ service, address: undefined }] : [];
    if (address) return [];
    const free = freeAddress(service.spec?.loadBalancerIP, prefix, taken);
    if (!free) return [];
    taken.add(free);
    return [{ service, address: free }];
  });
}

/** Writes the changes to the cluster. */
export async function assignAddresses(config: KubeConfig, services: readonly V1Service[], prefix: string) {
  const core = config.makeApiClient(CoreV1Api);
  for (const { service, address } of addressChanges(services, prefix)) {
    const { name = "", namespace = "" } = service.metadata ?? {};
    const ingress = address ? [{ ip: address, ipMode: "VIP" }] : null;
    await core.patchNamespacedServiceStatus(
      { name, namespace, body: { status: { loadBalancer: { ingress } } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }
}

const wantsAddress = ({ metadata, spec }: V1Service) => spec?.type === "LoadBalancer" && !metadata?.deletionTimestamp;

const addressOf = ({ status }: V1Service) => status?.loadBalancer?.ingress?.[0]?.ip;

function freeAddress(wanted: string | undefined, prefix: string, taken: ReadonlySet<string>): string | undefined {
  if (wanted?.startsWith(`${prefix}.`) && !taken.has(wanted)) return wanted;
  for (let last = 1; last <= 254; last++) {
    if (!taken.has(`${prefix}.${last}`)) return `${prefix}.${last}`;
  }
  return undefined;
}
