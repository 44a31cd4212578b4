/** The least that Gatekeeper is made from: two templates, and a constraint of each. */
import type { GatekeeperArgs } from "../../components/gatekeeper";
import type { KubeObject } from "../../components/kube-object";

export const template = (kind: string): KubeObject => ({
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: kind.toLowerCase() },
  spec: { crd: { spec: { names: { kind } } }, targets: [{ target: "admission.k8s.gatekeeper.sh" }] },
});
export const constraint = (kind: string, ...kinds: { apiGroups: string[]; kinds: string[] }[]): KubeObject => ({
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind,
  metadata: { name: "all" },
  spec: { match: { kinds } },
});
export const required: GatekeeperArgs = {
  image: `registry.example/gatekeeper:v3.23.1@sha256:${"a".repeat(64)}`,
  templates: [template("ImageTag"), template("StorageBinding")],
  constraints: [
    constraint("ImageTag", { apiGroups: ["", "apps", "batch"], kinds: ["Pod", "Deployment", "CronJob", "Job"] }),
    constraint("StorageBinding", { apiGroups: ["storage.k8s.io"], kinds: ["StorageClass"] }),
  ],
};
