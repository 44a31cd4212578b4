/** All that the supervisor watches in one cluster. */
import {
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  StorageV1Api,
  type V1ConfigMap,
  type V1Deployment,
  type V1Node,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
  type V1Pod,
  type V1Secret,
  type V1Service,
  type V1StorageClass,
  type V1VolumeAttachment,
} from "@kubernetes/client-node";
import { LiveList } from "./live-list";

/** What is watched in a namespace of host programs. */
export interface NamespaceView {
  readonly deployments: LiveList<V1Deployment>;
  readonly pods: LiveList<V1Pod>;
  readonly secrets: LiveList<V1Secret>;
  readonly configMaps: LiveList<V1ConfigMap>;
}

/** Live lists of one cluster. */
export class ClusterView {
  readonly services: LiveList<V1Service>;
  readonly nodes: LiveList<V1Node>;
  readonly claims: LiveList<V1PersistentVolumeClaim>;
  readonly volumes: LiveList<V1PersistentVolume>;
  readonly classes: LiveList<V1StorageClass>;
  readonly attachments: LiveList<V1VolumeAttachment>;
  private readonly namespaces: ReadonlyMap<string, NamespaceView>;

  /**
   * @param namespaces those of host programs
   * @param onChange called whenever something may have changed, and when the connection is lost or found again
   */
  constructor(
    readonly config: KubeConfig,
    namespaces: readonly string[],
    onChange: () => void,
  ) {
    const core = config.makeApiClient(CoreV1Api);
    const apps = config.makeApiClient(AppsV1Api);
    const storage = config.makeApiClient(StorageV1Api);
    const volumes = "/api/v1/persistentvolumes";
    const claims = "/api/v1/persistentvolumeclaims";
    const storageGroup = "/apis/storage.k8s.io/v1";
    const all = () => core.listServiceForAllNamespaces();
    this.services = new LiveList(config, "/api/v1/services", all, onChange);
    this.nodes = new LiveList(config, "/api/v1/nodes", () => core.listNode(), onChange);
    this.claims = new LiveList(config, claims, () => core.listPersistentVolumeClaimForAllNamespaces(), onChange);
    this.volumes = new LiveList(config, volumes, () => core.listPersistentVolume(), onChange);
    this.classes = new LiveList(config, `${storageGroup}/storageclasses`, () => storage.listStorageClass(), onChange);
    const attachments = () => storage.listVolumeAttachment();
    this.attachments = new LiveList(config, `${storageGroup}/volumeattachments`, attachments, onChange);
    this.namespaces = new Map(
      namespaces.map((namespace) => {
        const path = `/api/v1/namespaces/${namespace}`;
        const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
        const view: NamespaceView = {
          deployments: new LiveList(config, deployments, () => apps.listNamespacedDeployment({ namespace }), onChange),
          pods: new LiveList(config, `${path}/pods`, () => core.listNamespacedPod({ namespace }), onChange),
          secrets: new LiveList(config, `${path}/secrets`, () => core.listNamespacedSecret({ namespace }), onChange),
          configMaps: new LiveList(
            config,
            `${path}/configmaps`,
            () => core.listNamespacedConfigMap({ namespace }),
            onChange,
          ),
        };
        return [namespace, view];
      }),
    );
  }

  /** Whether every list is complete and followed: what is not in them does not exist. */
  get synced(): boolean {
    return this.lists.every(({ synced }) => synced);
  }

  namespace(name: string): NamespaceView | undefined {
    return this.namespaces.get(name);
  }

  async stop(): Promise<void> {
    await Promise.all(this.lists.map((list) => list.stop()));
  }

  private get lists() {
    const namespaced = [...this.namespaces.values()].flatMap((view) => Object.values(view));
    return [this.services, this.nodes, this.claims, this.volumes, this.classes, this.attachments, ...namespaced];
  }
}
