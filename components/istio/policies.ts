/**
 * Who may talk to whom in the mesh, by identity: mutual TLS everywhere, nothing allowed but what is listed here.
 *
 *     clients ──▶ ingress gateway ──▶ every tenant's programs       one tenant's programs ──▶ one another
 *     other networks ──▶ east-west gateway (unopened) ──▶ the program, which knows the caller's identity
 *     tenants' programs ──▶ egress gateway
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
import type { KubeObject } from "../kube-object";
import { trafficPorts } from "./gateways";
import {
  GATEWAY_NAMES,
  GATEWAY_NAMESPACES,
  type GatewayKind,
  gatewaySelector,
  ISTIO_NAMESPACE,
  istioObject,
} from "./names";

/** A tenant whose programs are in the mesh. */
export interface MeshTenant {
  /** DNS label. */
  readonly name: string;
  /** Its namespaces in the whole mesh: those of other clusters, too. */
  readonly namespaces: readonly string[];
}

export interface PolicyArgs {
  /** First part of every identity. */
  readonly trustDomain: string;
  /** Gateways of this cluster. */
  readonly gateways: readonly GatewayKind[];
  /** Tenants of the whole mesh. */
  readonly tenants: readonly MeshTenant[];
  /** Namespaces of tenants that this cluster has. */
  readonly namespaces: readonly string[];
}

/** The objects, each with the name of what it allows. */
export function policies(args: PolicyArgs): KubeObject[] {
  const { gateways, namespaces, tenants } = args;
  return [
    istioObject(
      "security.istio.io/v1",
      "PeerAuthentication",
      // the name under which Istio looks for the mesh's default
      { name: "default", namespace: ISTIO_NAMESPACE, part: "policies" },
      { spec: { mtls: { mode: "STRICT" } } },
    ),
    // no rule matches anything: what no other policy allows is refused, in every namespace and at every gateway
    allow("default-deny", ISTIO_NAMESPACE, {}),
    ...gateways.map((kind) => atGateway(kind, args)),
    ...tenants.flatMap((tenant) =>
      tenant.namespaces
        .filter((namespace) => namespaces.includes(namespace))
        .map((namespace) => inNamespace(namespace, tenant, args)),
    ),
  ];
}

function atGateway(kind: GatewayKind, { tenants }: PolicyArgs): KubeObject {
  const ports = trafficPorts(kind).map(String);
  const selector = { matchLabels: gatewaySelector(kind) };
  const namespaces = tenants.flatMap((tenant) => tenant.namespaces).sort();
  const rule = {
    // whoever comes: HTTP only, and never the profiles that programs would otherwise show to the world
    ingress: { to: [{ operation: { ports, notPaths: ["/debug/pprof", "/debug/pprof/*"] } }] },
    // the connection is not opened here: the program at its end decides, by the identity of the caller
    eastWest: { to: [{ operation: { ports } }] },
    egress: {
      from: [{ source: { namespaces } }],
      to: [{ operation: { ports } }],
    },
  }[kind];
  // a rule of no namespace would be refused; no rule allows nothing
  const isEmpty = kind === "egress" && namespaces.length === 0;
  return allow(
    `allow-${kind === "eastWest" ? "other-networks" : kind === "ingress" ? "clients" : "tenants"}`,
    GATEWAY_NAMESPACES[kind],
    {
      selector,
      ...(isEmpty ? {} : { rules: [rule] }),
    },
  );
}

/** A tenant's own programs, wherever in the mesh they are, and the ingress gateway of any cluster. */
function inNamespace(namespace: string, tenant: MeshTenant, { trustDomain }: PolicyArgs): KubeObject {
  const ingress = `${trustDomain}/ns/${GATEWAY_NAMESPACES.ingress}/sa/${GATEWAY_NAMES.ingress}`;
  return allow("allow-tenant-and-ingress", namespace, {
    rules: [
      { from: [{ source: { namespaces: [...tenant.namespaces].sort() } }] },
      { from: [{ source: { principals: [ingress] } }] },
    ],
  });
}

const allow = (name: string, namespace: string, spec: object): KubeObject =>
  istioObject(
    "security.istio.io/v1",
    "AuthorizationPolicy",
    { name, namespace, part: "policies" },
    {
      spec: { action: "ALLOW", ...spec },
    },
  );
