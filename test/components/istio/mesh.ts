/** The mesh of the tests: cluster `hub` of environment `dev` in network `central`, and one other cluster in each of two networks. */
import { IstioChart } from "../../../components/istio";
import type { IstioArgs } from "../../../components/istio/settings";
import { type KubeObject, objectsOf } from "../../../components/kube-object";

const image = (name: string) => `registry.example/${name}:1.30.3@sha256:${"a".repeat(64)}`;

export const mesh: IstioArgs = {
  environment: "dev",
  cluster: "hub",
  network: "central",
  peers: [
    { cluster: "east", network: "central" },
    { cluster: "west", network: "west" },
  ],
  images: { pilot: image("pilot"), proxy: image("proxyv2"), nodeAgent: image("install-cni") },
  version: "1.30.3",
  issuer: "platform-ca",
  tenants: [
    { name: "shop", namespaces: ["shop", "shop-jobs"] },
    { name: "catalogue", namespaces: ["catalogue"] },
  ],
  tenantNamespaces: ["shop", "shop-jobs"],
};

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

/** The objects of the mesh, with some arguments changed. */
export const render = (args: Partial<IstioArgs> = {}): KubeObject[] => objectsOf(new IstioChart({ ...mesh, ...args }));

export const key = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`;

/** The object of that kind and name. */
export function find(objects: readonly KubeObject[], wanted: string, namespace?: string): Rendered {
  return objects.find(
    (object) => key(object) === wanted && (namespace === undefined || object.metadata.namespace === namespace),
  );
}

/** The first container of a workload. */
export const containerOf = (objects: readonly KubeObject[], wanted: string): Rendered =>
  find(objects, wanted).spec.template.spec.containers[0];
