/**
 * What is changed about each of upstream's objects, and why. docs/components/argo-cd.md lists the same.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { leftOut, type Overlay, withLabels, withoutDescriptions } from "../overlay";
import { REPO_CLIENT_TLS } from "./certificates";
import { mainSettings, permissions, programSettings } from "./configuration";
import { type ProgramChanges, program } from "./programs";
import type { ArgoCdHub, ArgoCdImages, ArgoCdSizes } from "./settings";

/** User and group that Argo CD's image declares. */
const ARGO_CD_USER = 999;

/** Group of user `redis` in the image that is built on Alpine. */
const REDIS_GROUP = 1000;

/** What the overlays depend on. */
export interface OverlaySettings {
  readonly hub: Pick<ArgoCdHub, "adminGroups" | "singleSignOn" | "tenants" | "url">;
  readonly images: ArgoCdImages;
  readonly sizes: ArgoCdSizes;
  readonly serverReplicas: number;
  readonly repoServerReplicas: number;
}

/** Upstream's objects that are not made, each with its reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  ...without("it brings other ways to log in, and single sign-on speaks OpenID Connect", [
    "Deployment/argocd-dex-server",
    "Role/argocd-dex-server",
    "RoleBinding/argocd-dex-server",
    "Service/argocd-dex-server",
    "ServiceAccount/argocd-dex-server",
  ]),
  ...without("alerts are Alertmanager's, which routes them by team", [
    "ConfigMap/argocd-notifications-cm",
    "Deployment/argocd-notifications-controller",
    "Role/argocd-notifications-controller",
    "RoleBinding/argocd-notifications-controller",
    "Secret/argocd-notifications-secret",
    "Service/argocd-notifications-controller-metrics",
    "ServiceAccount/argocd-notifications-controller",
  ]),
  ...without("it acts on clusters, the hub included, as argocd-manager", [
    "ClusterRole/argocd-application-controller",
    "ClusterRoleBinding/argocd-application-controller",
    "ClusterRole/argocd-server",
    "ClusterRoleBinding/argocd-server",
  ]),
  ...without("ApplicationSets stand in Argo CD's own namespace only", [
    "ClusterRole/argocd-applicationset-controller",
    "ClusterRoleBinding/argocd-applicationset-controller",
  ]),
  ...without("its password is brought by whoever keeps secrets, so nothing makes one", [
    "Role/argocd-redis",
    "RoleBinding/argocd-redis",
  ]),
  ...without("metrics are scraped from each pod", ["Service/argocd-metrics", "Service/argocd-server-metrics"]),
  ...without("it serves metrics, and webhooks of code hosts, for which no way leads in", [
    "Service/argocd-applicationset-controller",
  ]),
  ...without("the key that it holds comes from the secret store", ["Secret/argocd-secret"]),
  ...without("who may talk to whom is said by flows, both ways", [
    "NetworkPolicy/argocd-application-controller-network-policy",
    "NetworkPolicy/argocd-applicationset-controller-network-policy",
    "NetworkPolicy/argocd-dex-server-network-policy",
    "NetworkPolicy/argocd-notifications-controller-network-policy",
    "NetworkPolicy/argocd-redis-network-policy",
    "NetworkPolicy/argocd-repo-server-network-policy",
    "NetworkPolicy/argocd-server-network-policy",
  ]),
};

/** Overlays by `Kind/name` of upstream's object. */
export function argoCdOverlays(settings: OverlaySettings): Readonly<Record<string, Overlay>> {
  const { hub } = settings;
  const commandLine = programSettings();
  return {
    ...Object.fromEntries(Object.keys(LEFT_OUT).map((name) => [name, leftOut])),
    "CustomResourceDefinition/applications.argoproj.io": definition,
    "CustomResourceDefinition/applicationsets.argoproj.io": definition,
    "CustomResourceDefinition/appprojects.argoproj.io": definition,
    "ServiceAccount/argocd-application-controller": withoutToken,
    "ServiceAccount/argocd-applicationset-controller": withoutToken,
    "ServiceAccount/argocd-redis": withoutToken,
    "ServiceAccount/argocd-repo-server": withoutToken,
    "ServiceAccount/argocd-server": withoutToken,
    "ConfigMap/argocd-cm": (map) => ({
      ...map,
      data: mainSettings(map.data as Readonly<Record<string, string>>, hub),
    }),
    "ConfigMap/argocd-cmd-params-cm": (map) => ({ ...map, data: commandLine }),
    "ConfigMap/argocd-rbac-cm": (map) => ({ ...map, data: permissions(hub) }),
    ...Object.fromEntries(
      Object.entries(programs(settings)).map(([name, changes]): [string, Overlay] => [
        name,
        (workload) => program(workload, { ...changes, settings: commandLine }),
      ]),
    ),
  };
}

