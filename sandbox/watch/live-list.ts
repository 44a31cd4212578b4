/** A list of objects that follows the cluster, through any loss of the connection and of the cluster's data. */
import {
  type Informer,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  type ObjectCache,
} from "@kubernetes/client-node";

/** Time between attempts to reach a cluster that does not answer. */
const RETRY_MS = 1000;

/** One kind of object, of the whole cluster or of one namespace. */
export class LiveList<T extends KubernetesObject> {
  private informer: (Informer<T> & ObjectCache<T>) | undefined;
  private listed = false;
  private stopped = false;

  /**
   * @param path of the list, such as `/api/v1/services`
   * @param onChange called whenever objects may have changed, and when the connection is lost
   */
  constructor(
    private readonly config: KubeConfig,
    private readonly path: string,
    private readonly list: () => Promise<KubernetesListObject<T>>,
    private readonly onChange: () => void,
  ) {
    this.connect();
  }

  /** Whether the list is complete and followed. */
  get synced(): boolean {
    return this.listed;
  }

  /** The objects as last seen; those of before the loss while the cluster does not answer. */
  get items(): readonly T[] {
    return this.informer?.list() ?? [];
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.informer?.stop();
  }

  /** Always by a new informer: one that resumes would ask a wiped cluster for versions which it never had. */
  private connect(): void {
    if (this.stopped) return;
    const informer = makeInformer<T>(this.config, this.path, this.list);
    let over = false;
    informer.on("error", () => {
      if (over || this.stopped) return;
      over = true;
      this.listed = false;
      this.onChange();
      void informer.stop();
      setTimeout(() => this.connect(), RETRY_MS);
    });
    informer.on("change", () => this.onChange());
    void informer.start().then(() => {
      if (over || this.stopped) return;
      this.informer = informer;
      this.listed = true;
      this.onChange();
    });
  }
}
