import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { type AlertmanagerArgs, AlertmanagerChart, alertmanagerPart } from "../../components/alertmanager";
import { checkFlow, describeFlow } from "../../components/flow";
import { objectsOf } from "../../components/kube-object";
import { expectGolden } from "../support/golden";

const required: AlertmanagerArgs = {
  environment: "dev",
  image: `registry.example/alertmanager:v0.34.2@sha256:${"a".repeat(64)}`,
  issuer: { name: "platform-ca", awaited: true },
  owner: "platform",
  teams: {
    platform: { receiver: { kind: "pagerduty" } },
    payments: { receiver: { kind: "webhook" }, escalation: { team: "platform", afterMinutes: 30 } },
    search: { receiver: { kind: "slack", channel: "#search" } },
  },
  senders: [{ namespace: "prometheus", pods: { "app.kubernetes.io/name": "prometheus" } }],
  clients: ["prometheus.prometheus.svc"],
};
const ingest = {
  host: "alertmanager.ingest.dev.internal",
  serviceAnnotations: {},
  sourceRanges: [],
  keepsSenders: true,
};

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const render = (args: Partial<AlertmanagerArgs> = {}) => objectsOf(new AlertmanagerChart({ ...required, ...args }));
const find = (wanted: string, args: Partial<AlertmanagerArgs> = {}): Rendered =>
  render(args).find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);
const file = (name: string, args: Partial<AlertmanagerArgs> = {}): Rendered =>
  parse(find("ConfigMap/alertmanager", args).data[name]);
const routing = (args: Partial<AlertmanagerArgs> = {}) => file("alertmanager.yaml", args);
const pod = (args: Partial<AlertmanagerArgs> = {}) => find("StatefulSet/alertmanager", args).spec.template.spec;

describe("Alertmanager", () => {
  it("renders the reviewed manifests", () => expectGolden("alertmanager", render({ ingest, deadMansSwitch: true })));

  it("runs three times, and each knows all by the names of their pods", () => {
    const peers = (args: Partial<AlertmanagerArgs>) =>
      pod(args).containers[0].args.filter((arg: string) => arg.startsWith("--cluster.peer="));
    expect(find("StatefulSet/alertmanager").spec).toMatchObject({ replicas: 3, serviceName: "alertmanager-pods" });
    expect(peers({})).toEqual(
      [0, 1, 2].map((index) => `--cluster.peer=alertmanager-${index}.alertmanager-pods.alertmanager.svc:9094`),
    );
    expect(peers({ replicas: 2 })).toHaveLength(2);
    expect(find("Service/alertmanager-pods").spec.ports).toMatchObject([
      { name: "web", port: 9093 },
      { name: "gossip-tcp", port: 9094, protocol: "TCP" },
      { name: "gossip-udp", port: 9094, protocol: "UDP" },
    ]);
  });

  it("serves whoever shows a certificate made out to one of its clients, and nobody else", () => {
    expect(file("web.yaml").tls_server_config).toEqual({
      cert_file: "/etc/alertmanager-tls/tls.crt",
      key_file: "/etc/alertmanager-tls/tls.key",
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: "/etc/alertmanager-tls/ca.crt",
      client_allowed_sans: ["prometheus.prometheus.svc"],
      min_version: "TLS13",
    });
    expect(pod().containers[0].args).toContain("--web.config.file=/etc/alertmanager/web.yaml");
    expect(alertmanagerPart(required).scrapeTargets).toMatchObject([
      { scheme: "https", serverName: "alertmanager.alertmanager.svc" },
    ]);
  });

  it("is reached from other clusters by a name of its own, each sender keeping to one pod", () => {
    expect(find("Service/alertmanager-ingest")).toBeUndefined();
    const { metadata, spec } = find("Service/alertmanager-ingest", {
      ingest: { ...ingest, serviceAnnotations: { "cloud.example/internal": "true" }, sourceRanges: ["10.0.0.0/8"] },
    });
    expect(metadata.annotations).toEqual({ "cloud.example/internal": "true" });
    expect(spec).toMatchObject({
      type: "LoadBalancer",
      sessionAffinity: "ClientIP",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      ports: [{ port: 9093, targetPort: "web" }],
    });
    expect(find("Certificate/alertmanager", { ingest }).spec.dnsNames).toEqual([
      "alertmanager.alertmanager.svc",
      "alertmanager.ingest.dev.internal",
    ]);
  });

  it("asks no load balancer to keep senders to one pod where the cloud would not make one that does", () => {
    const { spec } = find("Service/alertmanager-ingest", { ingest: { ...ingest, keepsSenders: false } });
    expect(spec).not.toHaveProperty("sessionAffinity");
    expect(spec).not.toHaveProperty("sessionAffinityConfig");
  });

  it("is reached by Prometheus, its own kind and other clusters, and reaches who notifies people", () => {
    const said = (args: AlertmanagerArgs) => {
      const { flows } = alertmanagerPart(args);
      for (const flow of flows) checkFlow(flow);
      return flows.map(describeFlow);
    };
    const server = "alertmanager/alertmanager-server";
    const own = [
      `${server} → ${server} TCP 9094, UDP 9094`,
      `prometheus/prometheus → ${server} TCP 9093`,
      `${server} → anywhere TCP 443`,
    ];
    expect(said(required)).toEqual(own);
    expect(said({ ...required, ingest })).toEqual([...own.slice(0, 2), `anywhere → ${server} TCP 9093`, own[2]]);
    expect(said({ ...required, ingest: { ...ingest, sourceRanges: ["10.0.0.0/8"] } })).toContain(
      `10.0.0.0/8 → ${server} TCP 9093`,
    );
  });

  it("reads addresses and keys from files of a Secret, and starts without", () => {
    const { receivers } = routing({ deadMansSwitch: true });
    const folder = "/etc/alertmanager-receivers";
    expect(receivers).toMatchObject([
      { name: "platform", pagerduty_configs: [{ routing_key_file: `${folder}/platform` }] },
      { name: "dead-mans-switch", webhook_configs: [{ url_file: `${folder}/dead-mans-switch` }] },
      { name: "payments", webhook_configs: [{ url_file: `${folder}/payments` }] },
      { name: "search", slack_configs: [{ api_url_file: `${folder}/search`, channel: "#search" }] },
    ]);
    const { text } = receivers.find(({ name }: Rendered) => name === "search").slack_configs[0];
    expect(text).toContain("{{ with .CommonAnnotations.runbook_url }}<{{ . }}|Runbook>{{ end }}");
    const { volumes } = pod({ receiversSecretName: "elsewhere" });
    expect(volumes.find(({ name }: Rendered) => name === "receivers").secret).toMatchObject({
      secretName: "elsewhere",
      optional: true,
    });
    expect(JSON.stringify(routing())).not.toMatch(/"(url|api_url|routing_key)":/);
  });

  it("has no token and no departure from the safe default", () => {
    expect(pod().automountServiceAccountToken).toBe(false);
    expect(alertmanagerPart(required).departures).toEqual([]);
  });
});

