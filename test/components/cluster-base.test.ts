import { describe, expect, it } from "@jest/globals";
import { type ClusterBaseArgs, ClusterBaseChart, clusterFlows } from "../../components/cluster-base";
import { KUBERNETES_NAMESPACES } from "../../components/cluster-base/namespaces";
import { PRIORITY_CLASSES, RESERVED_PRIORITY_CLASSES } from "../../components/cluster-base/priority-classes";
import { toApiServer } from "../../components/flow";
import { keyOf, objectsOf } from "../../components/kube-object";
import { expectGolden } from "../support/golden";
import { isReachable } from "../support/reachability";

const args: ClusterBaseArgs = {
  kubernetes: "1.35",
  owner: "platform",
  platformNamespaces: [{ name: "fleetwright-system" }, { name: "cert-manager" }],
  teams: { payments: { group: "acme:payments" }, search: { group: "acme:search" } },
  tenants: {
    shop: {
      team: "payments",
      namespaces: {
        shop: { cpu: "8", memory: "16Gi", pods: 50, storage: "100Gi" },
        "shop-jobs": { cpu: "4", memory: "8Gi", pods: 20, storage: "10Gi" },
      },
    },
    catalogue: { team: "search", namespaces: { catalogue: { cpu: "500m", memory: "1Gi", pods: 5, storage: "1Gi" } } },
  },
  network: { serviceCidrs: ["10.96.0.0/16"], apiServerCidrs: ["172.16.0.0/28"] },
  flows: [toApiServer({ namespace: "cert-manager", pods: "all" }, "certificates are watched")],
};

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const rendered = (kind: string, changed: Partial<ClusterBaseArgs> = {}): Rendered[] =>
  objectsOf(new ClusterBaseChart({ ...args, ...changed })).filter((object) => object.kind === kind);

