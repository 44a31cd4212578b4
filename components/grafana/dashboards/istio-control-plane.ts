/** Whether the mesh is kept up to date: istiod, what it tells proxies, and what proxies make of it. */
import type { Dashboard } from "../dashboard";

const HERE = 'cluster=~"$cluster"';

export const ISTIO_CONTROL_PLANE: Dashboard = {
  name: "istio-control-plane",
  title: "Istio control plane",
  description: "Whether the mesh is kept up to date: istiod, what it tells proxies, and what proxies make of it.",
  clustersOf: "pilot_info",
  rows: [
    {
      title: "Told to proxies",
      panels: [
        {
          title: "Time until proxies know",
          description: "From a change to the last proxy that heard of it, 99 in a hundred.",
          unit: "s",
          alarmingFrom: 10,
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (cluster, le) (rate(pilot_proxy_convergence_time_bucket{${HERE}}[$__rate_interval])))`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Proxies that are connected",
          description: "By istiod. A fall means proxies keep what they knew last.",
          unit: "short",
          queries: [{ expr: `sum by (cluster, pod) (pilot_xds{${HERE}})`, legend: "{{cluster}} {{pod}}" }],
        },
        {
          title: "Refused by proxies",
          description: "Configuration that a proxy does not take: most often a mistake in an EnvoyFilter or a gateway.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (cluster, type) (rate(pilot_total_xds_rejects{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}} {{type}}",
            },
          ],
        },
      ],
    },
    {
      title: "Identity and admission",
      panels: [
        {
          title: "Certificates",
          description: "Asked for by proxies, and those that could not be signed.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (cluster) (rate(citadel_server_csr_count{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}} asked",
            },
            {
              expr: `sum by (cluster) (rate(citadel_server_success_cert_issuance_count{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}} signed",
            },
          ],
        },
        {
          title: "End of the CA",
          description: "Time left of the certificate that istiod signs with.",
          unit: "s",
          queries: [
            {
              expr: `min by (cluster) (citadel_server_root_cert_expiry_timestamp{${HERE}}) - time()`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Pods that got no sidecar",
          description: "Injections that failed: the pods are not made.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (cluster) (rate(sidecar_injection_failure_total{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Objects that were refused",
          description: "By istiod's webhook, on their way into the API server.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (cluster, reason) (rate(galley_validation_failed{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}} {{reason}}",
            },
          ],
        },
      ],
    },
    {
      title: "Traffic",
      panels: [
        {
          title: "Requests",
          description: "Through proxies of the mesh, as those that answer count them.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (cluster) (rate(istio_requests_total{${HERE},reporter="destination"}[$__rate_interval]))`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Requests that fail",
          description: "Share that is answered with an error of the server, the ten worst.",
          unit: "percentunit",
          alarmingFrom: 0.05,
          queries: [
            {
              expr: `topk(10, sum by (cluster, destination_service) (rate(istio_requests_total{${HERE},reporter="destination",response_code=~"5.."}[$__rate_interval])) / sum by (cluster, destination_service) (rate(istio_requests_total{${HERE},reporter="destination"}[$__rate_interval])))`,
              legend: "{{cluster}} {{destination_service}}",
            },
          ],
        },
      ],
    },
  ],
};
