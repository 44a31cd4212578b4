/** Which images an object names, read from what is rendered and not by the rules. */
import type { KubeObject } from "../../components/kube-object";

type Containers = readonly { readonly image: string }[];

interface ImageHolder {
  /** A Prometheus names the image of the pods that its operator makes. */
  readonly image?: string;
  readonly template?: { readonly spec?: { readonly containers?: Containers; readonly initContainers?: Containers } };
}

/** Images of a workload's containers, those that run first included. */
export function imagesOf({ spec }: KubeObject): string[] {
  const { image, template } = (spec ?? {}) as ImageHolder;
  const { containers = [], initContainers = [] } = template?.spec ?? {};
  return [...[...initContainers, ...containers].map((one) => one.image), ...(image ? [image] : [])];
}