describe("the cluster base", () => {
  it("labels tenants' namespaces as components ask, and never in the place of its own labels", () => {
    const tenantLabels = { "istio.io/rev": "default", "fleetwright.dev/owner": "somebody" };
    const labels = rendered("Namespace", { tenantLabels }).map(({ metadata }) => metadata.labels);
    expect(labels.map((its) => [its["fleetwright.dev/owner"], its["istio.io/rev"]])).toEqual([
      ["platform", undefined],
      ["platform", undefined],
      ["payments", "default"],
      ["payments", "default"],
      ["search", "default"],
    ]);
  });

  it("renders the reviewed manifests", () => expectGolden("cluster-base", objectsOf(new ClusterBaseChart(args))));

  it("renders a cluster without tenants", () =>
    expectGolden("cluster-base-without-tenants", objectsOf(new ClusterBaseChart({ ...args, teams: {}, tenants: {} }))));

  it("makes each object once", () => {
    const keys = objectsOf(new ClusterBaseChart(args)).map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("gives every namespace an owner, and its tenant where it has one", () =>
    expect(
      rendered("Namespace").map(({ metadata: { labels, name } }) => [
        name,
        labels["fleetwright.dev/owner"],
        labels["fleetwright.dev/tenant"],
      ]),
    ).toEqual([
      ["fleetwright-system", "platform", undefined],
      ["cert-manager", "platform", undefined],
      ["shop", "payments", "shop"],
      ["shop-jobs", "payments", "shop"],
      ["catalogue", "search", "catalogue"],
    ]));

  it("pins Pod Security of every namespace to the cluster's minor, restricted unless a reason says otherwise", () => {
    const security = (changed: Partial<ClusterBaseArgs> = {}) =>
      rendered("Namespace", changed).map(({ metadata: { labels } }) =>
        Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith("pod-security"))),
      );
    const pinned = (level: string, version: string) =>
      Object.fromEntries(
        ["enforce", "audit", "warn"].flatMap((mode) => [
          [`pod-security.kubernetes.io/${mode}`, level],
          [`pod-security.kubernetes.io/${mode}-version`, version],
        ]),
      );
    expect(security()).toEqual(Array(5).fill(pinned("restricted", "v1.35")));
    expect(security({ kubernetes: "1.31" })).toEqual(Array(5).fill(pinned("restricted", "v1.31")));
    const podSecurity = { level: "privileged", reason: "it reads the devices of the node" } as const;
    const trusted = { platformNamespaces: [{ name: "node-agents", podSecurity, labels: { mesh: "off" } }] };
    expect(security({ ...trusted, flows: [] })[0]).toEqual(pinned("privileged", "v1.35"));
    expect(rendered("Namespace", { ...trusted, flows: [] })[0].metadata).toMatchObject({
      labels: { mesh: "off" },
      annotations: { "fleetwright.dev/pod-security-reason": "it reads the devices of the node" },
    });
  });

  it("denies traffic by default in each of its namespaces and touches no other", () => {
    const denied = rendered("NetworkPolicy").filter(({ metadata }) => metadata.name === "default-deny");
    expect(denied.map(({ metadata }) => metadata.namespace)).toEqual([
      "fleetwright-system",
      "cert-manager",
      "shop",
      "shop-jobs",
      "catalogue",
    ]);
    const touched = new Set(objectsOf(new ClusterBaseChart(args)).map(({ metadata }) => metadata.namespace));
    expect(KUBERNETES_NAMESPACES.filter((namespace) => touched.has(namespace))).toEqual([]);
  });

  it("lets every namespace look names up, and one tenant's programs talk to one another, and says so among its flows", () => {
    const policies = rendered("NetworkPolicy");
    const pod = (namespace: string, address: string) => ({ namespace, labels: {}, address });
    const dns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, address: "10.244.9.9" };
    const reaches = (from: ReturnType<typeof pod>, to: ReturnType<typeof pod>, port: number, protocol: string) =>
      isReachable(policies, {}, { from, to, port, protocol });
    for (const namespace of ["cert-manager", "fleetwright-system", "shop", "shop-jobs", "catalogue"]) {
      expect(reaches(pod(namespace, "10.244.0.1"), dns, 53, "UDP")).toBe(true);
    }
    expect(reaches(pod("shop", "10.244.0.1"), pod("shop", "10.244.0.2"), 8080, "TCP")).toBe(true);
    expect(reaches(pod("shop-jobs", "10.244.0.1"), pod("shop", "10.244.0.2"), 8080, "TCP")).toBe(true);
    expect(reaches(pod("shop", "10.244.0.1"), pod("catalogue", "10.244.0.2"), 8080, "TCP")).toBe(false);
    expect(reaches(pod("cert-manager", "10.244.0.1"), pod("cert-manager", "10.244.0.2"), 8080, "TCP")).toBe(false);
    expect(clusterFlows(args)).toHaveLength(5 + (4 + 1) + 1);
    expect(clusterFlows(args)).toContainEqual(args.flows[0]);
  });

  it("bounds a tenant's namespace by the size that the environment gives it", () =>
    expect(
      rendered("ResourceQuota")
        .filter(({ metadata }) => metadata.name === "tenant-size")
        .map(({ metadata, spec }) => [metadata.namespace, spec.hard]),
    ).toEqual([
      [
        "shop",
        {
          "requests.cpu": "8",
          "requests.memory": "16Gi",
          "limits.memory": "16Gi",
          "requests.storage": "100Gi",
          pods: "50",
        },
      ],
      [
        "shop-jobs",
        {
          "requests.cpu": "4",
          "requests.memory": "8Gi",
          "limits.memory": "8Gi",
          "requests.storage": "10Gi",
          pods: "20",
        },
      ],
      [
        "catalogue",
        {
          "requests.cpu": "500m",
          "requests.memory": "1Gi",
          "limits.memory": "1Gi",
          "requests.storage": "1Gi",
          pods: "5",
        },
      ],
    ]));

  it("keeps tenants out of the ranks of the platform and of the system", () => {
    const reserved = rendered("ResourceQuota").filter(({ metadata }) => metadata.name === "reserved-priorities");
    expect(reserved.map(({ metadata, spec }) => [metadata.namespace, spec.hard])).toEqual([
      ["shop", { pods: "0" }],
      ["shop-jobs", { pods: "0" }],
      ["catalogue", { pods: "0" }],
    ]);
    expect(reserved[0].spec.scopeSelector.matchExpressions).toEqual([
      {
        scopeName: "PriorityClass",
        operator: "In",
        values: ["platform", "platform-critical", "system-cluster-critical", "system-node-critical"],
      },
    ]);
    const tenants = PRIORITY_CLASSES.map(({ name }) => name).filter(
      (name) => !RESERVED_PRIORITY_CLASSES.includes(name),
    );
    expect(tenants).toEqual(["tenant", "tenant-batch"]);
  });

  it("ranks below the system's own classes and above pods without a class, and makes no class the default of others' pods", () => {
    const classes = rendered("PriorityClass");
    const values = classes.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(Math.max(...values)).toBeLessThanOrEqual(1_000_000_000);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(classes.filter(({ globalDefault }) => globalDefault)).toEqual([]);
    expect(classes.find(({ metadata }) => metadata.name === "tenant-batch").preemptionPolicy).toBe("Never");
  });

  it("binds both roles of a namespace to its team's group and to nobody else", () =>
    expect(
      rendered("RoleBinding").map(({ metadata, roleRef, subjects }) => [metadata.namespace, roleRef, subjects]),
    ).toEqual(
      [
        ["shop", "acme:payments"],
        ["shop-jobs", "acme:payments"],
        ["catalogue", "acme:search"],
      ].flatMap(([namespace, group]) =>
        ["team-view", "team-deploy"].map((name) => [
          namespace,
          { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
        ]),
      ),
    ));

  it("grants no wildcard, no secret, no way to more rights, no shell, no tunnel, nothing that bounds the team", () => {
    const rules = rendered("Role").flatMap((role) => role.rules as Rendered[]);
    const granted = rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group: string) =>
        resources.flatMap((resource: string) => verbs.map((verb: string) => `${verb} ${group}/${resource}`)),
      ),
    );
    expect(granted.filter((right) => right.includes("*"))).toEqual([]);
    const forbidden = [
      /\/secrets/,
      /^(escalate|bind|impersonate|approve|sign|deletecollection|proxy) /,
      /rbac\.authorization\.k8s\.io/,
      /\/pods\/(exec|attach|portforward|proxy|ephemeralcontainers)$/,
      /\/serviceaccounts\/token$/,
      /\/(nodes|namespaces|persistentvolumes)$/,
      /^(create|update|patch) \/pods$/,
      /^(create|update|patch|delete) .*\/(networkpolicies|resourcequotas|limitranges|daemonsets)$/,
    ];
    expect(granted.filter((right) => forbidden.some((pattern) => pattern.test(right)))).toEqual([]);
    const viewRules = rendered("Role").find(({ metadata }) => metadata.name === "team-view").rules as Rendered[];
    expect(new Set(viewRules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
    expect(granted).toContain("create apps/deployments");
    expect(rendered("ClusterRole")).toEqual([]);
  });

  const size = { cpu: "8", memory: "16Gi", pods: 50, storage: "100Gi" };
  const tenantOf = (changed: Partial<typeof size>) => ({
    tenants: { shop: { team: "payments", namespaces: { shop: { ...size, ...changed } } } },
  });
  it.each<[string, Partial<ClusterBaseArgs>]>([
    ['cluster-base: kubernetes is "v1.35", must be a minor such as 1.35', { kubernetes: "v1.35" }],
    ['cluster-base: owner is "Platform", must be a DNS label', { owner: "Platform" }],
    ['cluster-base: namespace "kube-system" is Kubernetes\' own', { platformNamespaces: [{ name: "kube-system" }] }],
    ['cluster-base: namespace "default" is Kubernetes\' own', { platformNamespaces: [{ name: "default" }] }],
    ['cluster-base: namespace "kube-flannel" is Kubernetes\' own', { platformNamespaces: [{ name: "kube-flannel" }] }],
    ['cluster-base: namespace "shop" stands twice, must have one owner', { platformNamespaces: [{ name: "shop" }] }],
    ['cluster-base: a namespace is "Cert", must be a DNS label', { platformNamespaces: [{ name: "Cert" }] }],
    [
      'cluster-base: namespace "agents" has podSecurity baseline with an empty reason',
      { platformNamespaces: [{ name: "agents", podSecurity: { level: "baseline", reason: " " } }] },
    ],
    [
      'cluster-base: team of tenant "shop" is "payments", must be one of teams: search',
      { teams: { search: { group: "g" } } },
    ],
    ['cluster-base: team of tenant "shop" is "payments", must be one of teams: none', { teams: {} }],
    [
      'cluster-base: group of team "payments" is "system:authenticated", must be a group of the team\'s own members',
      { teams: { ...args.teams, payments: { group: "system:authenticated" } } },
    ],
    ['cluster-base: group of team "payments" is "", must be', { teams: { ...args.teams, payments: { group: "" } } }],
    [
      'cluster-base: cpu of namespace "shop" is "eight", must be a Kubernetes quantity above 0',
      tenantOf({ cpu: "eight" }),
    ],
    [
      'cluster-base: memory of namespace "shop" is "0", must be a Kubernetes quantity above 0',
      tenantOf({ memory: "0" }),
    ],
    ['cluster-base: storage of namespace "shop" is "1GB", must be', tenantOf({ storage: "1GB" })],
    ['cluster-base: pods of namespace "shop" is 0, must be a whole number of 1–10000', tenantOf({ pods: 0 })],
    [
      'namespace "billing" is not of this cluster',
      { flows: [toApiServer({ namespace: "billing", pods: "all" }, "x")] },
    ],
    ["network: apiServerCidrs is empty", { network: { serviceCidrs: ["10.96.0.0/16"], apiServerCidrs: [] } }],
  ])("refuses: %s", (sentence, changed) =>
    expect(() => new ClusterBaseChart({ ...args, ...changed })).toThrow(sentence),
  );
});
