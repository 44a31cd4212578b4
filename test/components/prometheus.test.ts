import { beforeAll, describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { type PrometheusArgs, prometheusDepartures, prometheusPart } from "../../components/prometheus";
import { ensureUpstream } from "../../components/upstream";
import { expectGolden } from "../support/golden";
import {
  additional,
  alertReceiver,
  find,
  image,
  type Rendered,
  remoteWrite,
  render,
  required,
  server,
  watched,
} from "./prometheus/rendered";

beforeAll(() => ensureUpstream(), 300_000);

describe("Prometheus", () => {
  it("renders the reviewed manifests", () => expectGolden("prometheus", render({ alertReceiver, remoteWrite })));

  it("runs twice, apart, and one at a time goes away by choice", () => {
    const { replicas, topologySpreadConstraints } = server();
    const labels = { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/component": "server" };
    expect(replicas).toBe(2);
    expect(
      topologySpreadConstraints.map(({ labelSelector, topologyKey, whenUnsatisfiable }: Rendered) => [
        topologyKey,
        whenUnsatisfiable,
        labelSelector.matchLabels,
      ]),
    ).toEqual([
      ["topology.kubernetes.io/zone", "DoNotSchedule", labels],
      ["kubernetes.io/hostname", "ScheduleAnyway", labels],
    ]);
    expect(find("PodDisruptionBudget/prometheus").spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: labels },
    });
  });

  it("gives its pods the labels by which Services, budget and flows find them", () => {
    // the operator sets the name itself, and lets nobody else set it
    const { labels } = server().podMetadata;
    expect(labels).toMatchObject({ "app.kubernetes.io/component": "server" });
    expect(labels).not.toHaveProperty("app.kubernetes.io/name");
    const selector = { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/component": "server" };
    expect(find("Service/prometheus").spec.selector).toEqual(selector);
  });

  it("names its pods by a Service that the operator takes: one that selects by the operator's own labels alone", () => {
    const { serviceName } = server();
    expect(serviceName).toBe("prometheus-pods");
    expect(find(`Service/${serviceName}`).spec).toMatchObject({
      clusterIP: "None",
      selector: { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/instance": "prometheus" },
    });
    // what pods are given besides is unknown to the operator when it judges the Service
    expect(Object.keys(find(`Service/${serviceName}`).spec.selector)).not.toContain("app.kubernetes.io/component");
  });

  it("runs as nobody, as its Pod Security Standard wants it", () => {
    expect(server().securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_534,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("keeps samples for a bounded time, and never fills its volume", () => {
    const { retention, retentionSize, storage } = server({ retentionDays: 7, storageGiB: 100 });
    expect(storage.volumeClaimTemplate.spec.resources.requests.storage).toBe("100Gi");
    expect([retention, retentionSize]).toEqual(["7d", `${(100 * 1024 * 8) / 10}MB`]);
  });

  it("says of every series which cluster and environment it is of, and which replica saw it", () => {
    expect(server()).toMatchObject({
      externalLabels: { cluster: "east", environment: "dev" },
      replicaExternalLabelName: "replica",
      prometheusExternalLabelName: "",
    });
  });

  it("looks at monitors and rules of its own namespace only", () => {
    const spec = server();
    expect(spec).toMatchObject({ podMonitorSelector: {}, ruleSelector: {} });
    expect(Object.keys(spec).filter((field) => field.endsWith("NamespaceSelector"))).toEqual([]);
    const made = render().filter(({ kind }) => ["PodMonitor", "PrometheusRule", "Prometheus"].includes(kind));
    expect(new Set(made.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["prometheus"]));
  });

  it("sends samples on by mutual TLS, where there is somebody to take them", () => {
    expect(server().remoteWrite).toBeUndefined();
    expect(server({ remoteWrite }).remoteWrite).toMatchObject([
      {
        url: "https://ingest.dev.internal:19291/api/v1/receive",
        tlsConfig: {
          ca: { secret: { name: "prometheus-tls", key: "ca.crt" } },
          cert: { secret: { name: "prometheus-tls", key: "tls.crt" } },
          keySecret: { name: "prometheus-tls", key: "tls.key" },
          serverName: "ingest.dev.internal",
        },
      },
    ]);
    expect(find("Certificate/prometheus").spec).toMatchObject({
      secretName: "prometheus-tls",
      issuerRef: { name: "platform-ca" },
      usages: expect.arrayContaining(["client auth"]),
    });
  });

  it("sends alerts by mutual TLS: to one address of a load balancer, or to each that a name has", () => {
    expect(additional("alertmanagers.yaml")).toBeUndefined();
    expect(server().additionalAlertManagerConfigs).toBeUndefined();
    const [one] = additional("alertmanagers.yaml", { alertReceiver });
    expect(one).toMatchObject({
      scheme: "https",
      static_configs: [{ targets: ["alertmanager.ingest.dev.internal:9093"] }],
      tls_config: {
        cert_file: "/etc/prometheus/secrets/prometheus-tls/tls.crt",
        server_name: "alertmanager.ingest.dev.internal",
      },
    });
    const [each] = additional("alertmanagers.yaml", { alertReceiver: { ...alertReceiver, everyAddress: true } });
    expect(each.static_configs).toBeUndefined();
    expect(each.dns_sd_configs).toMatchObject([{ names: ["alertmanager.ingest.dev.internal"], type: "A", port: 9093 }]);
    expect(server({ alertReceiver })).toMatchObject({
      secrets: ["prometheus-tls"],
      additionalAlertManagerConfigs: { name: "prometheus-additional", key: "alertmanagers.yaml" },
    });
  });

  it("asks kubelets and kube-apiserver with its own token, and may do no more there", () => {
    const jobs = additional("scrape-configs.yaml");
    expect(jobs.map(({ job_name, metrics_path }: Rendered) => [job_name, metrics_path])).toEqual([
      ["kubelet", "/metrics"],
      ["kubelet-cadvisor", "/metrics/cadvisor"],
      ["apiserver", undefined],
    ]);
    for (const { authorization, scheme, tls_config } of jobs) {
      expect([scheme, authorization.credentials_file]).toEqual([
        "https",
        "/var/run/secrets/kubernetes.io/serviceaccount/token",
      ]);
      expect(tls_config.ca_file).toBe("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    }
    expect(find("ClusterRole/prometheus").rules).toEqual([
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { nonResourceURLs: ["/metrics"], verbs: ["get"] },
    ]);
  });

  it("takes kubelets' own certificates only where it is told to", () => {
    const [kubelet, cadvisor, apiServer] = additional("scrape-configs.yaml", { kubeletCertificates: "unverified" });
    expect([kubelet, cadvisor].map(({ tls_config }) => tls_config)).toEqual(
      Array(2).fill({ insecure_skip_verify: true }),
    );
    expect(apiServer.tls_config.insecure_skip_verify).toBeUndefined();
  });

  it("sees pods only in the namespaces that it scrapes", () => {
    const bindings = render().filter(({ metadata }) => metadata.name === "prometheus-discovery");
    expect(bindings.filter(({ kind }) => kind === "ClusterRoleBinding")).toEqual([]);
    expect(bindings.flatMap(({ kind, metadata }) => (kind === "RoleBinding" ? [metadata.namespace] : []))).toEqual([
      "cart",
      "prometheus",
      "till",
    ]);
  });

  it("has an operator that may touch Secrets and StatefulSets of this namespace only", () => {
    const role = render().find(({ kind, metadata }) => kind === "Role" && metadata.name === "prometheus-operator");
    expect(role?.metadata.namespace).toBe("prometheus");
    const everywhere = find("ClusterRole/prometheus-operator").rules.flatMap(({ resources }: Rendered) => resources);
    expect(everywhere).toEqual(["namespaces", "storageclasses", "events"]);
    const [container] = find("Deployment/prometheus-operator").spec.template.spec.containers;
    expect(container.args).toContain("--namespaces=prometheus");
    expect(container.args).toContain(`--prometheus-config-reloader=${image("reloader")}`);
  });

  it("brings the definitions that are used, small enough to be compared at every preview", () => {
    const definitions = render().filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(definitions.map(({ metadata }) => metadata.name.split(".")[0])).toEqual([
      "podmonitors",
      "probes",
      "prometheuses",
      "prometheusrules",
      "servicemonitors",
    ]);
    expect(JSON.stringify(definitions).length).toBeLessThan(160_000);
  });
});

describe("Prometheus' arguments", () => {
  it.each<[Partial<PrometheusArgs>, string]>([
    [{ replicas: 1 }, "prometheus: replicas is 1, must be a whole number of 2–4"],
    [{ retentionDays: 91 }, "prometheus: retentionDays is 91, must be a whole number of 1–90"],
    [{ storageGiB: 4 }, "prometheus: storageGiB is 4, must be a whole number of 5–4096"],
    [{ version: "v3.13.5" }, 'prometheus: version is "v3.13.5", must be that of the image, such as 3.13.5'],
    [{ cluster: "East" }, 'prometheus: cluster is "East", must be a DNS label'],
    [{ images: { ...required.images, operator: "" } }, "prometheus: images.operator is empty"],
    [
      { size: { cpuMillicores: 500, memoryMiB: 511 } },
      "prometheus: size.memoryMiB is 511, must be a whole number of 512",
    ],
  ])("are refused where they are out of bounds: %j", (args, sentence) => {
    expect(() => render(args)).toThrow(sentence);
  });

  it("are all of it: the part has every object, flow, target, alert and departure", () => {
    const part = prometheusPart(required, watched);
    expect(part.namespaces).toEqual([{ name: "prometheus" }]);
    expect(part.objects.map(({ metadata }: KubeObject) => metadata.name)).toContain("cart-cart-8080");
    expect(part.scrapeTargets?.map(({ port }) => port)).toEqual([9090, 8080, 8080]);
    expect(part.alerts?.length).toBeGreaterThan(5);
    expect(prometheusDepartures(required).map(({ departure, workload }) => `${workload} ${departure}`)).toEqual([
      "prometheus/prometheus-operator apiToken",
      "prometheus/prometheus-operator singleReplica",
      "prometheus/prometheus apiToken",
    ]);
  });
});
