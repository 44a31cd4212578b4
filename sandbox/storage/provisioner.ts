/**
 * Stands for every CSI driver of a cluster: makes volumes for claims, says that they are attached, grows them, deletes them.
 * Binding and protection are kube-controller-manager's own; no data is ever stored.
 */
import {
  ApiException,
  CoreV1Api,
  PatchStrategy,
  StorageV1Api,
  setHeaderOptions,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
  type V1VolumeAttachment,
} from "@kubernetes/client-node";
import { amountOf } from "../quantity";
import type { ClusterView } from "../watch/cluster-view";
import { PROVISIONED_BY, provision } from "./volume";

const mergePatch = () => setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

export class Provisioner {
  private readonly core: CoreV1Api;
  private readonly storage: StorageV1Api;
  /** What has been said of a claim, so that it is said once. */
  private readonly failures = new Map<string, string>();

  constructor(private readonly view: ClusterView) {
    this.core = view.config.makeApiClient(CoreV1Api);
    this.storage = view.config.makeApiClient(StorageV1Api);
  }

  /**
   * Brings volumes in line with claims; called after each change.
   *
   * @throws the first error, after all has been tried
   */
  async reconcile(): Promise<void> {
    const claims = this.view.claims.items.filter(({ metadata }) => !metadata?.deletionTimestamp);
    const results = await Promise.allSettled([
      ...claims.map((claim) => (claim.spec?.volumeName ? this.grow(claim) : this.make(claim))),
      ...this.view.attachments.items.map((attachment) => this.attach(attachment)),
      ...this.view.volumes.items.filter((volume) => this.mayDelete(volume)).map((volume) => this.remove(volume)),
    ]);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  private async make(claim: V1PersistentVolumeClaim): Promise<void> {
    const result = provision(claim, this.view.classes.items, this.view.nodes.items);
    if ("volume" in result) await once(() => this.core.createPersistentVolume({ body: result.volume }), 409);
    if ("failure" in result) await this.tell(claim, result.failure);
  }

  /** As the external resizer does for a driver that needs no node: first the volume, then the claim's status. */
  private async grow({ metadata, spec, status }: V1PersistentVolumeClaim): Promise<void> {
    const storage = spec?.resources?.requests?.storage;
    const volume = this.view.volumes.items.find((candidate) => candidate.metadata?.name === spec?.volumeName);
    const has = status?.capacity?.storage;
    if (!storage || !has || !volume?.metadata?.annotations?.[PROVISIONED_BY]) return;
    if (amountOf(storage) <= amountOf(has)) return;
    const { name = "", namespace = "" } = metadata ?? {};
    const capacity = { storage };
    await this.core.patchPersistentVolume(
      { name: volume.metadata.name ?? "", body: { spec: { capacity } } },
      mergePatch(),
    );
    await this.core.patchNamespacedPersistentVolumeClaimStatus(
      { name, namespace, body: { status: { capacity } } },
      mergePatch(),
    );
  }

  /** As the external attacher does; an attachment that never came about would keep its object for minutes. */
  private async attach({ metadata, status }: V1VolumeAttachment): Promise<void> {
    if (status?.attached || metadata?.deletionTimestamp) return;
    const body = { status: { attached: true } };
    await once(() => this.storage.patchVolumeAttachmentStatus({ name: metadata?.name ?? "", body }, mergePatch()), 404);
  }

  /** Released, to be deleted, and attached nowhere. */
  private mayDelete({ metadata, spec, status }: V1PersistentVolume): boolean {
    const attached = this.view.attachments.items.some(
      (attachment) => attachment.spec.source.persistentVolumeName === metadata?.name,
    );
    const ours = metadata?.annotations?.[PROVISIONED_BY] !== undefined && !metadata.deletionTimestamp;
    return ours && status?.phase === "Released" && spec?.persistentVolumeReclaimPolicy === "Delete" && !attached;
  }

  private async remove({ metadata }: V1PersistentVolume): Promise<void> {
    await once(() => this.core.deletePersistentVolume({ name: metadata?.name ?? "" }), 404);
  }

  private async tell(claim: V1PersistentVolumeClaim, message: string): Promise<void> {
    const { name = "", namespace = "", uid = "" } = claim.metadata ?? {};
    if (this.failures.get(uid) === message) return;
    this.failures.set(uid, message);
    const now = new Date();
    await this.core.createNamespacedEvent({
      namespace,
      body: {
        metadata: { generateName: `${name}.`, namespace },
        involvedObject: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
        type: "Warning",
        reason: "ProvisioningFailed",
        message,
        source: { component: "fleetwright-sandbox" },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
      },
    });
  }
}

/** Does it, unless it is already done: the list may be a moment behind. */
async function once(action: () => Promise<unknown>, doneStatus: 404 | 409): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== doneStatus) throw error;
  }
}
