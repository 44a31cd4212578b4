/**
 * Whom Velero's pods connect to besides the API server that its programs reach: also those of the movers and of the jobs
 * that keep repositories, whose labels Velero chooses, so that the whole namespace is meant.
 */
import type { Flow, PodsPeer } from "../flow";
import { ANYWHERE, toApiServer } from "../flow";
import type { ObjectStore } from "../object-store";
import { POD_IDENTITY_CIDRS } from "../object-store-access";

export function egress(namespace: string, store: ObjectStore): Flow[] {
  const all: PodsPeer = { namespace, pods: "all" };
  const made = toApiServer(all, "movers and maintenance jobs, which Velero makes, report by their objects");
  if (store.kind === "filesystem") return [made];
  const [, port = "443"] = (store.endpoint ?? "").split(":");
  return [
    made,
    {
      from: all,
      to: { cidrs: ANYWHERE, reason: "an object store is known by its name, and its addresses change" },
      ports: [{ port: Number(port), protocol: "TCP" }],
      why: "backups are written to the object store",
    },
    ...(store.roleArn === undefined && store.endpoint === undefined
      ? [
          {
            from: all,
            to: {
              cidrs: POD_IDENTITY_CIDRS,
              reason: "the agent of EKS Pod Identity answers at this address of each node",
            },
            ports: [{ port: 80, protocol: "TCP" as const }],
            why: "credentials for the bucket are asked of the cloud",
          },
        ]
      : []),
  ];
}
