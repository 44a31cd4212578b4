/**
 * What istiod and the node agent may do: upstream's rules without those of features that are off. docs/components/istio.md
 * lists each rule that is left out, and why.
 */
import type { KubeObject } from "../kube-object";
import {
  GATEWAY_NAMESPACES,
  ISTIO_GROUPS,
  ISTIO_NAMESPACE,
  istioObject,
  NODE_AGENT_NAMESPACE,
  revisioned,
} from "./names";
import { injectorName, validatorNames } from "./webhooks";

/** One rule, in the API's own words; `group` stands for `apiGroups` with one entry. */
interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ["get", "list", "watch"];
const ADMISSION = "admissionregistration.k8s.io";

const reads = (group: string, ...resources: string[]): Rule => ({ group, resources, verbs: READ });

/** The ConfigMap with the mesh's root that istiod keeps in every namespace. */
const ROOT_CONFIG_MAP = "istio-ca-root-cert";

/** The ConfigMap by which istiods agree on who of them keeps {@link ROOT_CONFIG_MAP}. */
const ELECTION_CONFIG_MAP = "istio-namespace-controller-election";

const clusterRules = (revision: string): Rule[] => [
  // it writes its CA into its own webhooks, and watches others' to know which revision is the default
  reads(ADMISSION, "mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
  {
    group: ADMISSION,
    resources: ["mutatingwebhookconfigurations"],
    resourceNames: [injectorName(revision)],
    verbs: ["update", "patch"],
  },
  {
    group: ADMISSION,
    resources: ["validatingwebhookconfigurations"],
    resourceNames: validatorNames(revision),
    verbs: ["update"],
  },
  ...ISTIO_GROUPS.map((group) => reads(group, "*")),
  // it waits for the kinds that it watches
  reads("apiextensions.k8s.io", "customresourcedefinitions"),
  reads("", "pods", "nodes", "services", "namespaces"),
  reads("discovery.k8s.io", "endpointslices"),
  // watched wherever the kind exists, although gateways of this kind are not served
  reads("gateway.networking.k8s.io", "gateways"),
  // CAs that gateways trust; and the mesh's root, which it writes (create cannot be bound to a name)
  reads("", "configmaps"),
  { group: "", resources: ["configmaps"], verbs: ["create"] },
  { group: "", resources: ["configmaps"], resourceNames: [ROOT_CONFIG_MAP], verbs: ["update"] },
  // certificates that gateways serve, and remote clusters' credentials: istiod waits for all Secrets before it is ready
  reads("", "secrets"),
  // who a proxy is, and whether it may have the certificates it asks for
  { group: "authentication.k8s.io", resources: ["tokenreviews"], verbs: ["create"] },
  { group: "authorization.k8s.io", resources: ["subjectaccessreviews"], verbs: ["create"] },
];

const NAMESPACE_RULES: readonly Rule[] = [
  { group: "", resources: ["configmaps"], resourceNames: [ELECTION_CONFIG_MAP], verbs: ["update"] },
];

/** What another cluster's istiod may read here, with the token that its remote secret holds. */
const READER_RULES: readonly Rule[] = [
  reads("", "pods", "nodes", "services", "namespaces"),
  reads("discovery.k8s.io", "endpointslices"),
  reads("networking.istio.io", "workloadentries"),
  reads("gateway.networking.k8s.io", "gateways"),
  reads("apiextensions.k8s.io", "customresourcedefinitions"),
  // an istiod that may not list them never counts this cluster as known
  reads("", "secrets"),
];

const NODE_AGENT_RULES: readonly Rule[] = [
  reads("", "pods", "nodes", "namespaces"),
  { group: "", resources: ["events"], verbs: ["create", "patch"] },
];

/** Name of the ServiceAccount whose tokens are handed to other clusters: upstream's own. */
export const READER_ACCOUNT = "istio-reader-service-account";

/** istiod's roles and bindings. */
export function controlPlaneRoles(revision: string, account: string): KubeObject[] {
  const name = `${revisioned("istiod-clusterrole", revision)}-${ISTIO_NAMESPACE}`;
  return [
    ...bound("discovery", name, { name: account, namespace: ISTIO_NAMESPACE }, clusterRules(revision)),
    ...bound(
      "discovery",
      revisioned("istiod", revision),
      { name: account, namespace: ISTIO_NAMESPACE },
      NAMESPACE_RULES,
      ISTIO_NAMESPACE,
    ),
  ];
}

/** The account of other clusters' istiods, with its rights. Tokens are issued for it elsewhere. */
export function readerRoles(revision: string): KubeObject[] {
  const account = istioObject(
    "v1",
    "ServiceAccount",
    { name: READER_ACCOUNT, namespace: ISTIO_NAMESPACE, part: "reader" },
    { automountServiceAccountToken: false },
  );
  const name = `${revisioned("istio-reader-clusterrole", revision)}-${ISTIO_NAMESPACE}`;
  return [account, ...bound("reader", name, { name: READER_ACCOUNT, namespace: ISTIO_NAMESPACE }, READER_RULES)];
}

/**
 * What lets the ingress gateway serve certificates: its pods have no token, but istiod hands a Secret's certificate only to
 * a gateway whose account may list the Secrets of its namespace.
 */
export function ingressRoles(account: string): KubeObject[] {
  const namespace = GATEWAY_NAMESPACES.ingress;
  const rules = [{ group: "", resources: ["secrets"], verbs: ["list"] }];
  return bound("gateway", account, { name: account, namespace }, rules, namespace);
}

/** The node agent's role and binding. */
export function nodeAgentRoles(account: string): KubeObject[] {
  return bound("node-agent", "istio-cni", { name: account, namespace: NODE_AGENT_NAMESPACE }, NODE_AGENT_RULES);
}

function bound(
  part: string,
  name: string,
  account: { readonly name: string; readonly namespace: string },
  rules: readonly Rule[],
  namespace?: string,
): KubeObject[] {
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const api = "rbac.authorization.k8s.io";
  return [
    istioObject(
      `${api}/v1`,
      kind,
      { name, namespace, part },
      {
        rules: rules.map(({ group, ...rule }) => ({ apiGroups: [group], ...rule })),
      },
    ),
    istioObject(
      `${api}/v1`,
      `${kind}Binding`,
      { name, namespace, part },
      {
        roleRef: { apiGroup: api, kind, name },
        subjects: [{ kind: "ServiceAccount", ...account }],
      },
    ),
  ];
}
