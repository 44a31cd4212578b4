/**
 * The projects: one per tenant, and `default`, which Argo CD would otherwise make open to everything.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/project-specification/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels, TENANT_LABEL } from "../labels";
import { DEPLOYED_KINDS } from "./kinds";
import type { DeliveredTenant } from "./settings";

/** Where Argo CD runs; the name is in upstream's role bindings. */
export const ARGO_CD_NAMESPACE = "argocd";

/** What a team may do with the Applications of its project; it changes them in its repository. */
const TEAM_ACTIONS = [
  ["applications", "get"],
  ["applications", "sync"],
  // of a Rollout: promote, retry, abort; of a Deployment: restart
  ["applications", "action/apps/*/restart"],
  ["applications", "action/argoproj.io/Rollout/*"],
  ["applicationsets", "get"],
  ["logs", "get"],
] as const;

/** A project from which nothing comes and to which nothing goes. */
export function lockedDefaultProject(): KubeObject {
  return project(
    "default",
    {},
    {
      description: "Locked: every Application belongs to the project of a tenant.",
      sourceRepos: [],
      destinations: [],
    },
  );
}

/** The project of a tenant: from its repositories into its namespaces, on its clusters. */
export function tenantProject(tenant: DeliveredTenant): KubeObject {
  const { clusters, delivery, group, name, namespaces, repositories } = tenant;
  const allowed = new Set([...repositories, ...(delivery ? [delivery.repository] : [])]);
  return project(
    name,
    { [TENANT_LABEL]: name },
    {
      description: `Tenant ${name}, owned by team ${tenant.team}.`,
      sourceRepos: [...allowed],
      destinations: clusters.flatMap((cluster) => namespaces.map((namespace) => ({ name: cluster, namespace }))),
      namespaceResourceWhitelist: DEPLOYED_KINDS.map(({ group: apiGroup, kind }) => ({ group: apiGroup, kind })),
      roles: [
        {
          name: "team",
          description: `Members of team ${tenant.team}.`,
          groups: [group],
          policies: TEAM_ACTIONS.map(
            ([resource, action]) => `p, proj:${name}:team, ${resource}, ${action}, ${name}/*, allow`,
          ),
        },
      ],
    },
  );
}

function project(name: string, labels: Readonly<Record<string, string>>, spec: object): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name, namespace: ARGO_CD_NAMESPACE, labels: { ...objectLabels("argo-cd", "project"), ...labels } },
    // nothing that belongs to a whole cluster
    spec: { ...spec, clusterResourceWhitelist: [] },
  };
}
