/**
 * Programs that stay and may look after a foreign kind: those whose ClusterRole names its group and lets them change its
 * objects. What has rights to everything is none of them, for rights to everything say nothing.
 */
import type { ClusterScene } from "./cluster-scene";
import type { LiveObject } from "./live-object";
import type { ClusterRole } from "./snapshot";

/** `Deployment widgets/operator`; none for kinds of Kubernetes itself, which half of all programs may change. */
export function outsideControllers(
  scene: Pick<ClusterScene, "going" | "isSandbox" | "snapshot">,
  object: LiveObject,
): string[] {
  const { group } = object;
  if (scene.isSandbox || !group.includes(".") || group.endsWith(".k8s.io")) return [];
  const { clusterRoleBindings, clusterRoles, workloads } = scene.snapshot;
  const roles = new Set(clusterRoles.filter((role) => mayChange(role, object)).map(({ metadata }) => metadata.name));
  const accounts = new Set(
    clusterRoleBindings
      .filter(({ roleRef }) => roles.has(roleRef.name))
      .flatMap(({ subjects }) => subjects ?? [])
      .map(({ kind, name, namespace }) => `${kind}/${namespace}/${name}`),
  );
  return workloads
    .filter(({ metadata, spec, status }) => {
      const account = `ServiceAccount/${metadata.namespace}/${spec?.template?.spec?.serviceAccountName ?? "default"}`;
      const isReady = (status?.readyReplicas ?? status?.numberReady ?? 0) > 0;
      return isReady && accounts.has(account) && !scene.going.goes(metadata.uid);
    })
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}

const mayChange = ({ rules }: ClusterRole, { group, served: { plural } }: LiveObject) =>
  (rules ?? []).some(
    ({ apiGroups = [], resources = [], verbs = [] }) =>
      apiGroups.includes(group) &&
      resources.some((resource) => ["*", plural, `${plural}/finalizers`].includes(resource)) &&
      verbs.some((verb) => ["*", "update", "patch"].includes(verb)),
  );
