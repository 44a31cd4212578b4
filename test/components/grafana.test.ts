import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { checkFlow } from "../../components/flow";
import type { GrafanaArgs } from "../../components/grafana";
import { DASHBOARDS, dashboardFile } from "../../components/grafana/dashboards";
import { expectGolden } from "../support/golden";
import {
  configurationOf,
  database,
  datasources,
  find,
  ini,
  part,
  podOf,
  type Rendered,
  sources,
} from "./grafana/rendered";

describe("Grafana", () => {
  it("renders the reviewed manifests", () => expectGolden("grafana", part().objects));

  it("renders the reviewed manifests with a database", () =>
    expectGolden("grafana-database", part({ database, rootUrl: "https://grafana.acme.example/" }).objects));

  it("lets nobody in without a name, and nobody make one", () => {
    const { "auth.anonymous": anonymous, public_dashboards: shared, snapshots, users } = ini();
    expect([anonymous?.enabled, shared?.enabled, snapshots?.enabled]).toEqual(["false", "false", "false"]);
    expect(users).toEqual({ allow_sign_up: "false", allow_org_create: "false", auto_assign_org_role: "Viewer" });
  });

  it("sends cookies to itself only, and over a protected way only", () => {
    expect(ini().security).toMatchObject({
      cookie_secure: "true",
      cookie_samesite: "strict",
      content_security_policy: "true",
      allow_embedding: "false",
    });
    const strict = (rootUrl: string | undefined) => ini({ rootUrl }).security?.strict_transport_security;
    expect([strict(undefined), strict("https://grafana.acme.example/")]).toEqual(["false", "true"]);
  });

  it("asks nobody outside for anything", () => {
    const { analytics, news, plugins, security } = ini();
    expect(analytics).toEqual({
      reporting_enabled: "false",
      check_for_updates: "false",
      check_for_plugin_updates: "false",
      feedback_links_enabled: "false",
    });
    expect([news?.news_feed_enabled, security?.disable_gravatar]).toEqual(["false", "true"]);
    expect(plugins).toEqual({
      plugin_admin_enabled: "false",
      preinstall_disabled: "true",
      preinstall_auto_update: "false",
    });
    const outside = part().flows.filter(({ to }) => typeof to === "object" && "cidrs" in to);
    expect(outside).toEqual([]);
  });

  it("reads its password and its key from a Secret that is not its own to make", () => {
    const { admin_password, secret_key } = ini().security ?? {};
    expect([admin_password, secret_key]).toEqual([
      "$__file{/etc/grafana/secrets/admin-password}",
      "$__file{/etc/grafana/secrets/secret-key}",
    ]);
    const { objects } = part({ secretName: "grafana-own" });
    expect(objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
    const secrets = podOf({ secretName: "grafana-own" }).volumes.find(({ name }: Rendered) => name === "secrets");
    expect(secrets.secret.secretName).toBe("grafana-own");
  });

  it("refers to every Secret that it mounts: what is random is generated, what a database brings is brought", () => {
    const { objects, secrets = [] } = part({ database });
    const made = objects.flatMap(({ kind, spec }) => (kind === "Certificate" ? [(spec as Rendered).secretName] : []));
    const mounted = podOf({ database }).volumes.flatMap(({ secret }: Rendered) => secret?.secretName ?? []);
    expect([...made, ...secrets.map(({ name }) => name)].sort()).toEqual(mounted.sort());
    expect(secrets.map(({ keys, name, origin }) => [name, origin, Object.keys(keys)])).toEqual([
      ["grafana-admin", "generated", ["admin-password", "secret-key"]],
      ["grafana-database", "brought", ["password", "ca.crt"]],
    ]);
    expect(secrets[0]?.keys["secret-key"]).toEqual({ entry: "fleetwright/dev/grafana/admin", property: "secret-key" });
  });

  it("has each file where its configuration looks for it", () => {
    const { dashboards, paths } = ini();
    const mounts = podOf().containers[0].volumeMounts;
    const at = (path: string) => mounts.find(({ mountPath }: Rendered) => mountPath === path);
    const variables = podOf().containers[0].env;
    const { value } = variables.find(({ name }: Rendered) => name === "GF_PATHS_CONFIG");
    expect(at(value)).toMatchObject({ name: "configuration", subPath: "grafana.ini" });
    // the image has folders of its own in these variables, which count more than the file
    const said = Object.fromEntries(variables.map(({ name, value: folder }: Rendered) => [name, folder]));
    expect([said.GF_PATHS_PROVISIONING, said.GF_PATHS_DATA]).toEqual([paths?.provisioning, paths?.data]);
    expect(at(`${paths?.provisioning}/datasources/sources.yaml`)).toMatchObject({ subPath: "sources.yaml" });
    expect(at(`${paths?.provisioning}/dashboards/providers.yaml`)).toMatchObject({ subPath: "providers.yaml" });
    const [provider] = parse(configurationOf("providers.yaml")).providers;
    expect(at(provider.options.path)).toMatchObject({ name: "dashboards" });
    const home = dashboards?.default_home_dashboard_path ?? "";
    const files = Object.keys(find(part().objects, "ConfigMap/grafana-dashboards").data);
    expect(files.map((file) => `${provider.options.path}/${file}`)).toContain(home);
    expect(files).toEqual(DASHBOARDS.map(dashboardFile));
    const read = JSON.stringify([ini(), datasources()]).match(/\$__file\{([^}]+)\}/g) ?? [];
    const folders = mounts.map(({ mountPath }: Rendered) => mountPath);
    for (const each of read) expect(folders).toContain(each.slice(8, each.lastIndexOf("/")));
  });

  it("has sources of metrics and logs for the platform and for each tenant, told apart by the store's header", () => {
    const of = (type: string) =>
      datasources()
        .filter((source) => source.type === type)
        .map(({ jsonData, secureJsonData, uid }) => [uid, jsonData.httpHeaderName1, secureJsonData.httpHeaderValue1]);
    expect(of("prometheus")).toEqual([
      ["metrics-platform", "THANOS-TENANT", "platform"],
      ["metrics-shop", "THANOS-TENANT", "shop"],
      ["metrics-catalogue", "THANOS-TENANT", "catalogue"],
    ]);
    expect(of("loki")).toEqual([
      ["logs-platform", "X-Scope-OrgID", "platform"],
      ["logs-shop", "X-Scope-OrgID", "shop"],
      ["logs-catalogue", "X-Scope-OrgID", "catalogue"],
    ]);
  });

  it("has one source of a store that has one tenant, and one of alerts", () => {
    const single = datasources().filter(({ type }) => type === "jaeger" || type === "alertmanager");
    expect(single.map(({ secureJsonData, uid }) => [uid, secureJsonData.httpHeaderValue1])).toEqual([
      ["traces", undefined],
      ["alerts", undefined],
    ]);
    const { traces } = sources;
    const perTenant = datasources({ sources: { traces: { ...traces, tenantHeader: "x-tenant" } as Rendered } });
    expect(perTenant.map(({ uid }) => uid)).toEqual(["traces-platform", "traces-shop", "traces-catalogue"]);
  });

  it("asks the platform's metrics where nothing else is said, and leads only to sources that there are", () => {
    const all = datasources();
    expect(all.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(["metrics-platform"]);
    const uids = all.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    const named = [...JSON.stringify(all).matchAll(/"datasourceUid":"([^"]+)"/g)].map(([, uid]) => uid);
    expect(named.length).toBeGreaterThan(0);
    for (const uid of named) expect(uids).toContain(uid);
    const withoutTraces = datasources({ sources: { logs: sources.logs as Rendered } });
    expect(JSON.stringify(withoutTraces)).not.toContain("datasourceUid");
  });

  it("keeps nothing that is clicked together in the place of a file", () => {
    expect(parse(configurationOf("sources.yaml")).prune).toBe(true);
    expect(datasources().every(({ editable }) => editable === false)).toBe(true);
    const [provider] = parse(configurationOf("providers.yaml")).providers;
    expect([provider.allowUiUpdates, provider.disableDeletion]).toEqual([false, true]);
  });

  it("shows its certificate to stores that ask for one, and knows theirs by the platform's CA", () => {
    const secured = datasources().filter(({ url }) => url.startsWith("https:"));
    expect(secured.map(({ jsonData }) => jsonData.serverName)).toEqual([
      "loki.loki.svc",
      "loki.loki.svc",
      "loki.loki.svc",
      "alertmanager.alertmanager.svc",
    ]);
    for (const { jsonData, secureJsonData } of secured) {
      expect(jsonData).toMatchObject({ tlsAuth: true, tlsAuthWithCACert: true });
      expect(jsonData).not.toHaveProperty("tlsSkipVerify");
      expect(secureJsonData).toMatchObject({
        tlsCACert: "$__file{/etc/grafana/tls/ca.crt}",
        tlsClientCert: "$__file{/etc/grafana/tls/tls.crt}",
        tlsClientKey: "$__file{/etc/grafana/tls/tls.key}",
      });
    }
    const { duration, renewBefore, secretName } = find(part().objects, "Certificate/grafana").spec;
    expect([duration, renewBefore, secretName]).toEqual(["8760h0m0s", "4380h0m0s", "grafana-tls"]);
  });

  it("reaches the stores that there are, and nobody else", () => {
    const { flows } = part();
    for (const flow of flows) expect(() => checkFlow(flow)).not.toThrow();
    expect(flows.map(({ to }) => (to as Rendered).namespace)).toEqual(["thanos", "loki", "jaeger", "alertmanager"]);
    expect(part({ sources: {} }).flows).toEqual([]);
    const gateway = { namespace: "istio-ingress", pods: "all" } as const;
    expect(part({ sources: {}, reachedFrom: [gateway] }).flows).toMatchObject([
      { from: gateway, ports: [{ port: 3000 }] },
    ]);
  });

  it("is one pod with a volume, and says why; or several with a database", () => {
    const single = find(part().objects, "StatefulSet/grafana").spec;
    expect([single.replicas, single.volumeClaimTemplates[0].spec.resources.requests.storage]).toEqual([1, "5Gi"]);
    expect(part().departures).toMatchObject([{ departure: "singleReplica" }]);
    expect(ini().database).toEqual({ type: "sqlite3", path: "grafana.db", wal: "true" });
    const several = part({ database, replicas: 3 });
    expect(find(several.objects, "Deployment/grafana").spec.replicas).toBe(3);
    expect(several.departures).toEqual([]);
    expect(ini({ database }).database).toEqual({
      type: "postgres",
      host: "db.acme.example:5432",
      name: "grafana",
      user: "grafana",
      password: "$__file{/etc/grafana/database/password}",
      ssl_mode: "verify-full",
      ca_cert_path: "/etc/grafana/database/ca.crt",
    });
  });

  it.each([
    ["a second writer of a file", { replicas: 2 }, "replicas is 2, must be absent without a database"],
    ["one pod of several", { database, replicas: 1 }, "replicas is 1, must be a whole number of 2–10"],
    ["a URL in the clear", { rootUrl: "http://grafana.acme.example/" }, 'rootUrl is "http://grafana.acme.example/"'],
    ["a tenant called as the platform", { tenants: ["platform"] }, 'tenants has "platform"'],
    [
      "a store in the clear that shows a name",
      { sources: { logs: { ...sources.logs, url: "http://loki:3100" } } },
      'sources.logs.url is "http://loki:3100", must be https://host:port with serverName',
    ],
    ["no volume", { storageGiB: 0 }, "storageGiB is 0, must be a whole number of 1–1024"],
    [
      "no memory",
      { size: { cpuMillicores: 100, memoryMiB: 128 } },
      "size.memoryMiB is 128, must be a whole number of 256–65536",
    ],
    ["no image", { image: " " }, "image is empty"],
    [
      "a database without a port",
      { database: { ...database, host: "db" } },
      'database.host is "db", must be host:port',
    ],
    ["a database that no name can have", { database: { ...database, name: "a b" } }, 'database.name is "a b"'],
    ["a Secret that no name can have", { database: { ...database, secretName: "A" } }, 'database.secretName is "A"'],
  ] as [string, Partial<GrafanaArgs>, string][])("refuses %s", (_, args, said) => {
    expect(() => part(args)).toThrow(`grafana: ${said}`);
  });
});
