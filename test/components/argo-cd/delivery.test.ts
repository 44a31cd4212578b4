/** What Argo CD delivers: who may do what with it, where projects lead, in which order changes arrive, whose objects are. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { ensureUpstream } from "../../../components/upstream";
import { catalogue, find, onHub, onSpoke, type Rendered, render, setting, shop, withHub } from "./rendered";

beforeAll(() => ensureUpstream(), 300_000);

describe("who may do what", () => {
  it("is nothing, unless a team's role or a project says so", () => {
    const { data } = find(render(), "ConfigMap/argocd-rbac-cm");
    expect(data["policy.default"]).toBe("");
    expect(data["policy.csv"].trim().split("\n")).toEqual([
      "p, role:team-payments, projects, get, shop, allow",
      "p, role:team-payments, repositories, get, shop/*, allow",
      "g, acme:payments, role:team-payments",
      "p, role:team-search, projects, get, catalogue, allow",
      "p, role:team-search, repositories, get, catalogue/*, allow",
      "g, acme:search, role:team-search",
    ]);
  });

  it("is everything for groups that the environment names, and for no others", () => {
    const lines = (args = onHub) => find(render(args), "ConfigMap/argocd-rbac-cm").data["policy.csv"];
    expect(lines()).not.toContain("role:admin");
    expect(lines(withHub({ adminGroups: ["acme:root"] }))).toContain("g, acme:root, role:admin\n");
  });

  it("is a team's own, whatever the team is called: Argo CD has an admin by itself", () => {
    const tenants = onHub.hub?.tenants.map((tenant) => ({ ...tenant, team: "admin" })) ?? [];
    const lines = find(render(withHub({ tenants })), "ConfigMap/argocd-rbac-cm").data["policy.csv"];
    expect(lines).toContain("g, acme:payments, role:team-admin\n");
    expect(lines).not.toContain("role:admin");
  });

  it("is a group's by its whole name, with the commas of LDAP", () => {
    const group = 'cn=payments,ou=groups,dc="acme"';
    const tenants = onHub.hub?.tenants.map((tenant) => ({ ...tenant, group })) ?? [];
    const lines = find(render(withHub({ tenants, adminGroups: [group] })), "ConfigMap/argocd-rbac-cm").data[
      "policy.csv"
    ];
    const inCsv = '"cn=payments,ou=groups,dc=""acme"""';
    expect(lines).toContain(`g, ${inCsv}, role:team-payments\n`);
    expect(lines).toContain(`g, ${inCsv}, role:admin\n`);
  });

  it("comes from the provider of identities, without a secret where none is given", () => {
    const sso = { issuer: "https://id.example", clientId: "argocd" };
    expect(setting("oidc.config", withHub({ singleSignOn: sso }))).toMatchObject({
      issuer: "https://id.example",
      clientID: "argocd",
      enablePKCEAuthentication: true,
    });
    const secret = setting("oidc.config", withHub({ singleSignOn: { ...sso, clientSecretName: "sso" } }));
    expect(secret).toMatchObject({ clientSecret: "$sso:clientSecret" });
    expect(secret).not.toHaveProperty("enablePKCEAuthentication");
  });
});

describe("projects", () => {
  it("let nothing be in `default`", () => {
    expect(find(render(), "AppProject/default").spec).toMatchObject({
      sourceRepos: [],
      destinations: [],
      clusterResourceWhitelist: [],
    });
  });

  it("lead from a tenant's repositories to its namespaces, on its clusters", () => {
    const { spec } = find(render(), "AppProject/shop");
    expect(spec.sourceRepos).toEqual(["https://git.example/shop-charts.git", "https://git.example/shop.git"]);
    expect(spec.destinations).toEqual([
      { name: "hub", namespace: "shop" },
      { name: "hub", namespace: "shop-jobs" },
      { name: "east", namespace: "shop" },
      { name: "east", namespace: "shop-jobs" },
    ]);
    expect(find(render(), "AppProject/catalogue").spec.sourceRepos).toEqual([]);
  });

  it("let a team act on Applications of its own project, and not change them", () => {
    const [{ groups, policies }] = find(render(), "AppProject/shop").spec.roles;
    expect(groups).toEqual(["acme:payments"]);
    for (const policy of policies) {
      expect(policy).toMatch(/^p, proj:shop:team, \w+, (get|sync|action\/\S+), shop\/\*, allow$/);
    }
  });

  it("hold exactly the kinds that Argo CD's account may write", () => {
    const { rules } = find(render(onSpoke), "ClusterRole/argocd-manager");
    const written = rules
      .filter(({ verbs }: Rendered) => verbs.includes("create"))
      .flatMap(({ apiGroups: [group], resources }: Rendered) => resources.map((name: string) => `${group}/${name}`));
    const held = find(render(), "AppProject/shop").spec.namespaceResourceWhitelist.map(
      ({ group, kind }: Rendered) => `${group}/${kind.toLowerCase()}${kind === "Ingress" ? "es" : "s"}`,
    );
    expect(written.sort()).toEqual(held.sort());
  });
});

describe("one owner per object", () => {
  const kindsOf = (key: string): string[] =>
    setting(key).flatMap(({ apiGroups: [group], kinds }: Rendered) => kinds.map((kind: string) => `${group}/${kind}`));

  it("is kept by what Argo CD looks at: nothing that bounds a tenant, no Secret, no DaemonSet", () => {
    const [seen, unseen] = [kindsOf("resource.inclusions"), kindsOf("resource.exclusions")];
    expect(unseen).toEqual(expect.arrayContaining(["networking.k8s.io/NetworkPolicy", "/ResourceQuota", "/Namespace"]));
    expect(seen.filter((kind) => unseen.includes(kind))).toEqual([]);
    expect(seen).not.toEqual(expect.arrayContaining(["/Secret"]));
    expect(seen).not.toEqual(expect.arrayContaining(["apps/DaemonSet"]));
    expect(setting("application.resourceTrackingMethod")).toBe("annotation");
  });

  it("is kept by the account: it may write in tenants' namespaces, and nothing in the whole cluster", () => {
    const objects: Rendered[] = render(onSpoke);
    expect(objects.filter(({ kind }) => kind === "ClusterRoleBinding")).toEqual([]);
    const bindings = objects.filter(({ kind }) => kind === "RoleBinding");
    expect(bindings.map(({ metadata }) => metadata.namespace)).toEqual(["shop", "shop-jobs", "catalogue"]);
    const { rules } = find(objects, "ClusterRole/argocd-manager");
    const all = rules.flatMap(({ apiGroups, resources, verbs }: Rendered) => [...apiGroups, ...resources, ...verbs]);
    for (const never of [
      "*",
      "secrets",
      "roles",
      "rolebindings",
      "networkpolicies",
      "impersonate",
      "escalate",
      "bind",
    ]) {
      expect(all).not.toContain(never);
    }
  });

  it("holds on the hub as well: its programs have no rights of their own beyond their namespace", () => {
    const cluster: Rendered[] = render().filter(({ kind }) => kind === "ClusterRoleBinding");
    expect(cluster).toEqual([]);
    expect(setting("cluster.inClusterEnabled")).toBe(false);
  });
});

describe("what is synchronised", () => {
  const set = (args = onHub) => find(render(args), "ApplicationSet/dev");

  it("is one Application per tenant and cluster, from its folder", () => {
    const [{ list }] = set().spec.generators;
    expect(list.elements.map(({ cluster, path, tenant }: Rendered) => [tenant, cluster, path])).toEqual([
      ["shop", "hub", "clusters/hub"],
      ["shop", "east", "clusters/east"],
    ]);
  });

  it("is nothing where no tenant asks for it", () => {
    expect(set(withHub({ tenants: [catalogue] }))).toBeUndefined();
  });

  it("reaches the clusters in the order of the steps, the ones without an Application left out", () => {
    const { rollingSync, type } = set().spec.strategy;
    expect(type).toBe("RollingSync");
    const [key] =
      Object.entries(set().spec.template.metadata.labels).find(([, value]) => value === "{{ .cluster }}") ?? [];
    expect(rollingSync.steps).toEqual(
      ["east", "hub"].map((cluster) => ({ matchExpressions: [{ key, operator: "In", values: [cluster] }] })),
    );
  });

  it("names in its template what every element has", () => {
    const [{ list }] = set().spec.generators;
    const text = JSON.stringify(set().spec.template) + set().spec.templatePatch;
    const used = [...text.matchAll(/\{\{ \.(\w+) \}\}/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(list.elements[0]).sort());
  });

  it("prunes only where a tenant asked for it, and never everything", () => {
    expect(set().spec.template.spec.syncPolicy.automated).toEqual({ allowEmpty: false, selfHeal: true });
    expect(set().spec.templatePatch).toContain("prune: {{ .prune }}");
    const pruned = { ...shop, delivery: { ...(shop.delivery as NonNullable<typeof shop.delivery>), prune: true } };
    const prune = (args = onHub) => set(args).spec.generators[0].list.elements[0].prune;
    expect([prune(), prune(withHub({ tenants: [pruned] }))]).toEqual(["false", "true"]);
    expect(set().spec.syncPolicy).toEqual({ preserveResourcesOnDeletion: true });
  });

  it("leaves a canary's weights and an autoscaler's replicas alone, when it compares and when it synchronises", () => {
    const { ignoreDifferences, syncPolicy } = set().spec.template.spec;
    expect(syncPolicy.syncOptions).toContain("RespectIgnoreDifferences=true");
    expect(ignoreDifferences.map(({ kind }: Rendered) => kind)).toEqual([
      "VirtualService",
      "DestinationRule",
      "Deployment",
      "StatefulSet",
      "Rollout",
    ]);
  });
});
