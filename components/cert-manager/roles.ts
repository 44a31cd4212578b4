/**
 * What cert-manager's programs may do, and what people may do with certificates: upstream's rules, role by role.
 *
 * @see https://cert-manager.io/docs/reference/ and upstream's chart, with which a test compares every rule
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** One rule, in the API's own words; `group` stands for `apiGroups` with one entry. */
interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ["get", "list", "watch"];
const CERT_MANAGER = "cert-manager.io";
const ACME = "acme.cert-manager.io";
const GATEWAY = "gateway.networking.k8s.io";

const recordsEvents: Rule = { group: "", resources: ["events"], verbs: ["create", "patch"] };
const readsSecrets: Rule = { group: "", resources: ["secrets"], verbs: READ };
const keepsSecrets: Rule = { group: "", resources: ["secrets"], verbs: [...READ, "create", "update", "delete"] };
const readsIssuers: Rule = { group: CERT_MANAGER, resources: ["issuers", "clusterissuers"], verbs: READ };
const updates = (group: string, ...resources: string[]): Rule => ({ group, resources, verbs: ["update"] });
const writes = (group: string, ...resources: string[]): Rule => ({ group, resources, verbs: ["update", "patch"] });
const reads = (group: string, ...resources: string[]): Rule => ({ group, resources, verbs: READ });

/** ClusterRoles of the controller, each bound to its ServiceAccount. Names without the prefix `cert-manager-controller-`. */
const CONTROLLER_ROLES: Readonly<Record<string, readonly Rule[]>> = {
  issuers: [
    writes(CERT_MANAGER, "issuers", "issuers/status"),
    reads(CERT_MANAGER, "issuers"),
    keepsSecrets,
    recordsEvents,
  ],
  clusterissuers: [
    writes(CERT_MANAGER, "clusterissuers", "clusterissuers/status"),
    reads(CERT_MANAGER, "clusterissuers"),
    keepsSecrets,
    recordsEvents,
  ],
  certificates: [
    writes(CERT_MANAGER, "certificates", "certificates/status", "certificaterequests", "certificaterequests/status"),
    reads(CERT_MANAGER, "certificates", "certificaterequests", "clusterissuers", "issuers"),
    // here and below: owner references, where OwnerReferencesPermissionEnforcement is on
    updates(CERT_MANAGER, "certificates/finalizers", "certificaterequests/finalizers"),
    { group: ACME, resources: ["orders"], verbs: ["create", "delete", ...READ] },
    { ...keepsSecrets, verbs: [...keepsSecrets.verbs, "patch"] },
    recordsEvents,
  ],
  orders: [
    writes(ACME, "orders", "orders/status"),
    reads(ACME, "orders", "challenges"),
    readsIssuers,
    { group: ACME, resources: ["challenges"], verbs: ["create", "delete"] },
    updates(ACME, "orders/finalizers"),
    updates(CERT_MANAGER, "clusterissuers/finalizers", "issuers/finalizers"),
    readsSecrets,
    recordsEvents,
  ],
  challenges: [
    writes(ACME, "challenges", "challenges/status"),
    reads(ACME, "challenges"),
    readsIssuers,
    readsSecrets,
    recordsEvents,
    // what answers an HTTP-01 challenge while it lasts
    { group: "", resources: ["pods", "services"], verbs: [...READ, "create", "delete"] },
    { group: "networking.k8s.io", resources: ["ingresses"], verbs: [...READ, "create", "delete", "update"] },
    { group: GATEWAY, resources: ["httproutes"], verbs: [...READ, "create", "delete", "update"] },
    { group: "route.openshift.io", resources: ["routes/custom-host"], verbs: ["create"] },
    updates(ACME, "challenges/finalizers"),
  ],
  "ingress-shim": [
    { group: CERT_MANAGER, resources: ["certificates", "certificaterequests"], verbs: ["create", "update", "delete"] },
    reads(CERT_MANAGER, "certificates", "certificaterequests", "issuers", "clusterissuers"),
    reads("networking.k8s.io", "ingresses"),
    updates("networking.k8s.io", "ingresses/finalizers"),
    reads(GATEWAY, "gateways", "httproutes", "listenersets"),
    updates(GATEWAY, "gateways/finalizers", "httproutes/finalizers", "listenersets/finalizers"),
    recordsEvents,
  ],
  "approve:cert-manager-io": [
    {
      group: CERT_MANAGER,
      resources: ["signers"],
      resourceNames: ["issuers.cert-manager.io/*", "clusterissuers.cert-manager.io/*"],
      verbs: ["approve"],
    },
  ],
  certificatesigningrequests: [
    { group: "certificates.k8s.io", resources: ["certificatesigningrequests"], verbs: [...READ, "update"] },
    writes("certificates.k8s.io", "certificatesigningrequests/status"),
    {
      group: "certificates.k8s.io",
      resources: ["signers"],
      resourceNames: ["issuers.cert-manager.io/*", "clusterissuers.cert-manager.io/*"],
      verbs: ["sign"],
    },
    { group: "authorization.k8s.io", resources: ["subjectaccessreviews"], verbs: ["create"] },
  ],
};

