import { describe, expect, it } from "@jest/globals";
import { ANYWHERE, checkFlow, describeFlow, type Flow, toApiServer, toClusterDns } from "../../components/flow";

const webhook = {
  namespace: "cert-manager",
  pods: { "app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "webhook" },
};
const flow: Flow = {
  from: "control-plane",
  to: webhook,
  ports: [{ port: 10250, protocol: "TCP" }],
  why: "kube-apiserver asks the webhook about each certificate",
};

describe("a flow", () => {
  it("reads as one line", () =>
    expect([
      describeFlow(flow),
      describeFlow(toApiServer(webhook, "x")),
      describeFlow(toClusterDns({ namespace: "shop", pods: "all" }, "x")),
      describeFlow({ ...flow, from: { cidrs: ANYWHERE, reason: "x" }, ports: "all" }),
      describeFlow({ ...flow, from: { namespace: "shop", pods: { tier: "web" } } }),
    ]).toEqual([
      "control-plane → cert-manager/cert-manager-webhook TCP 10250",
      "cert-manager/cert-manager-webhook → api-server TCP 443, TCP 6443",
      "shop/* → cluster-dns UDP 53, TCP 53",
      "anywhere → cert-manager/cert-manager-webhook all ports",
      "shop/tier=web → cert-manager/cert-manager-webhook TCP 10250",
    ]));

  it.each<[string, Flow]>([
    ["between pods", { ...flow, from: { namespace: "shop", pods: "all" } }],
    ["from the control plane", flow],
    ["to the API server", toApiServer(webhook, "it writes certificates")],
    ["to the resolver", toClusterDns(webhook, "it looks names up")],
    ["from anywhere", { ...flow, from: { cidrs: ANYWHERE, except: ["10.0.0.0/8"], reason: "the public enters here" } }],
  ])("is accepted %s", (_, accepted) => expect(() => checkFlow(accepted)).not.toThrow());

  const line = "flow control-plane → cert-manager/cert-manager-webhook";
  it.each<[string, Flow]>([
    [`${line} TCP 10250: why is empty, must say in one sentence what the flow is for`, { ...flow, why: " " }],
    [`${line} : ports is empty, must name at least one or be "all"`, { ...flow, ports: [] }],
    [`${line} TCP 0: port is 0, must be a whole number of 1–65535`, { ...flow, ports: [{ port: 0, protocol: "TCP" }] }],
    [`${line} TCP 65536: port is 65536, must be`, { ...flow, ports: [{ port: 65_536, protocol: "TCP" }] }],
    ['from.namespace is "Shop", must be a DNS label', { ...flow, from: { namespace: "Shop", pods: "all" } }],
    ['to.pods has no labels, must have one at least or be "all"', { ...flow, to: { namespace: "shop", pods: {} } }],
    ['from.cidrs has "10.0.0.0", must be a CIDR', { ...flow, from: { cidrs: ["10.0.0.0"], reason: "x" } }],
    ['from.cidrs has "10.0.0.0/33", must be a CIDR', { ...flow, from: { cidrs: ["10.0.0.0/33"], reason: "x" } }],
    [
      'from.except has "::/129", must be a CIDR',
      { ...flow, from: { cidrs: ["::/0"], except: ["::/129"], reason: "x" } },
    ],
    ["from.cidrs is empty, must name at least one range", { ...flow, from: { cidrs: [], reason: "x" } }],
    ["from.reason is empty, must say why addresses", { ...flow, from: { cidrs: ANYWHERE, reason: "" } }],
    ["neither end is pods", { ...flow, to: "api-server" }],
    ["from is api-server, must be control-plane", { ...flow, from: "api-server" }],
    ["cluster-dns is only ever asked", { ...flow, from: "cluster-dns" }],
    ["control-plane only ever asks", { ...toApiServer(webhook, "x"), to: "control-plane" }],
  ])("is refused: %s", (sentence, refused) => expect(() => checkFlow(refused)).toThrow(sentence));
});
