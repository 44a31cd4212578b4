/**
 * How the mesh behaves unless a program says otherwise: what is measured, where a request goes when an instance fails,
 * and the way between networks.
 */
import type { KubeObject } from "../kube-object";
import { TRACING_PROVIDER, type Tracing } from "./mesh-config";
import { CROSS_NETWORK_PORT, GATEWAY_NAMESPACES, gatewaySelector, ISTIO_NAMESPACE, istioObject } from "./names";

/**
 * Metrics of every request; a line of log for each that failed; spans of a share of them.
 *
 * @see https://istio.io/latest/docs/reference/config/telemetry/
 */
export function telemetry(tracing: Tracing | undefined): KubeObject {
  return istioObject(
    "telemetry.istio.io/v1",
    "Telemetry",
    { name: "mesh-default", namespace: ISTIO_NAMESPACE, part: "telemetry" },
    {
      spec: {
        metrics: [{ providers: [{ name: "prometheus" }] }],
        accessLogging: [
          {
            providers: [{ name: "envoy" }],
            // no response at all has code 0
            filter: { expression: "response.code >= 500 || response.code == 0" },
          },
        ],
        ...(tracing
          ? {
              tracing: [{ providers: [{ name: TRACING_PROVIDER }], randomSamplingPercentage: tracing.samplingPercent }],
            }
          : {}),
      },
    },
  );
}

/**
 * The default of every service of the mesh: requests stay in their zone, then their region, and leave an instance alone
 * that fails. A DestinationRule of a service itself takes its place as a whole.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/
 */
export function localityFailover(): KubeObject {
  return istioObject(
    "networking.istio.io/v1",
    "DestinationRule",
    { name: "mesh-default", namespace: ISTIO_NAMESPACE, part: "traffic" },
    {
      spec: {
        host: "*.local",
        trafficPolicy: {
          loadBalancer: { simple: "LEAST_REQUEST", localityLbSetting: { enabled: true } },
          // without outlier detection Istio would not fail over: nothing would tell it that an instance fails
          outlierDetection: {
            consecutive5xxErrors: 5,
            splitExternalLocalOriginErrors: true,
            consecutiveLocalOriginFailures: 5,
            interval: "10s",
            baseEjectionTime: "30s",
            // half at most: when more fail the fault lies elsewhere, and the rest would only be overrun
            maxEjectionPercent: 50,
          },
        },
      },
    },
  );
}

/** Programs of other networks reach every service of this one by its name; the gateway passes their mutual TLS on unopened. */
export function crossNetworkGateway(): KubeObject {
  return istioObject(
    "networking.istio.io/v1",
    "Gateway",
    { name: "cross-network-gateway", namespace: GATEWAY_NAMESPACES.eastWest, part: "traffic" },
    {
      spec: {
        selector: gatewaySelector("eastWest"),
        servers: [
          {
            port: { number: CROSS_NETWORK_PORT, name: "tls", protocol: "TLS" },
            tls: { mode: "AUTO_PASSTHROUGH" },
            hosts: ["*.local"],
          },
        ],
      },
    },
  );
}
