/**
 * The way to hosts outside: from a tenant's program by its proxy to the egress gateway, and from there out.
 *
 *     program ──TLS to the host──▶ its proxy ──that, inside mutual TLS──▶ egress gateway ──TLS to the host──▶ host:443
 *
 * The gateway knows by the mutual TLS whose program it is, and cannot read what it passes on.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 */
import type { KubeObject } from "../kube-object";
import { GATEWAY_NAMES, GATEWAY_NAMESPACES, gatewaySelector, istioObject } from "./names";

const GATEWAY = "egress";
const HTTPS = 443;
const SERVICE = `${GATEWAY_NAMES.egress}.${GATEWAY_NAMESPACES.egress}.svc.cluster.local`;

/** The routes of all hosts; none where no host is named. */
export function egressRoutes(hosts: readonly string[]): KubeObject[] {
  const named = [...hosts].sort();
  if (named.length === 0) return [];
  return [gateway(named), toGateway(named), ...named.flatMap((host) => [entry(host), route(host)])];
}

/** Objects of one host are called by its name, which is a DNS name as theirs must be. */
const network = (kind: string, name: string, spec: object) =>
  istioObject("networking.istio.io/v1", kind, { name, namespace: GATEWAY_NAMESPACES.egress, part: "egress" }, { spec });

/** One server per host: which host is meant is told by the name that the TLS handshake asks for. */
const gateway = (hosts: readonly string[]) =>
  network("Gateway", GATEWAY, {
    selector: gatewaySelector("egress"),
    servers: hosts.map((host) => ({
      port: { number: HTTPS, name: `tls-${host.replaceAll(".", "-")}`, protocol: "TLS" },
      hosts: [host],
      tls: { mode: "ISTIO_MUTUAL" },
    })),
  });

/** Mutual TLS to the gateway, asking for the host's name; one subset per host. */
const toGateway = (hosts: readonly string[]) =>
  network("DestinationRule", GATEWAY, {
    host: SERVICE,
    subsets: hosts.map((host) => ({
      name: subset(host),
      trafficPolicy: { portLevelSettings: [{ port: { number: HTTPS }, tls: { mode: "ISTIO_MUTUAL", sni: host } }] },
    })),
  });

const entry = (host: string) =>
  network("ServiceEntry", host, {
    hosts: [host],
    location: "MESH_EXTERNAL",
    ports: [{ number: HTTPS, name: "tls", protocol: "TLS" }],
    resolution: "DNS",
  });

const route = (host: string) =>
  network("VirtualService", host, {
    hosts: [host],
    gateways: ["mesh", GATEWAY],
    tls: [
      {
        match: [{ gateways: ["mesh"], port: HTTPS, sniHosts: [host] }],
        route: [{ destination: { host: SERVICE, subset: subset(host), port: { number: HTTPS } } }],
      },
    ],
    tcp: [
      {
        match: [{ gateways: [GATEWAY], port: HTTPS }],
        route: [{ destination: { host, port: { number: HTTPS } } }],
      },
    ],
  });

/** Names of subsets have no dots; two hosts never share one. */
const subset = (host: string) => host.replaceAll(".", "-");
