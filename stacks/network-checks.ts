/**
 * Which ranges of addresses of an environment's clusters must have nothing in common. Clusters of different networks may
 * have the same ones: they meet at gateways. Reads the raw value, as environment-checks.ts does.
 */
import { isWithin } from "../components/cidr";
import { asList, asMap, type Raw } from "./raw-value";

type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

/** All faults of ranges, in the order of the file. */
export function networkFaults(clusters: Raw): Fault[] {
  const networks = Object.entries(clusters).map(([cluster, spec]) => ({ cluster, ...asMap(asMap(spec).network) }));
  return networks.flatMap(({ cluster, name, podCidrs, serviceCidrs }: Network, index) => [
    ...shared(serviceCidrs, podCidrs).map(
      ({ at, mine, theirs }): Fault => ({
        path: ["clusters", cluster, "network", "serviceCidrs", at],
        message: `overlaps with ${nameOf(mine, theirs)} of podCidrs: an address is a pod's or a Service's, give Services a range of their own`,
      }),
    ),
    ...networks
      .slice(0, index)
      .filter((other: Network) => typeof name === "string" && other.name === name)
      .flatMap((other: Network) =>
        shared(podCidrs, other.podCidrs).map(
          ({ at, mine, theirs }): Fault => ({
            path: ["clusters", cluster, "network", "podCidrs", at],
            message: `overlaps with ${nameOf(mine, theirs)} of cluster ${other.cluster}, in the same network ${name}: give each its own range, or its own network.name`,
          }),
        ),
      ),
  ]);
}

interface Network {
  readonly cluster: string;
  readonly name?: unknown;
  readonly podCidrs?: unknown;
  readonly serviceCidrs?: unknown;
}

/** Ranges of the first list that have addresses of the second, each with the first such range there. */
function shared(ranges: unknown, others: unknown): { at: number; mine: string; theirs: string }[] {
  return asList(ranges).flatMap((mine, at) => {
    const theirs = asList(others).find((other) => overlap(mine, other));
    return typeof mine === "string" && typeof theirs === "string" ? [{ at, mine, theirs }] : [];
  });
}

/** What is no range is the schema's to report. */
function overlap(one: unknown, other: unknown): boolean {
  if (typeof one !== "string" || typeof other !== "string") return false;
  try {
    return isWithin(one, other) || isWithin(other, one);
  } catch {
    return false;
  }
}

const nameOf = (mine: string, theirs: string) => (mine === theirs ? "the same range" : theirs);
