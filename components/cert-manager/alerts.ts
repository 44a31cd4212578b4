/**
 * What somebody must be told of certificates.
 *
 * @see the metrics of cert-manager 1.21 (internal/collectors, pkg/metrics). Series of a certificate name its namespace as
 *   `exported_namespace`: `namespace` is that of the controller.
 */
import type { Alert } from "../alert";

export const CERT_MANAGER_ALERTS: readonly Alert[] = [
  {
    name: "CertManagerAbsent",
    expr: 'absent(up{job="cert-manager", component="controller"} == 1)',
    for: "10m",
    severity: "critical",
    summary: "No certificate is issued or renewed: cert-manager's controller gives no metrics.",
    action: "See whether its pods run. Certificates in use hold until they expire.",
  },
  {
    name: "CertificateExpiringSoon",
    // programs of the mesh renew at two thirds of 90 days: ten days before the end, renewal has failed for twenty
    expr: 'max by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds{job="cert-manager"}) - time() < 10 * 24 * 3600',
    for: "1h",
    severity: "warning",
    summary:
      "Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} ends in {{ $value | humanizeDuration }} and is not renewed.",
    action: "kubectl describe certificate, and its CertificateRequest, say why.",
  },
  {
    name: "CertificateExpiresTomorrow",
    expr: 'max by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds{job="cert-manager"}) - time() < 24 * 3600',
    for: "5m",
    severity: "critical",
    summary: "Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} ends in {{ $value | humanizeDuration }}.",
    action:
      "Whoever uses it stops working then. kubectl describe certificate, and its CertificateRequest, say why it is not renewed.",
  },
  {
    name: "CertificateNotReady",
    expr: 'max by (exported_namespace, name, condition) (certmanager_certificate_ready_status{job="cert-manager", condition!="True"} == 1)',
    for: "15m",
    severity: "warning",
    summary: "Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not ready.",
    action: "kubectl describe certificate, and its CertificateRequest, say why.",
  },
  {
    name: "CertificateIssuerNotReady",
    expr: 'max by (name, condition) (certmanager_clusterissuer_ready_status{job="cert-manager", condition!="True"} == 1)',
    for: "10m",
    severity: "critical",
    summary: "ClusterIssuer {{ $labels.name }} cannot sign.",
    action: "kubectl describe clusterissuer says why: its CA's Secret is the usual cause.",
  },
  {
    name: "CertManagerSyncErrors",
    expr: 'sum by (controller) (rate(certmanager_controller_sync_error_count{job="cert-manager"}[10m])) > 0.1',
    for: "30m",
    severity: "warning",
    summary: "cert-manager fails again and again in its controller {{ $labels.controller }}.",
    action: "Its log names the object.",
  },
];
