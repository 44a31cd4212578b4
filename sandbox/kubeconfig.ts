/** The sandbox's own kubeconfig: one context per cluster, named as the cluster, with the keys inside. The user's is never touched. */
import { readFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { clusterFolder, type Instance, kubeconfigFile } from "./instance";
import type { ClusterState } from "./state";

/** URL of a cluster's API server. */
export const serverOf = ({ ports }: Pick<ClusterState, "ports">) => `https://127.0.0.1:${ports.apiServer}`;

/** Access to one cluster as its administrator. */
export function adminConfig(instance: Instance, cluster: ClusterState): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions(document([access(instance, cluster)]));
  return config;
}

/** Writes the kubeconfig of the instance; the first cluster is its current context. */
export async function writeKubeconfig(instance: Instance, clusters: readonly ClusterState[]): Promise<void> {
  const file = kubeconfigFile(instance);
  const config = new KubeConfig();
  config.loadFromOptions(document(clusters.map((cluster) => access(instance, cluster))));
  const text = stringify(JSON.parse(config.exportConfig()), { lineWidth: 0 });
  if ((await readFile(file, "utf8").catch(() => "")) === text) return; // programs that watch the file have nothing to do
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** PEM of the authority that signed a cluster's certificates. */
export const authorityOf = (instance: Instance, cluster: string) => pem(instance, cluster, "ca.crt");

interface Access {
  readonly name: string;
  readonly server: string;
  readonly caData: string;
  readonly certData: string;
  readonly keyData: string;
}

function access(instance: Instance, cluster: ClusterState): Access {
  const base64 = (file: string) => Buffer.from(pem(instance, cluster.name, file)).toString("base64");
  const { name } = cluster;
  return {
    name,
    server: serverOf(cluster),
    caData: base64("ca.crt"),
    certData: base64("admin.crt"),
    keyData: base64("admin.key"),
  };
}

const pem = (instance: Instance, cluster: string, file: string) =>
  readFileSync(join(clusterFolder(instance, cluster), "pki", file), "utf8");

const document = (all: readonly Access[]) => ({
  clusters: all.map(({ name, server, caData }) => ({ name, server, caData, skipTLSVerify: false })),
  users: all.map(({ name, certData, keyData }) => ({ name, certData, keyData })),
  contexts: all.map(({ name }) => ({ name, cluster: name, user: name })),
  currentContext: all[0]?.name ?? "",
});