const CAINJECTOR_RULES: readonly Rule[] = [
  reads(CERT_MANAGER, "certificates"),
  readsSecrets,
  { group: "", resources: ["events"], verbs: ["get", "create", "update", "patch"] },
  ...[
    {
      group: "admissionregistration.k8s.io",
      resources: ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
    },
    { group: "apiregistration.k8s.io", resources: ["apiservices"] },
    { group: "apiextensions.k8s.io", resources: ["customresourcedefinitions"] },
  ].map((injected) => ({ ...injected, verbs: [...READ, "update", "patch"] })),
];

/** Roles of people, which Kubernetes adds to its own by label. */
const PEOPLE_ROLES: Readonly<Record<string, { readonly addedTo: readonly string[]; readonly rules: readonly Rule[] }>> =
  {
    "cluster-view": { addedTo: ["cluster-reader"], rules: [reads(CERT_MANAGER, "clusterissuers")] },
    view: {
      addedTo: ["view", "edit", "admin", "cluster-reader"],
      rules: [
        reads(CERT_MANAGER, "certificates", "certificaterequests", "issuers"),
        reads(ACME, "challenges", "orders"),
      ],
    },
    edit: {
      addedTo: ["edit", "admin"],
      rules: [
        {
          group: CERT_MANAGER,
          resources: ["certificates", "certificaterequests", "issuers"],
          verbs: ["create", "delete", "deletecollection", "patch", "update"],
        },
        updates(CERT_MANAGER, "certificates/status"),
        // nobody makes challenges and orders by hand: they could name the credentials of another's issuer (GHSA-8rvj-mm4h-c258)
        { group: ACME, resources: ["challenges"], verbs: ["delete", "deletecollection", "patch", "update"] },
        { group: ACME, resources: ["orders"], verbs: ["delete", "deletecollection"] },
      ],
    },
  };

/** The one Lease, or two, by which the pods of a program choose their leader; create cannot be bound to a name. */
const electsLeader = (...resourceNames: string[]): Rule[] => [
  { group: "coordination.k8s.io", resources: ["leases"], resourceNames, verbs: ["get", "update", "patch"] },
  { group: "coordination.k8s.io", resources: ["leases"], verbs: ["create"] },
];

/** Names of the programs' ServiceAccounts. */
export interface Accounts {
  readonly controller: string;
  readonly webhook: string;
  readonly cainjector: string;
}

/** Every role and its binding. */
export function roles(namespace: string, { controller, webhook, cainjector }: Accounts): KubeObject[] {
  const subject = (name: string) => ({ kind: "ServiceAccount", name, namespace });
  const bound = (component: string, name: string, account: string, rules: readonly Rule[], inNamespace?: string) => {
    const kind = inNamespace === undefined ? "ClusterRole" : "Role";
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name };
    return [
      role(component, name, rules, inNamespace),
      rbac(component, `${kind}Binding`, name, inNamespace, { roleRef, subjects: [subject(account)] }),
    ];
  };
  return [
    ...Object.entries(CONTROLLER_ROLES).flatMap(([name, rules]) =>
      bound("controller", `cert-manager-controller-${name}`, controller, rules),
    ),
    ...bound(
      "controller",
      "cert-manager:leaderelection",
      controller,
      electsLeader("cert-manager-controller"),
      namespace,
    ),
    ...bound("webhook", "cert-manager-webhook:subjectaccessreviews", webhook, [
      { group: "authorization.k8s.io", resources: ["subjectaccessreviews"], verbs: ["create"] },
    ]),
    ...bound(
      "webhook",
      "cert-manager-webhook:dynamic-serving",
      webhook,
      [
        { group: "", resources: ["secrets"], resourceNames: ["cert-manager-webhook-ca"], verbs: [...READ, "update"] },
        { group: "", resources: ["secrets"], verbs: ["create"] },
      ],
      namespace,
    ),
    ...bound("cainjector", "cert-manager-cainjector", cainjector, CAINJECTOR_RULES),
    ...bound(
      "cainjector",
      "cert-manager-cainjector:leaderelection",
      cainjector,
      electsLeader("cert-manager-cainjector-leader-election", "cert-manager-cainjector-leader-election-core"),
      namespace,
    ),
    ...Object.entries(PEOPLE_ROLES).map(([name, { addedTo, rules }]) =>
      aggregated(`cert-manager-${name}`, addedTo, rules),
    ),
  ];
}

function role(component: string, name: string, rules: readonly Rule[], namespace?: string): KubeObject {
  return rbac(component, namespace === undefined ? "ClusterRole" : "Role", name, namespace, {
    rules: rules.map(({ group, ...rule }) => ({ apiGroups: [group], ...rule })),
  });
}

function aggregated(name: string, addedTo: readonly string[], rules: readonly Rule[]): KubeObject {
  const made = role("controller", name, rules);
  const added = addedTo.map((to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, "true"]);
  return { ...made, metadata: { ...made.metadata, labels: { ...made.metadata.labels, ...Object.fromEntries(added) } } };
}

const rbac = (
  component: string,
  kind: string,
  name: string,
  namespace: string | undefined,
  body: object,
): KubeObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}), labels: objectLabels("cert-manager", component) },
  ...body,
});
