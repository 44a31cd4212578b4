/**
 * Which webhooks of a live cluster fail closed and have nobody to answer: until that is mended, what they guard can
 * neither be previewed nor changed, and it is better said at once than after a minute of retries.
 */
import type { LiveCluster } from "./live-cluster";

interface Named {
  readonly metadata: { readonly name: string };
}
interface WebhookConfigurations {
  readonly items: readonly (Named & {
    readonly webhooks?: readonly {
      readonly name: string;
      readonly failurePolicy?: string;
      readonly clientConfig: { readonly service?: { readonly namespace: string; readonly name: string } };
    }[];
  })[];
}
interface EndpointSlices {
  readonly items: readonly {
    readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
  }[];
}

/**
 * One sentence per webhook that fails closed and whose Service has no ready pod.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function findDeadWebhooks(cluster: LiveCluster): Promise<string[]> {
  const lists = await Promise.all(
    ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"].map((plural) =>
      cluster.get<WebhookConfigurations>(`/apis/admissionregistration.k8s.io/v1/${plural}`),
    ),
  );
  const closed = new Map<string, string>();
  for (const { webhooks = [] } of lists.flatMap((list) => list?.items ?? [])) {
    for (const { name, failurePolicy, clientConfig } of webhooks) {
      if (failurePolicy !== "Fail" || !clientConfig.service) continue;
      closed.set(`${clientConfig.service.namespace}/${clientConfig.service.name}`, name);
    }
  }
  const dead = await Promise.all(
    [...closed].map(async ([service, webhook]) =>
      (await hasReadyPod(cluster, service))
        ? []
        : [`webhook ${webhook} fails closed and nothing answers it: Service ${service} has no ready pod`],
    ),
  );
  return dead.flat();
}

async function hasReadyPod(cluster: LiveCluster, service: string): Promise<boolean> {
  const [namespace, name] = service.split("/");
  const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
  const slices = await cluster.get<EndpointSlices>(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`,
  );
  return (slices?.items ?? []).some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready));
}
