/** Which Services have somebody to answer: a ready pod, and in the sandbox a program behind it. */
import { hostPrograms } from "../../sandbox/host-programs";
import type { Service, ServiceReference, Snapshot, Workload } from "./snapshot";

/** `namespace/name` of every Service that answers now. */
export function answeringServices(snapshot: Snapshot, isSandbox: boolean): ReadonlySet<string> {
  const ready = new Set(
    snapshot.endpointSlices
      .filter(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.labels?.["kubernetes.io/service-name"]}`),
  );
  const found = snapshot.services.filter((service) => {
    if (!ready.has(key(service.metadata))) return false;
    return !isSandbox || programs(snapshot).some((program) => leadsTo(service, program));
  });
  return new Set(found.map(({ metadata }) => key(metadata)));
}

/** Deployments that a process of this machine stands for; the pods of all others are simulated. */
const programs = ({ workloads }: Snapshot) =>
  workloads.filter(({ kind, metadata }) =>
    hostPrograms.some(
      ({ deployment, namespace }) =>
        kind === "Deployment" && deployment === metadata.name && namespace === metadata.namespace,
    ),
  );

/** Whether a Service selects the pods of a workload. */
export function leadsTo(service: Service, { metadata, spec }: Workload): boolean {
  const labels = spec?.template?.metadata?.labels ?? {};
  const wanted = Object.entries(service.spec?.selector ?? {});
  return (
    metadata.namespace === service.metadata.namespace &&
    wanted.length > 0 &&
    wanted.every(([name, value]) => labels[name] === value)
  );
}

export const key = ({ name, namespace = "" }: Pick<ServiceReference, "name"> & { readonly namespace?: string }) =>
  `${namespace}/${name}`;
