/** What the objects of a cluster refer to although nothing here makes it, each with who does. */

import { VELERO_NAMESPACE } from "../components/velero";
import { REPOSITORY_SECRET } from "../components/velero/server";
import type { Brought } from "../components/wiring/cluster-index";
import type { Environment } from "./environment";

export interface BroughtByOthers extends Brought {
  /** By whom, or why it may be absent: one sentence. */
  readonly why: string;
}

/** All that somebody else brings, whether or not the environment has the component that refers to it. */
export function brought({ components }: Environment): BroughtByOthers[] {
  const { caSecretName } = components.certManager;
  return [
    ...(caSecretName === undefined
      ? []
      : [
          {
            kind: "Secret",
            namespace: "cert-manager",
            name: caSecretName,
            why: "the environment says that somebody brings the CA of all clusters",
          },
        ]),
    {
      kind: "Secret",
      namespace: VELERO_NAMESPACE,
      name: REPOSITORY_SECRET,
      why: "the password of backups is brought by whoever keeps secrets; the server waits for it",
    },
    {
      kind: "Secret",
      namespace: "grafana",
      name: components.grafana.secretName,
      why: "the administrator's name and password are brought by whoever keeps secrets; pods wait for them",
    },
    {
      kind: "Secret",
      namespace: "argocd",
      name: "argocd-redis",
      why: "the password of the cache is brought by whoever keeps secrets; pods wait for it",
    },
    {
      kind: "Service",
      namespace: "argocd",
      name: "argocd-application-controller",
      why: "upstream's StatefulSet names a Service that upstream never makes: nobody asks for its pods by name",
    },
  ];
}