type Changes = Omit<ProgramChanges, "settings">;

/** What is changed about each program. */
function programs(settings: OverlaySettings): Readonly<Record<string, Changes>> {
  const { images, sizes } = settings;
  const argoCd = { image: images.argoCd, user: ARGO_CD_USER, group: ARGO_CD_USER, apiToken: true };
  // clients of the repo server: upstream mounts its private key into each of them
  const client = {
    ...argoCd,
    droppedVolumes: ["argocd-repo-server-tls"],
    secrets: { "argocd-repo-server-mtls": CLIENT_FILES },
  };
  const connects = (port: number | string, initialDelaySeconds: number) => ({
    tcpSocket: { port },
    initialDelaySeconds,
    periodSeconds: 10,
  });
  return {
    "StatefulSet/argocd-application-controller": {
      ...client,
      size: sizes.controller,
      replicas: 1,
      portNames: { 8082: "metrics" },
      // upstream has none: a controller that hangs is only ever seen by what it no longer does
      probes: { livenessProbe: { ...connects(8082, 30), failureThreshold: 6 } },
    },
    "Deployment/argocd-applicationset-controller": {
      ...client,
      size: sizes.applicationSet,
      replicas: 2,
      // upstream has none
      probes: { readinessProbe: connects("metrics", 5), livenessProbe: connects("metrics", 30) },
    },
    "Deployment/argocd-server": {
      ...client,
      size: sizes.server,
      replicas: settings.serverReplicas,
      portNames: { 8080: "server", 8083: "metrics" },
      // there is no Dex
      droppedVolumes: [...client.droppedVolumes, "argocd-dex-server-tls"],
    },
    "Deployment/argocd-repo-server": {
      ...argoCd,
      apiToken: false,
      size: sizes.repoServer,
      replicas: settings.repoServerReplicas,
      portNames: { 8081: "server", 8084: "metrics" },
      secrets: { "argocd-repo-server-tls": SERVER_FILES, "argocd-repo-server-mtls": TRUSTED_CLIENTS },
      // repositories and charts are unpacked here; the binary of 200 MiB is copied for plugins
      scratchMiB: { tmp: 4096, "helm-working-dir": 1024, "var-files": 512 },
    },
    "Deployment/argocd-redis": {
      image: images.redis,
      user: ARGO_CD_USER,
      group: REDIS_GROUP,
      apiToken: false,
      size: sizes.redis,
      replicas: 1,
      portNames: { 6379: "redis" },
      // it would make a password in the cluster
      droppedInitContainers: ["secret-init"],
      probes: { readinessProbe: connects(6379, 2), livenessProbe: connects(6379, 30) },
    },
  };
}

const item = (key: string, path: string) => ({ key, path });

const CLIENT_FILES = {
  secretName: REPO_CLIENT_TLS,
  items: [item("tls.crt", "client.crt"), item("tls.key", "client.key"), item("ca.crt", "server-ca.crt")],
};

const TRUSTED_CLIENTS = { secretName: REPO_CLIENT_TLS, items: [item("ca.crt", "client-ca.crt")] };

const SERVER_FILES = {
  secretName: "argocd-repo-server-tls",
  items: [item("tls.crt", "tls.crt"), item("tls.key", "tls.key"), item("ca.crt", "ca.crt")],
};

const definition: Overlay = (object) => withLabels(withoutDescriptions(object), objectLabels("argo-cd"));

/** Pods mount a token where their overlay says so, whoever else uses the account. */
const withoutToken: Overlay = (account: KubeObject) => ({ ...account, automountServiceAccountToken: false });

function without(reason: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
