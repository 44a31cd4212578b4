/** Prometheus as tests render it. */
import { parse } from "yaml";
import type { Alert } from "../../../components/alert";
import { objectsOf } from "../../../components/kube-object";
import { type PrometheusArgs, PrometheusChart, type Watched } from "../../../components/prometheus";

export const image = (name: string) => `registry.example/${name}:v1@sha256:${"a".repeat(64)}`;
export const required: PrometheusArgs = {
  environment: "dev",
  cluster: "east",
  owner: "platform",
  images: { prometheus: image("prometheus"), operator: image("operator"), reloader: image("reloader") },
  version: "3.13.5",
  issuer: { name: "platform-ca", awaited: true },
};
export const remoteWrite: PrometheusArgs["remoteWrite"] = {
  url: "https://ingest.dev.internal:19291/api/v1/receive",
  serverName: "ingest.dev.internal",
  to: { cidrs: ["203.0.113.0/24"], reason: "a load balancer" },
  ports: [{ port: 19_291, protocol: "TCP" }],
};
export const alertReceiver: PrometheusArgs["alertReceiver"] = {
  host: "alertmanager.ingest.dev.internal",
  port: 9093,
  serverName: "alertmanager.ingest.dev.internal",
  everyAddress: false,
  to: { cidrs: ["203.0.113.0/24"], reason: "a load balancer" },
  ports: [{ port: 9093, protocol: "TCP" }],
};
export const alert: Alert = {
  name: "CartFull",
  expr: "cart_items > 3",
  for: "5m",
  severity: "warning",
  summary: "Cart {{ $labels.pod }} is full.",
  action: "Empty it.",
};
export const watched: readonly Watched[] = [
  {
    name: "cart",
    alerts: [alert],
    scrapeTargets: [
      { namespace: "cart", pods: { "app.kubernetes.io/name": "cart" }, port: 8080, path: "/metrics", scheme: "http" },
      {
        namespace: "cart",
        pods: { "app.kubernetes.io/name": "cart" },
        port: 8443,
        path: "/metrics",
        scheme: "https",
        serverName: "cart.cart.svc",
      },
      {
        namespace: "till",
        pods: { "app.kubernetes.io/name": "till" },
        port: 8443,
        path: "/m",
        scheme: "https",
        tellsOfOthers: true,
      },
    ],
  },
];

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;
export const render = (args: Partial<PrometheusArgs> = {}, others = watched) =>
  objectsOf(new PrometheusChart({ ...required, ...args }, others));
export const find = (wanted: string, args: Partial<PrometheusArgs> = {}): Rendered =>
  render(args).find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);
export const server = (args: Partial<PrometheusArgs> = {}) => find("Prometheus/prometheus", args).spec;
export const additional = (file: string, args: Partial<PrometheusArgs> = {}): Rendered => {
  const data = find("Secret/prometheus-additional", args).data[file];
  return data === undefined ? undefined : parse(Buffer.from(data, "base64").toString());
};