describe("the routing", () => {
  it("tells the owner of whatever is nobody's, or another environment's", () => {
    const { route } = routing();
    expect(route.receiver).toBe("platform");
    expect(route.routes[1]).toEqual({ matchers: ['environment!="dev"'], receiver: "platform" });
  });

  it("tells a team, and of what is critical again each hour", () => {
    const { route } = routing();
    const own = route.routes.find(({ receiver }: Rendered) => receiver === "search");
    expect(own.matchers).toEqual(['team="search"']);
    expect(own.routes).toMatchObject([
      { matchers: ['severity="critical"'], receiver: "search", repeat_interval: "1h" },
    ]);
    expect(route.repeat_interval).toBe("12h");
  });

  it("tells another team of what is critical and lasts, beside the first", () => {
    const { routes } = routing().route;
    const escalated = routes.findIndex(({ group_wait }: Rendered) => group_wait === "30m");
    expect(routes[escalated]).toEqual({
      matchers: ['team="payments"', 'severity="critical"'],
      receiver: "platform",
      group_by: ["..."],
      group_wait: "30m",
      repeat_interval: "4h",
      continue: true,
    });
    const first = routes.findIndex(
      ({ matchers }: Rendered) => matchers.length === 1 && matchers[0] === 'team="payments"',
    );
    expect(first).toBeGreaterThan(escalated);
  });

  it("is silent of what follows from something worse", () => {
    expect(routing().inhibit_rules).toEqual([
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["alertname", "cluster", "namespace"],
      },
      {
        source_matchers: ['alertname=~"ClusterSilent.*"'],
        target_matchers: ['alertname!~"ClusterSilent.*|Watchdog"'],
        equal: ["cluster"],
      },
    ]);
  });

  it("sends what always fires every minute, where somebody waits for it", () => {
    const [watchdog] = routing().route.routes;
    expect(watchdog).toMatchObject({
      matchers: ['alertname="Watchdog"'],
      receiver: "dead-mans-switch",
      repeat_interval: "1m",
    });
    expect(routing().receivers[1]).toEqual({ name: "dead-mans-switch" });
  });

  it("has a receiver for the owner, also where it is no team", () => {
    const { receivers } = routing({ teams: {}, owner: "somebody" });
    expect(receivers).toEqual([{ name: "somebody" }, { name: "dead-mans-switch" }]);
  });
});

describe("Alertmanager's arguments", () => {
  const escalating = (team: string, afterMinutes = 30): Partial<AlertmanagerArgs> => ({
    teams: { a: { receiver: { kind: "none" }, escalation: { team, afterMinutes } }, b: { receiver: { kind: "none" } } },
  });
  it.each<[Partial<AlertmanagerArgs>, string]>([
    [{ image: "" }, "alertmanager: image is empty"],
    [{ owner: "The Owner" }, 'alertmanager: owner is "The Owner", must be a DNS label'],
    [{ replicas: 1 }, "alertmanager: replicas is 1, must be a whole number of 2–7"],
    [{ storageGiB: 0 }, "alertmanager: storageGiB is 0, must be a whole number of 1–100"],
    [{ size: { cpuMillicores: 1, memoryMiB: 63 } }, "alertmanager: size.memoryMiB is 63"],
    [{ clients: [] }, "alertmanager: clients is empty"],
    [{ ingest: { ...ingest, sourceRanges: ["here"] } }, 'alertmanager: ingest.sourceRanges has "here", must be a CIDR'],
    [escalating("a"), 'alertmanager: teams.a.escalation.team is "a", must be another team: b'],
    [escalating("c"), 'alertmanager: teams.a.escalation.team is "c", must be another team: b'],
    [escalating("b", 0), "alertmanager: teams.a.escalation.afterMinutes is 0, must be a whole number of 1–1440"],
    [{ teams: { "dead-mans-switch": { receiver: { kind: "none" } } } }, 'teams has "dead-mans-switch"'],
  ])("are refused where they are out of bounds: %j", (args, sentence) => {
    expect(() => render(args)).toThrow(sentence);
  });
});
