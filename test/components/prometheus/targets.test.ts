import { beforeAll, describe, expect, it } from "@jest/globals";
import { checkFlow, describeFlow } from "../../../components/flow";
import { prometheusFlows } from "../../../components/prometheus";
import { ensureUpstream } from "../../../components/upstream";
import { alert, alertReceiver, find, type Rendered, remoteWrite, render, required, watched } from "./rendered";

beforeAll(() => ensureUpstream(), 300_000);

describe("a target", () => {
  const endpoint = (name: string) => find(`PodMonitor/${name}`).spec.podMetricsEndpoints[0];

  it("becomes a monitor that names its namespace, pods, port and path", () => {
    const { namespaceSelector, podMetricsEndpoints, selector } = find("PodMonitor/cart-cart-8080").spec;
    expect([namespaceSelector.matchNames, selector.matchLabels]).toEqual([
      ["cart"],
      { "app.kubernetes.io/name": "cart" },
    ]);
    expect(podMetricsEndpoints).toMatchObject([{ portNumber: 8080, path: "/metrics", scheme: "http" }]);
    expect(podMetricsEndpoints[0].tlsConfig).toBeUndefined();
  });

  it("with a certificate of the platform's CA is known by it, and shown one", () => {
    expect(endpoint("cart-cart-8443").tlsConfig).toMatchObject({
      serverName: "cart.cart.svc",
      cert: { secret: { name: "prometheus-tls", key: "tls.crt" } },
    });
    expect(endpoint("till-till-8443").tlsConfig).toEqual({ insecureSkipVerify: true });
  });

  it("that tells of other objects keeps their labels and loses its own", () => {
    expect(endpoint("till-till-8443")).toMatchObject({
      honorLabels: true,
      relabelings: [{ action: "labeldrop", regex: "namespace|pod|container|endpoint" }],
    });
    expect(endpoint("cart-cart-8080").honorLabels).toBeUndefined();
  });

  it("may be reached by Prometheus", () => {
    const flows = prometheusFlows({ ...required, remoteWrite, alertReceiver }, watched);
    for (const flow of flows) checkFlow(flow);
    const said = flows.map(describeFlow);
    expect(said).toEqual([
      "prometheus/prometheus-operator-controller → api-server TCP 443, TCP 6443",
      "prometheus/prometheus-server → cart/cart TCP 8080",
      "prometheus/prometheus-server → cart/cart TCP 8443",
      "prometheus/prometheus-server → till/till TCP 8443",
      "prometheus/prometheus-server → prometheus/prometheus-server TCP 9090",
      "prometheus/prometheus-server → prometheus/prometheus-server TCP 8080",
      "prometheus/prometheus-server → prometheus/prometheus-operator-controller TCP 8080",
      "prometheus/prometheus-server → api-server TCP 443, TCP 6443",
      "prometheus/prometheus-server → anywhere TCP 10250",
      "prometheus/prometheus-server → 203.0.113.0/24 TCP 19291",
      "prometheus/prometheus-server → 203.0.113.0/24 TCP 9093",
    ]);
  });
});

describe("an alert", () => {
  it("becomes a rule with its severity and the team that is told", () => {
    expect(find("PrometheusRule/cart").spec.groups).toEqual([
      {
        name: "cart",
        rules: [
          {
            alert: "CartFull",
            expr: "cart_items > 3",
            for: "5m",
            labels: { severity: "warning", team: "platform" },
            annotations: { summary: "Cart {{ $labels.pod }} is full.", description: "Empty it." },
          },
        ],
      },
    ]);
  });

  it("leads to its section of the page of runbooks, where the environment names one", () => {
    const runbookBaseUrl = "https://docs.acme.example/alerts";
    const [{ rules }] = find("PrometheusRule/cart", { runbookBaseUrl }).spec.groups;
    expect(rules[0].annotations.runbook_url).toBe(`${runbookBaseUrl}#cartfull`);
  });

  it("fires always, so that silence tells that alerting is broken", () => {
    const rules: Rendered[] = find("PrometheusRule/prometheus").spec.groups[0].rules;
    expect(rules.find((rule) => rule.alert === "Watchdog")).toMatchObject({
      expr: "vector(1)",
      for: "0m",
      // it calls nobody, and so need not wait
      labels: { severity: "none" },
    });
  });

  it.each([
    [{ name: "Watchdog" }, "prometheus: alert Watchdog is stated by cart as well, must have a name of its own"],
    [{ name: "cart_full" }, "cart: alert cart_full is misspelt, must be CamelCase"],
    [{ for: "soon" }, 'cart: alert CartFull: for is "soon", must be a Prometheus duration such as 10m'],
    [{ expr: " " }, "cart: alert CartFull: expr is empty, must be PromQL"],
  ])("that is wrong is refused: %j", (wrong, sentence) => {
    expect(() => render({}, [{ name: "cart", alerts: [{ ...alert, ...wrong }] }])).toThrow(sentence);
  });
});
