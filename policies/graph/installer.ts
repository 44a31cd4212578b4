/** Objects that have a program make others, which nobody finds among the objects that were given: charts, folders, packages. */
import { at, textOf } from "./field";
import type { SetObject } from "./set-object";

const INSTALLERS = new Set([
  "argoproj.io/Application",
  "argoproj.io/ApplicationSet",
  "helm.cattle.io/HelmChart",
  "helm.toolkit.fluxcd.io/HelmRelease",
  "kustomize.toolkit.fluxcd.io/Kustomization",
  "operators.coreos.com/Subscription",
]);

/** Every kind of which installs a package: providers, functions, configurations. */
const PACKAGES = "pkg.crossplane.io";

/** Whether an object has others made in the cluster that gets it. */
export const isInstaller = (one: SetObject): boolean =>
  (INSTALLERS.has(`${one.group}/${one.kind}`) || one.group === PACKAGES) && !isForAnotherCluster(one);

/** Where Argo CD applies to what is its own cluster: by address or by name. */
const OWN_CLUSTER = ["https://kubernetes.default.svc", "https://kubernetes.default.svc.cluster.local", "in-cluster"];

/** Flux and Argo CD apply to other clusters as well, if they are told so. */
function isForAnotherCluster({ kind, object }: SetObject): boolean {
  if (kind !== "Application") return at(object, "spec", "kubeConfig") !== undefined;
  const destination = at(object, "spec", "destination");
  const cluster = textOf(at(destination, "server")) ?? textOf(at(destination, "name"));
  return cluster !== undefined && !OWN_CLUSTER.includes(cluster);
}
