/** What a rebuilt cluster holds that the environment did not put there. */
import { groupOf, type KubeObject } from "../../components/kube-object";
import type { LiveCluster } from "../../stacks/live-cluster";
import { readFindings } from "../../stacks/ownership";

interface List {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly ownerReferences?: readonly unknown[];
    };
  }[];
}

/**
 * One sentence each: namespaces and objects of others, and objects that bear the platform's label and are not its own.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function leftovers(live: LiveCluster, desired: readonly KubeObject[]): Promise<string[]> {
  const { foreignNamespaces, foreignObjects } = await readFindings(live, desired);
  const kinds = new Map(desired.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const stray = await Promise.all([...kinds.values()].map((kind) => strayOf(live, kind, desired)));
  return [
    ...foreignNamespaces.map((name) => `namespace ${name} is nobody's`),
    ...foreignObjects.map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name} was made by someone else`,
    ),
    ...stray.flat(),
  ];
}

async function strayOf(
  live: LiveCluster,
  { apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">,
  desired: readonly KubeObject[],
): Promise<string[]> {
  const path = await live.pathOf(apiVersion, kind);
  if (path === undefined) return [];
  const place = ({ name, namespace = "" }: { readonly name: string; readonly namespace?: string }) =>
    `${namespace}/${name}`;
  const wanted = new Set(
    desired
      .filter((object) => object.kind === kind && groupOf(object) === groupOf({ apiVersion }))
      .map(({ metadata }) => place(metadata)),
  );
  const selector = encodeURIComponent("app.kubernetes.io/managed-by=fleetwright");
  const found = await live.get<List>(`${path}?labelSelector=${selector}`, "metadata");
  return (
    (found?.items ?? [])
      // Gatekeeper makes a definition of each template, and copies its labels: what has an owner goes with it
      .filter(({ metadata }) => !metadata.ownerReferences?.length && !wanted.has(place(metadata)))
      .map(({ metadata }) => `${kind} ${place(metadata)} bears the platform's label, and the environment has none such`)
  );
}
