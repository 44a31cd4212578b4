/** What the objects of a cluster refer to although nothing here makes it, each with who does. */

import { VELERO_NAMESPACE } from "../components/velero";
import { REPOSITORY_SECRET } from "../components/velero/server";
import type { Brought } from "../components/wiring/cluster-index";
import type { Environment } from "./environment";
import { secretStoreOf } from "./secret-store";

export interface BroughtByOthers extends Brought {
  /** By whom, or why it may be absent: one sentence. */
  readonly why: string;
}

/** All that somebody else brings, whether or not the environment has the component that refers to it. */
export function brought(environment: Environment): BroughtByOthers[] {
  return [
    // where the environment has a store, an object here makes each Secret from it
    ...(secretStoreOf(environment) ? [] : secrets(environment)),
    {
      kind: "Service",
      namespace: "argocd",
      name: "argocd-application-controller",
      why: "upstream's StatefulSet names a Service that upstream never makes: nobody asks for its pods by name",
    },
  ];
}

/** What whoever keeps secrets puts into the clusters. */
function secrets({ components }: Environment): BroughtByOthers[] {
  const { caSecretName } = components.certManager;
  const secret = (namespace: string, name: string, why: string) => ({ kind: "Secret", namespace, name, why });
  return [
    ...(caSecretName === undefined
      ? []
      : [secret("cert-manager", caSecretName, "the environment says that somebody brings the CA of all clusters")]),
    secret(
      VELERO_NAMESPACE,
      REPOSITORY_SECRET,
      "the password of backups is brought by whoever keeps secrets; the server waits for it",
    ),
    secret(
      "grafana",
      components.grafana.secretName,
      "the administrator's name and password are brought by whoever keeps secrets; pods wait for them",
    ),
    secret("argocd", "argocd-redis", "the password of the cache is brought by whoever keeps secrets; pods wait for it"),
  ];
}
