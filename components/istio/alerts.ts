/**
 * What somebody must be told of the mesh.
 *
 * @see https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics
 */
import type { Alert } from "../alert";

export const ISTIO_ALERTS: readonly Alert[] = [
  {
    name: "IstiodAbsent",
    expr: 'absent(up{job=~"istiod.*"} == 1)',
    for: "5m",
    severity: "critical",
    summary: "istiod gives no metrics: no pod joins the mesh, and no certificate of a proxy is renewed.",
    action: "See whether its pods run. Proxies go on with what they know, for a day at most.",
  },
  {
    name: "IstioConfigurationRejected",
    expr: 'sum by (type) (increase(pilot_total_xds_rejects{job=~"istiod.*"}[10m])) > 0',
    for: "15m",
    severity: "critical",
    summary: "Proxies refuse configuration of type {{ $labels.type }} that istiod sends.",
    action: "istiod's log names the proxy and the fault. They go on with what they had.",
  },
  {
    name: "IstioPushErrors",
    expr: 'sum(increase(pilot_total_xds_internal_errors{job=~"istiod.*"}[10m])) > 0',
    for: "15m",
    severity: "warning",
    summary: "istiod fails to compute configuration for proxies.",
    action: "Its log names the object.",
  },
  {
    name: "IstioPushSlow",
    expr: 'histogram_quantile(0.99, sum by (le) (rate(pilot_proxy_convergence_time_bucket{job=~"istiod.*"}[10m]))) > 30',
    for: "15m",
    severity: "warning",
    summary: "A change takes {{ $value }} s until the slowest proxies have it.",
    action: "Give istiod more CPU or pods, or let Sidecars name fewer hosts.",
  },
  {
    name: "IstioCertificateExpiring",
    // renewed a month before its end
    expr: 'min by (pod) (citadel_server_cert_chain_expiry_seconds{job=~"istiod.*"}) < 14 * 24 * 3600',
    for: "1h",
    severity: "critical",
    summary: "The mesh's CA in istiod {{ $labels.pod }} ends in {{ $value | humanizeDuration }}.",
    action: "See Certificate istio-ca: cert-manager renews it, and istiod takes it up by itself.",
  },
  {
    name: "IstioInjectionFails",
    expr: 'sum(increase(sidecar_injection_failure_total{job=~"istiod.*"}[10m])) > 0',
    for: "10m",
    severity: "critical",
    summary: "istiod cannot put proxies into pods: they are refused.",
    action: "Its log names the pod and the fault in the template.",
  },
  {
    name: "IstioGatewayAbsent",
    expr: 'sum by (job) (up{job=~"istio-.*gateway.*"}) == 0',
    for: "5m",
    severity: "critical",
    summary: "No pod of {{ $labels.job }} gives metrics: what goes through it does not arrive.",
    action: "See whether its pods run and have a certificate of istiod.",
  },
];
