/** Who a host program is: its pod's ServiceAccount, by a token bound to that pod, as a kubelet would mount it. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { stringify } from "yaml";

/** Life of a token: a day, so that a machine which slept over night finds its programs alive. A kubelet asks for an hour. */
const TOKEN_SECONDS = 24 * 3600;

/** Part of a token's life after which it is replaced, as a kubelet does. */
const REFRESH_SHARE = 0.8;

/** A kubeconfig on disk whose token is replaced in time. */
export class Identity {
  private refreshAfterMs = 0;

  /** @param folder of the program; holds the kubeconfig and the token */
  constructor(
    private readonly folder: string,
    private readonly admin: KubeConfig,
  ) {}

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  /** Writes kubeconfig and token of this pod. */
  async assume(pod: V1Pod): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await this.writeToken(pod);
    const cluster = this.admin.getCurrentCluster();
    const document = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "sandbox", cluster: { server: cluster?.server, "certificate-authority-data": cluster?.caData } },
      ],
      // client-go reads the file again every minute
      users: [{ name: "service-account", user: { tokenFile: this.tokenFile } }],
      contexts: [
        {
          name: "sandbox",
          context: { cluster: "sandbox", user: "service-account", namespace: pod.metadata?.namespace },
        },
      ],
      "current-context": "sandbox",
    };
    await writeFile(this.kubeconfig, stringify(document, { lineWidth: 0 }), { mode: 0o600 });
  }

  /** Replaces the token when most of its life is over. */
  async refresh(pod: V1Pod): Promise<void> {
    if (Date.now() > this.refreshAfterMs) await this.writeToken(pod);
  }

  private get tokenFile(): string {
    return join(this.folder, "token");
  }

  private async writeToken({ metadata, spec }: V1Pod): Promise<void> {
    const { status } = await this.admin.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
      name: spec?.serviceAccountName ?? "default",
      namespace: metadata?.namespace ?? "default",
      body: {
        spec: {
          audiences: [],
          expirationSeconds: TOKEN_SECONDS,
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name: metadata?.name, uid: metadata?.uid },
        },
      },
    });
    await writeFile(`${this.tokenFile}.new`, status?.token ?? "", { mode: 0o600 });
    await rename(`${this.tokenFile}.new`, this.tokenFile);
    this.refreshAfterMs = Date.now() + TOKEN_SECONDS * REFRESH_SHARE * 1000;
  }
}
