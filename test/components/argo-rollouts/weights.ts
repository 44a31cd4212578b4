/** Shares of the traffic that a VirtualService has had, one after the other, by a watch: none that stood for a moment only is missed. */
import { type KubeConfig, Watch } from "@kubernetes/client-node";

interface VirtualService {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly http: readonly { readonly route: readonly { readonly weight?: number }[] }[] };
}

export class Weights {
  /** `stable/canary`, percent; the same only once in a row. */
  readonly seen: string[] = [];

  private constructor(private readonly name: string) {}

  /** Follows a VirtualService until it is stopped. */
  static async follow(config: KubeConfig, namespace: string, name: string): Promise<Weights & { stop(): void }> {
    const weights = new Weights(name);
    const path = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
    const watch = await new Watch(config).watch(
      path,
      {},
      (_, object: VirtualService) => weights.note(object),
      () => {},
    );
    return Object.assign(weights, { stop: () => watch.abort() });
  }

  get now(): string | undefined {
    return this.seen.at(-1);
  }

  /** Forgets all but the last. */
  forget(): void {
    this.seen.splice(0, this.seen.length - 1);
  }

  private note({ metadata, spec }: VirtualService): void {
    if (metadata.name !== this.name) return;
    const weights = spec.http[0]?.route.map(({ weight = 0 }) => weight).join("/") ?? "";
    if (weights !== this.now) this.seen.push(weights);
  }
}
