/** Where the proxy differs from upstream's injection templates, and why; docs/components/istio.md lists the same. */
import type { Difference } from "./differences";

export const INJECTION_DIFFERENCES: readonly Difference[] = [
  {
    what: "--profiling",
    match: /^\+ argument --profiling$/,
    why: "off: /debug/pprof of the agent answers on no port",
  },
  {
    what: "--stsPort, --log_as_json, --outlierLogPath",
    match: /^- argument --(stsPort|log_as_json|outlierLogPath)$/,
    why: "not set, as in upstream's values",
  },
  {
    what: "ISTIO_CPU_LIMIT, GOMAXPROCS",
    match: /^- variable (ISTIO_CPU_LIMIT|GOMAXPROCS)$/,
    why: "there is no CPU limit to read; concurrency says how many threads there are",
  },
  {
    what: "COMPLIANCE_POLICY, OTEL_RESOURCE_ATTRIBUTES, ISTIO_BOOTSTRAP_OVERRIDE, REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION",
    match:
      /^- variable (COMPLIANCE_POLICY|OTEL_RESOURCE_ATTRIBUTES|ISTIO_BOOTSTRAP_OVERRIDE|REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION)$/,
    why: "each belongs to a setting that is not offered",
  },
  {
    what: "ISTIO_META_POD_PORTS, ISTIO_META_APP_CONTAINERS of gateways",
    match: /^- variable (ISTIO_META_POD_PORTS|ISTIO_META_APP_CONTAINERS)$/,
    why: "a gateway has no program besides its proxy",
  },
  {
    what: "ISTIO_META_REQUESTED_NETWORK_VIEW",
    match: /^\+ variable ISTIO_META_REQUESTED_NETWORK_VIEW$/,
    why: "upstream's chart adds it to the pod of an east-west gateway, as here",
  },
  {
    what: "/etc/istio/custom-bootstrap, /etc/certs, /var/run/secrets/istio/crl",
    match: /^- mounts (\/etc\/istio\/custom-bootstrap|\/etc\/certs|\/var\/run\/secrets\/istio\/crl)$/,
    why: "for a bootstrap of one's own, certificates from files and lists of revoked ones: none is offered",
  },
];
