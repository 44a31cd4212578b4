/** Which objects an autoscaler looks after, by what the autoscalers of the cluster say themselves. */
import { groupOf, type KubeObject } from "../../components/kube-object";
import type { LiveCluster } from "../../stacks/live-cluster";
import { type Fields, isFields } from "./field-path";

interface Autoscalers {
  readonly items: readonly { readonly metadata: { readonly namespace: string }; readonly spec: Fields }[];
}

export class AutoscaledObjects {
  private targets: Promise<ReadonlySet<string>> | undefined;

  /** Reads nothing before it is asked. */
  constructor(private readonly cluster: LiveCluster) {}

  /** @throws ClusterUnreachable when the autoscalers cannot be read */
  async has(object: KubeObject): Promise<boolean> {
    this.targets ??= this.read();
    const { kind, metadata } = object;
    return (await this.targets).has([groupOf(object), kind, metadata.namespace, metadata.name].join("/"));
  }

  private async read(): Promise<ReadonlySet<string>> {
    const list = await this.cluster.get<Autoscalers>("/apis/autoscaling/v2/horizontalpodautoscalers");
    return new Set(
      list?.items.flatMap(({ metadata, spec: { scaleTargetRef } }) => {
        if (!isFields(scaleTargetRef)) return [];
        const { apiVersion, kind, name } = scaleTargetRef;
        const group = String(apiVersion).includes("/") ? String(apiVersion).split("/")[0] : "";
        return [[group, kind, metadata.namespace, name].join("/")];
      }),
    );
  }
}
