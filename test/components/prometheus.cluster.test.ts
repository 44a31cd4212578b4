/**
 * What prometheus-operator makes of a spoke's monitors and rules: the real operator, with the rendered arguments and rights,
 * at a real API server that holds what the dev environment renders. What it generates is read as Prometheus will read it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { V1Secret } from "@kubernetes/client-node";
import { execa } from "execa";
import { parse } from "yaml";
import { clusterParts } from "../../components/cluster-parts";
import { PROMETHEUS_ALERTS } from "../../components/prometheus/alerts";
import { ensureUpstream } from "../../components/upstream";
import { installedTools } from "../../sandbox/toolchain/tools";
import { eventually } from "../support/eventually";
import { MONITORING, NAMESPACE, OperatedSpoke, SPOKE, spokeArgs } from "./prometheus/operated-spoke";
import { askedTarget, type ScrapeJob, statedTarget, tlsOf } from "./prometheus/scrape-jobs";

jest.setTimeout(600_000);

const pathOf = (name: string) => installedTools().find(({ tool }) => tool === name)?.path ?? "";
const operatorProgram = pathOf("prometheus-operator");
const promtool = pathOf("promtool");
const canRun = operatorProgram !== "" && promtool !== "" && spawnSync("openssl", ["version"]).status === 0;

/** The generated configuration, as far as it is judged. */
interface Configuration {
  readonly global: { readonly external_labels: object };
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly ScrapeJob[];
  readonly alerting: {
    readonly alert_relabel_configs: readonly object[];
    readonly alertmanagers: readonly (ScrapeJob & { readonly static_configs: readonly object[] })[];
  };
  readonly remote_write: readonly (Pick<ScrapeJob, "tls_config"> & {
    readonly url: string;
    readonly write_relabel_configs?: readonly object[];
  })[];
}

