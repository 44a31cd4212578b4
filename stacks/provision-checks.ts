/**
 * What must hold between fields of an environment file for its clusters to be made on Amazon EKS. Reads the raw value, as
 * environment-checks.ts does.
 */
import { isWithin } from "../components/cidr";
import { MINORS } from "./managed-cluster/addon-versions";
import { asList, asMap, type Raw } from "./raw-value";

type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

/** All faults of clusters that are made. */
export function provisionFaults(file: Raw): Fault[] {
  const clusters = Object.entries(asMap(file.clusters)).map(([name, value]) => [name, asMap(value)] as const);
  const made = clusters.filter(([, { provision }]) => asMap(provision).kind === "eks");
  const [first] = made.map(([, { provision }]) => asMap(asMap(provision).eks).account);
  return made.flatMap(([name, cluster]) => {
    const eks = asMap(asMap(cluster.provision).eks);
    const at = (path: readonly string[], message: string): Fault => ({ path: ["clusters", name, ...path], message });
    return [
      ...(file.sandbox === undefined
        ? []
        : [at(["provision", "kind"], "must be existing: the clusters of this environment are the sandbox's")]),
      ...(cluster.cloud === "aws" ? [] : [at(["cloud"], "must be aws: the cluster's provision is eks")]),
      ...(MINORS.includes(String(cluster.kubernetes))
        ? []
        : [at(["kubernetes"], `must be a minor whose add-ons are pinned for EKS: ${MINORS.join(", ")}`)]),
      ...(asList(cluster.zones).length < 2
        ? [at(["zones"], "must be at least 2: EKS asks for subnets in two zones")]
        : []),
      ...(eks.account === first
        ? []
        : [
            at(
              ["provision", "eks", "account"],
              `must be ${first}, as of the others: pods of all clusters share the environment's buckets`,
            ),
          ]),
      ...subnetFaults(cluster, eks).map(({ path, message }) => at(path, message)),
    ];
  });
}

function subnetFaults({ network, zones }: Raw, eks: Raw): { path: string[]; message: string }[] {
  const { apiServerCidrs, podCidrs } = asMap(network);
  const [range] = texts(podCidrs);
  const lists: [string[], string[]][] = [
    [["provision", "eks", "nodeCidrs"], texts(eks.nodeCidrs)],
    [["provision", "eks", "publicCidrs"], texts(eks.publicCidrs)],
    [["network", "apiServerCidrs"], texts(apiServerCidrs)],
  ];
  const all = lists.flatMap(([, cidrs]) => cidrs);
  return lists.flatMap(([path, cidrs]) => {
    const count = asList(zones).length;
    const outside = cidrs.find((cidr) => range !== undefined && !within(cidr, range));
    const shared = cidrs.find((cidr) => all.filter((other) => within(cidr, other)).length > 1);
    return [
      ...(cidrs.length === count
        ? []
        : [{ path, message: `must have ${count} ranges, one in each of the cluster's zones` }]),
      ...(outside === undefined
        ? []
        : [{ path, message: `has ${outside}, must lie in ${range}, the first of network.podCidrs` }]),
      ...(shared === undefined ? [] : [{ path, message: `has ${shared}, which lies in another subnet's range, too` }]),
    ];
  });
}

/** What is no range is the schema's to report. */
function within(inner: string, range: string): boolean {
  try {
    return isWithin(inner, range);
  } catch {
    return false;
  }
}

const texts = (value: unknown): string[] => asList(value).filter((each) => typeof each === "string");
