/**
 * What holds for every proxy of the mesh: identity, defaults, providers.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
import type { KubeObject } from "../kube-object";
import { XDS_PORT } from "./control-plane";
import { goYaml } from "./go-yaml";
import { ISTIO_NAMESPACE, istioObject, REVISION_LABEL, revisioned } from "./names";

/** Where spans go. */
export interface Tracing {
  /** Name of the collector's Service in full, `<service>.<namespace>.svc.cluster.local`. */
  readonly service: string;
  /** Its OTLP gRPC port, 1–65535. */
  readonly port: number;
  /** Share of requests whose spans are sent, percent, 0–100. */
  readonly samplingPercent: number;
}

export interface MeshArgs {
  /** Name of this control plane. */
  readonly revision: string;
  /** Name of the mesh: the same in all of its clusters. */
  readonly meshId: string;
  /** First part of every identity, `spiffe://<trust domain>/ns/…`: the same wherever the same root is trusted. */
  readonly trustDomain: string;
  /** @default none: no spans */
  readonly tracing?: Tracing;
}

/** Name of the provider of spans. */
export const TRACING_PROVIDER = "otel-tracing";

/** Configuration of each proxy: the mesh's default, and what gateways are started with. */
export interface ProxyConfig {
  readonly discoveryAddress: string;
  readonly meshId: string;
  readonly concurrency: number;
}

export function proxyConfig({ meshId, revision }: MeshArgs): ProxyConfig {
  return {
    discoveryAddress: `${revisioned("istiod", revision)}.${ISTIO_NAMESPACE}.svc:${XDS_PORT}`,
    meshId,
    // worker threads: upstream's own limit of 2 cores; without one a proxy would start a thread per core of its node
    concurrency: 2,
  };
}

/** The mesh's configuration, as istiod reads it. */
export function meshConfig(args: MeshArgs): object {
  const { tracing, trustDomain } = args;
  return {
    trustDomain,
    rootNamespace: ISTIO_NAMESPACE,
    defaultConfig: proxyConfig(args),
    // what a program says on /metrics and what its proxy says come from one port
    enablePrometheusMerge: true,
    accessLogEncoding: "JSON",
    // what is not a service of the mesh is not reached: whoever needs the outside names it
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    // policies of paths see one spelling of a path: `//debug//pprof` and `/debug%2Fpprof` are what they mean
    pathNormalization: { normalization: "DECODE_AND_MERGE_SLASHES" },
    // Ingress objects are others' business
    ingressControllerMode: "OFF",
    ...(tracing
      ? {
          extensionProviders: [
            { name: TRACING_PROVIDER, opentelemetry: { service: tracing.service, port: tracing.port } },
          ],
        }
      : {}),
  };
}

/** The ConfigMap that holds it. istiod watches it, so that a change needs no restart. */
export function meshConfigMap(args: MeshArgs): KubeObject {
  return istioObject(
    "v1",
    "ConfigMap",
    {
      name: revisioned("istio", args.revision),
      namespace: ISTIO_NAMESPACE,
      part: "mesh-config",
      labels: { [REVISION_LABEL]: args.revision },
    },
    {
      data: {
        mesh: goYaml(meshConfig(args)),
        // networks are known by the labels of namespaces and of east-west gateways
        meshNetworks: goYaml({ networks: {} }),
      },
    },
  );
}
