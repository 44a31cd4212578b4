/**
 * The samplers: each holds the traces that are its own by their id, until it decides which of them are kept. Then, and not
 * before, spans are parted by tenant: a trace that passes through two tenants is kept or dropped as a whole.
 */
import type { PodsPeer } from "../flow";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import type { Workload } from "../workload";
import type { Backends } from "./backends";
import { type CollectorSettings, type CollectorSize, collector, OTLP_GRPC } from "./collector";
import { type Configuration, FROM_COLLECTORS, OTLP_GRPC_PORT } from "./configuration";
import { queueMiB, tenantPipelines } from "./tenant-pipelines";

/** Name of the samplers, and of the Service by which gateways find those that are ready. */
export const SAMPLER = "opentelemetry-sampler";

/** Which traces are kept. */
export interface Sampling {
  /** Share of traces without error that are kept although they are fast, in percent, 0–100. */
  readonly percentage: number;
  /** A trace that takes longer is kept, milliseconds, 1–600000. */
  readonly slowMilliseconds: number;
  /** Seconds from the first span of a trace to the decision, 5–300. */
  readonly decisionWaitSeconds: number;
  /** Traces that one sampler holds, 1000–1000000: new traces a second × seconds to the decision, with room to spare. */
  readonly tracesInMemory: number;
}

export interface SamplerArgs extends CollectorSettings {
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** Names of the tenants whose traces are kept apart. */
  readonly tenants: readonly string[];
  /** Where traces are stored; the other signals do not come by here. */
  readonly backends: Pick<Backends, "traces">;
  /** Pods. */
  readonly replicas: number;
  /** What one pod may use. */
  readonly size: CollectorSize;
  /** Which traces are kept. */
  readonly sampling: Sampling;
  /** Who sends to it: the gateways. */
  readonly gateways: PodsPeer;
}

/**
 * The samplers. A StatefulSet of a fixed number: each further pod takes over a part of the ids, and whatever was halfway
 * through then is decided by two samplers, each of which has seen a part of it.
 */
export function sampler(args: SamplerArgs): Workload {
  const { backends, gateways, image, issuer, namespace, replicas, size } = args;
  const made = collector(
    {
      namespace,
      component: "sampler",
      kind: "StatefulSet",
      objectName: SAMPLER,
      configuration: configuration(args),
      size,
      replicas,
      ports: [{ ...OTLP_GRPC, appProtocol: "tls" }],
      receives: [{ from: gateways, ports: ["otlp-grpc"], why: "all spans of a trace go to one sampler" }],
      reaches: backends.traces
        ? [{ to: backends.traces.peer, ports: backends.traces.ports, why: "traces that are kept are stored" }]
        : [],
    },
    { image, issuer },
  );
  return { ...made, objects: [...made.objects, readySamplers(namespace, made.pods)] };
}

/** Addresses of the pods that are ready; the set's own Service has those of all. */
function readySamplers(namespace: string, { pods }: PodsPeer): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: SAMPLER, namespace, labels: objectLabels("opentelemetry-collector", "sampler") },
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      selector: pods,
      ports: [
        { name: "otlp-grpc", port: OTLP_GRPC_PORT, targetPort: "otlp-grpc", protocol: "TCP", appProtocol: "tls" },
      ],
    },
  };
}

function configuration({ backends, sampling, size, tenants }: SamplerArgs): Configuration {
  const intake = { receivers: ["otlp"], processors: ["tail_sampling"] };
  const mebibytes = queueMiB(size.memoryMiB, tenants.length + 1);
  return {
    receivers: FROM_COLLECTORS,
    processors: { tail_sampling: tailSampling(sampling) },
    ...tenantPipelines("traces", { traces: intake }, tenants, backends.traces, mebibytes),
  };
}

/** Kept is what any of the policies keeps. */
function tailSampling({ decisionWaitSeconds, percentage, slowMilliseconds, tracesInMemory }: Sampling): object {
  // what comes after the decision follows it, for as long as the id is remembered: longer than the trace was held
  const remembered = 2 * tracesInMemory;
  return {
    decision_wait: `${decisionWaitSeconds}s`,
    num_traces: tracesInMemory,
    decision_cache: { sampled_cache_size: remembered, non_sampled_cache_size: remembered },
    policies: [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: slowMilliseconds } },
      { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: percentage } },
    ],
  };
}