(canRun ? describe : describe.skip)("prometheus-operator (skipped without it, promtool or openssl)", () => {
  let spoke: OperatedSpoke;
  let pods: Awaited<ReturnType<OperatedSpoke["pods"]>>;
  /** The generated configuration, as it stands in its Secret. */
  let text: string;
  let configuration: Configuration;

  beforeAll(async () => {
    await ensureUpstream();
    spoke = new OperatedSpoke();
    await spoke.start(operatorProgram);
    pods = await spoke.pods();
    const { data } = await spoke.read<V1Secret>("secret prometheus-prometheus");
    text = gunzipSync(Buffer.from(data?.["prometheus.yaml.gz"] ?? "", "base64")).toString();
    configuration = parse(text);
  });

  afterAll(() => spoke?.stop(), 60_000);

  it("takes every monitor and every rule, and says so", async () => {
    for (const kind of ["PodMonitor", "ServiceMonitor", "PrometheusRule"]) {
      expect([kind, await spoke.told(kind, "selected")]).toEqual([kind, spoke.ofKind(kind).length]);
      expect([kind, await spoke.told(kind, "rejected")]).toEqual([kind, 0]);
    }
    expect(spoke.ofKind("PodMonitor").length).toBeGreaterThan(20);
    expect(spoke.ofKind("PrometheusRule").length).toBeGreaterThan(10);
    expect(await spoke.reasons()).not.toContain("InvalidConfiguration");
    expect(spoke.operator.log().filter((line) => /level=error|skipping/.test(line))).toEqual([]);
  });

  it("needs no right that it does not have", () => {
    expect(spoke.operator.log().filter((line) => /forbidden|missing permission/i.test(line))).toEqual([]);
  });

  it("makes a configuration that promtool accepts, whose rules, certificates and tokens are where the pods mount them", async () => {
    const folder = join(spoke.project.root, "pod");
    const here = (path: string) => join(folder, path);
    for (const [path, content] of pods.files) {
      mkdirSync(dirname(here(path)), { recursive: true });
      writeFileSync(here(path), content);
    }
    // as the program beside Prometheus fills it in
    const moved = text.replaceAll("$(POD_NAME)", "prometheus-prometheus-0").replaceAll(PODS_PATH, `$1${folder}$2`);
    writeFileSync(here("prometheus.yaml"), moved);
    const check = ["check", "config", "--lint=all", "--lint-fatal", here("prometheus.yaml")];
    const { all, failed } = await execa(promtool, check, { all: true, reject: false });
    expect([failed, failed ? all : ""]).toEqual([false, ""]);

    const rules = spoke.ofKind("PrometheusRule").map(({ metadata: { name } }) => name);
    const found = [...pods.files.keys()].filter((path) => path.startsWith("/etc/prometheus/rules/"));
    expect(rules.filter((name) => !found.some((path) => path.includes(`/${NAMESPACE}-${name}-`)))).toEqual([]);
    expect(all.match(/SUCCESS: \d+ rules found/g)).toHaveLength(rules.length);

    const named = [...text.matchAll(/_file: (\/\S+)/g)].map(([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((path) => !existsSync(here(path)))).toEqual([]);
  });

  it("asks every target that a component states, once, as it is stated, and nobody else", () => {
    const stated = clusterParts(spokeArgs()).flatMap(({ scrapeTargets = [] }) => scrapeTargets);
    const asked = configuration.scrape_configs.filter(({ job_name }) => !PLAIN.includes(job_name));
    const inOrder = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
    expect(inOrder(asked.map(askedTarget))).toEqual(inOrder(stated.map(statedTarget)));
    expect(configuration.global).toMatchObject({ sample_limit: 100_000, label_value_length_limit: 2048 });
    expect(configuration.scrape_configs.map(({ job_name }) => job_name)).toEqual(expect.arrayContaining(PLAIN));
  });

  it("lets Prometheus find what it asks: its own rights reach every namespace that a job looks into", async () => {
    const looked = new Set(
      configuration.scrape_configs.flatMap(({ kubernetes_sd_configs = [] }) =>
        kubernetes_sd_configs.flatMap(({ namespaces, role }) =>
          (namespaces?.names ?? [""]).map((namespace) => `${role} ${namespace}`),
        ),
      ),
    );
    const review = (kind: string, namespace: string, verb: string) => ({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: `system:serviceaccount:${NAMESPACE}:prometheus`,
        resourceAttributes: { ...RESOURCES[kind], namespace, verb },
      },
    });
    const asked = [...looked].flatMap((one) => {
      const [role = "", namespace = ""] = one.split(" ");
      return ["list", "watch"].map((verb) => ({ question: `${verb} ${one}`, object: review(role, namespace, verb) }));
    });
    const nobody = { question: "list pod default", object: review("secret", NAMESPACE, "list") };
    const { text: answered } = await spoke.project.kubectl(
      SPOKE,
      "create -f - -o jsonpath={.status.allowed}{'\\n'}",
      [...asked, nobody].map(({ object }) => object),
    );
    const allowed = answered.trim().split("\n");
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((_, index) => allowed[index] !== "true").map(({ question }) => question)).toEqual([]);
    expect(allowed.at(-1)).not.toBe("true"); // it is not that everybody may do everything
  });

  it("sends alerts to the hub's Alertmanagers, alike from both replicas", () => {
    const { alertReceiver } = spokeArgs().prometheus ?? {};
    const { alert_relabel_configs, alertmanagers } = configuration.alerting;
    expect(alertmanagers).toMatchObject([
      { scheme: "https", static_configs: [{ targets: [`${alertReceiver?.host}:${alertReceiver?.port}`] }] },
    ]);
    expect(alertmanagers.map(({ tls_config }) => tls_config && tlsOf(tls_config))).toEqual([
      `mutual, ${alertReceiver?.serverName}`,
    ]);
    expect(alertReceiver?.host).toMatch(/./);
    expect(alert_relabel_configs).toEqual([{ action: "labeldrop", regex: "replica" }]);
  });

  it("sends every sample to the hub's Thanos, marked by cluster, environment and replica", () => {
    const { remoteWrite } = spokeArgs().prometheus ?? {};
    const [thanos, ...others] = configuration.remote_write;
    expect(others).toEqual([]);
    expect(thanos?.url).toMatch(/^https:\/\/.+:19291\/api\/v1\/receive$/);
    expect(thanos?.url).toBe(remoteWrite?.url);
    expect(thanos?.tls_config && tlsOf(thanos.tls_config)).toBe(`mutual, ${remoteWrite?.serverName}`);
    expect(thanos?.write_relabel_configs).toBeUndefined();
    expect(configuration.global.external_labels).toEqual({
      cluster: SPOKE,
      environment: "dev",
      replica: "$(POD_NAME)",
    });
  });

  it("makes pods that the Services, the budget and the flows of Prometheus find", async () => {
    const labels = pods.template.metadata?.labels ?? {};
    expect(labels).toMatchObject({ "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/component": "server" });
    expect(pods.set.spec).toMatchObject({ serviceName: "prometheus-pods", replicas: 2 });
    const addresses = async (service: string) => {
      const slices = `endpointslices -l kubernetes.io/service-name=${service}`;
      const { items } = await spoke.read<{ items: { endpoints: { addresses: string[] }[] | null }[] }>(slices);
      return items.flatMap(({ endpoints }) => (endpoints ?? []).flatMap((endpoint) => endpoint.addresses)).length;
    };
    for (const service of ["prometheus", "prometheus-pods"]) await eventually(() => addresses(service), 2);
    const budget = await spoke.read<{ status: { expectedPods: number } }>("poddisruptionbudget prometheus");
    expect(budget.status.expectedPods).toBe(2);
    const ports = pods.template.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
    expect(ports.map(({ containerPort, name }) => [name, containerPort])).toEqual([
      ["web", 9090],
      ["reloader-web", 8080],
    ]);
  });

  it("tells of itself by the names that alerts ask for", async () => {
    const metrics = await spoke.operator.metrics();
    const wanted = PROMETHEUS_ALERTS.flatMap(({ expr }) => expr.match(/prometheus_operator_\w+/g) ?? []);
    expect(wanted.length).toBeGreaterThan(1);
    expect(wanted.filter((name) => !new RegExp(`^${name}[{ ]`, "m").test(metrics))).toEqual([]);
  });

  it("says which monitor and which rule it does not take", async () => {
    const metadata = { name: "broken", namespace: NAMESPACE };
    const apiVersion = `${MONITORING}/v1`;
    const relabelings = [{ sourceLabels: ["pod"], regex: "(", targetLabel: "pod", action: "replace" }];
    const podMetricsEndpoints = [{ portNumber: 8080, relabelings }];
    const rules = [{ alert: "Broken", expr: "sum by (pod cart_items" }];
    await spoke.apply([
      { apiVersion, kind: "PodMonitor", metadata, spec: { selector: {}, podMetricsEndpoints } },
      { apiVersion, kind: "PrometheusRule", metadata, spec: { groups: [{ name: "broken", rules }] } },
    ]);
    for (const kind of ["PodMonitor", "PrometheusRule"]) await eventually(() => spoke.told(kind, "rejected"), 1);
    const refusals = async () => (await spoke.reasons()).filter((reason) => reason === "InvalidConfiguration").length;
    await eventually(async () => (await refusals()) >= 2, true);
    expect(spoke.operator.log().filter((line) => line.includes("skipping")).length).toBeGreaterThanOrEqual(2);
  });
});

/** Jobs that no monitor stands for. */
const PLAIN = ["kubelet", "kubelet-cadvisor", "apiserver"];

/** A path of the pod in YAML, quoted or not. */
const PODS_PATH = /([ "'])(\/(?:etc\/prometheus|var\/run\/secrets)\/)/g;

/** What a role of service discovery lists. */
const RESOURCES: Readonly<Record<string, object>> = {
  pod: { resource: "pods" },
  node: { resource: "nodes" },
  endpointslice: { group: "discovery.k8s.io", resource: "endpointslices" },
  secret: { resource: "secrets" },
};
