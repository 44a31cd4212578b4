/**
 * What is in the volumes of a sandbox's cluster. Its nodes are simulated, so no pod writes anything; what a drill writes
 * stands for it. A volume that is made anew is another one, and empty.
 */
import { join } from "node:path";
import { instanceAt } from "../../sandbox/instance";
import { SealedStore, type StoreEntry } from "../../sandbox/secrets/sealed-store";
import { secretsFolder } from "../../sandbox/state";
import { instanceName } from "../../stacks/kubeconfig";

export class Volumes {
  private readonly store: SealedStore;

  /** @param root folder of Pulumi.yaml */
  constructor(
    root: string,
    private readonly cluster: string,
  ) {
    this.store = new SealedStore(join(secretsFolder(instanceAt(root, instanceName())), "volumes"));
  }

  /** @param volume name of the PersistentVolume, which is made of its claim's uid */
  write(volume: string, content: StoreEntry): Promise<void> {
    return this.store.put(`${this.cluster}/${volume}`, content);
  }

  read(volume: string): Promise<StoreEntry | undefined> {
    return this.store.get(`${this.cluster}/${volume}`);
  }
}
