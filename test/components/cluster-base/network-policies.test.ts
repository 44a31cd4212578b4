import { describe, expect, it } from "@jest/globals";
import { type ClusterNetwork, networkPolicies } from "../../../components/cluster-base/network-policies";
import {
  ANYWHERE,
  type Flow,
  isPods,
  type Peer,
  type PodsPeer,
  toApiServer,
  toClusterDns,
} from "../../../components/flow";
import { type KubeObject, keyOf } from "../../../components/kube-object";
import { type Connection, type Endpoint, isReachable } from "../../support/reachability";

const network: ClusterNetwork = { serviceCidrs: ["10.96.0.0/16"], apiServerCidrs: ["172.16.0.0/28"] };
const namespaces = ["cert-manager", "shop", "catalogue"];

const webhook: PodsPeer = {
  namespace: "cert-manager",
  pods: { "app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "webhook" },
};
const cart: PodsPeer = { namespace: "shop", pods: { app: "cart" } };
const scraper: PodsPeer = { namespace: "catalogue", pods: { app: "collector" } };
const declared: Flow[] = [
  {
    from: "control-plane",
    to: webhook,
    ports: [{ port: 10250, protocol: "TCP" }],
    why: "each certificate is asked about",
  },
  toApiServer(webhook, "it reads its own certificate"),
  toClusterDns({ namespace: "shop", pods: "all" }, "names are looked up"),
  { from: { namespace: "shop", pods: "all" }, to: { namespace: "shop", pods: "all" }, ports: "all", why: "one tenant" },
  {
    from: { namespace: "catalogue", pods: "all" },
    to: cart,
    ports: [{ port: 8080, protocol: "TCP" }],
    why: "prices are asked for",
  },
  { from: scraper, to: webhook, ports: [{ port: 9402, protocol: "TCP" }], why: "metrics are scraped" },
  {
    from: cart,
    to: { cidrs: ["198.51.100.0/24"], except: ["198.51.100.128/25"], reason: "the bank is outside" },
    ports: [{ port: 443, protocol: "TCP" }],
    why: "cards are charged",
  },
  {
    from: { cidrs: ["203.0.113.0/24"], reason: "the office is outside" },
    to: scraper,
    ports: [{ port: 3000, protocol: "TCP" }],
    why: "people look at dashboards",
  },
];

const at = (address: string, peer?: PodsPeer): Endpoint => {
  if (!peer) return { address };
  return { address, namespace: peer.namespace, labels: peer.pods === "all" ? {} : peer.pods };
};
const ends = {
  webhook: at("10.244.1.1", webhook),
  cart: at("10.244.1.2", cart),
  till: at("10.244.1.3", { namespace: "shop", pods: { app: "till" } }),
  collector: at("10.244.1.4", scraper),
  books: at("10.244.1.5", { namespace: "catalogue", pods: { app: "books" } }),
  controller: at("10.244.1.6", {
    namespace: "cert-manager",
    pods: { "app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller" },
  }),
  dns: at("10.244.1.7", { namespace: "kube-system", pods: { "k8s-app": "kube-dns" } }),
  proxy: at("10.244.1.8", { namespace: "kube-system", pods: { "k8s-app": "kube-proxy" } }),
  konnectivity: at("10.244.1.9", { namespace: "kube-system", pods: { "k8s-app": "konnectivity-agent" } }),
  stranger: at("10.244.1.10", { namespace: "default", pods: { app: "cart" } }),
  apiServer: at("172.16.0.3"),
  apiServerService: at("10.96.0.1"),
  otherService: at("10.96.0.2"),
  bank: at("198.51.100.7"),
  bankLeftOut: at("198.51.100.200"),
  office: at("203.0.113.5"),
  internet: at("192.0.2.1"),
};
type End = keyof typeof ends;

const reach = (policies: readonly KubeObject[], from: End, to: End, port: number, protocol = "TCP") =>
  isReachable(policies, {}, { from: ends[from], to: ends[to], port, protocol });

describe("network policies", () => {
  const policies = networkPolicies(namespaces, declared, network);

  it.each<[End, End, number, string]>([
    ["apiServer", "webhook", 10250, "TCP"],
    ["webhook", "apiServer", 443, "TCP"],
    ["webhook", "apiServer", 6443, "TCP"],
    ["webhook", "apiServerService", 443, "TCP"],
    ["cart", "dns", 53, "UDP"],
    ["till", "dns", 53, "TCP"],
    ["till", "cart", 1, "TCP"],
    ["cart", "till", 65_535, "UDP"],
    ["books", "cart", 8080, "TCP"],
    ["collector", "cart", 8080, "TCP"],
    ["collector", "webhook", 9402, "TCP"],
    ["cart", "bank", 443, "TCP"],
    ["office", "collector", 3000, "TCP"],
  ])("allow %s → %s %d %s", (from, to, port, protocol) => expect(reach(policies, from, to, port, protocol)).toBe(true));

  it.each<[string, End, End, number, string]>([
    ["another port", "apiServer", "webhook", 9402, "TCP"],
    ["another pod of the namespace", "apiServer", "controller", 10250, "TCP"],
    ["another address", "internet", "webhook", 10250, "TCP"],
    ["no flow to the API server", "controller", "apiServer", 443, "TCP"],
    ["another Service", "webhook", "otherService", 443, "TCP"],
    ["no flow to the resolver", "books", "dns", 53, "UDP"],
    ["another pod of the resolver's namespace", "cart", "proxy", 53, "UDP"],
    ["another port of the resolver", "cart", "dns", 9153, "TCP"],
    ["another pod of the target's namespace", "books", "till", 8080, "TCP"],
    ["the way back", "cart", "books", 8080, "TCP"],
    ["a namespace apart, without a flow inside", "books", "collector", 3000, "TCP"],
    ["the same labels in another namespace", "stranger", "cart", 8080, "TCP"],
    ["another scraper", "books", "webhook", 9402, "TCP"],
    ["an address left out", "cart", "bankLeftOut", 443, "TCP"],
    ["another pod to the bank", "till", "bank", 443, "TCP"],
    ["the internet out", "cart", "internet", 443, "TCP"],
    ["the internet in", "internet", "collector", 3000, "TCP"],
    ["UDP instead of TCP", "office", "collector", 3000, "UDP"],
  ])("forbid %s: %s → %s %d %s", (_, from, to, port, protocol) =>
    expect(reach(policies, from, to, port, protocol)).toBe(false),
  );

  it("leave the namespaces of Kubernetes alone, and deny everything in all others", () => {
    expect(new Set(policies.map(({ metadata }) => metadata.namespace))).toEqual(new Set(namespaces));
    expect(policies.filter(({ metadata }) => metadata.name === "default-deny").map(({ spec }) => spec)).toEqual(
      namespaces.map(() => ({ podSelector: {}, policyTypes: ["Ingress", "Egress"] })),
    );
    for (const from of Object.keys(ends) as End[]) {
      expect(reach(policies, from, "proxy", 10249)).toBe(
        ["dns", "konnectivity", "stranger", "proxy"].includes(from) || ends[from].namespace === undefined,
      );
    }
  });

  it("carry the flows they come from, each with its reason", () =>
    expect(
      policies.find(({ metadata }) => metadata.name === "allow-cert-manager-webhook")?.metadata.annotations,
    ).toEqual({
      "fleetwright.dev/flows": [
        "control-plane → cert-manager/cert-manager-webhook TCP 10250: each certificate is asked about",
        "catalogue/app=collector → cert-manager/cert-manager-webhook TCP 9402: metrics are scraped",
        "cert-manager/cert-manager-webhook → api-server TCP 443, TCP 6443: it reads its own certificate",
      ].join("\n"),
    }));

  it("let konnectivity agents call webhooks where the control plane uses them, and nowhere else", () => {
    const tunnelled = networkPolicies(namespaces, declared, { ...network, konnectivity: true });
    expect(reach(tunnelled, "konnectivity", "webhook", 10250)).toBe(true);
    expect(reach(tunnelled, "proxy", "webhook", 10250)).toBe(false);
    expect(reach(policies, "konnectivity", "webhook", 10250)).toBe(false);
  });

  it("reach anywhere where a flow says so, in both families", () => {
    const open = networkPolicies(
      namespaces,
      [
        {
          from: cart,
          to: { cidrs: ANYWHERE, except: ["10.0.0.0/8"], reason: "mail" },
          ports: [{ port: 25, protocol: "TCP" }],
          why: "mail is sent",
        },
      ],
      network,
    );
    expect(reach(open, "cart", "internet", 25)).toBe(true);
    expect(reach(open, "cart", "apiServerService", 25)).toBe(false);
    const { spec } = open.find(({ metadata }) => metadata.name === "allow-app-cart") as { spec: unknown };
    expect(spec).toMatchObject({
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }, { ipBlock: { cidr: "::/0" } }] }],
    });
    expect((spec as { egress: { to: { ipBlock: object }[] }[] }).egress[0]?.to[1]?.ipBlock).toEqual({ cidr: "::/0" });
  });

  it("say a flow once, however often it is declared", () =>
    expect(networkPolicies(namespaces, [...declared, ...declared], network)).toEqual(policies));

  it("make one object per name", () => {
    const keys = policies.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("allow exactly what is declared: every pair of pods, for 300 generated lists of flows", () => {
    let seed = 7;
    const pick = <T>(from: readonly T[]): T => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return from[Math.floor((seed / 2 ** 31) * from.length)] as T;
    };
    const ports = [80, 443];
    const pods = namespaces.flatMap((namespace, n) =>
      ["a", "b"].flatMap((app, a) =>
        ["x", "y"].map((tier, t) => ({ address: `10.244.${n}.${a * 2 + t + 1}`, namespace, labels: { app, tier } })),
      ),
    );
    const selectors = ["all", { app: "a" }, { app: "b" }, { tier: "x" }, { app: "a", tier: "y" }] as const;
    const covers = (peer: Peer, { labels, namespace }: (typeof pods)[number]) =>
      isPods(peer) &&
      peer.namespace === namespace &&
      (peer.pods === "all" || Object.entries(peer.pods).every(([key, value]) => Reflect.get(labels, key) === value));
    let allowed = 0;
    let judged = 0;
    for (let round = 0; round < 300; round += 1) {
      const flows = Array.from({ length: 1 + (round % 7) }, (): Flow => {
        const end = (): PodsPeer => ({ namespace: pick(namespaces), pods: pick(selectors) });
        return {
          from: end(),
          to: end(),
          ports: pick([[{ port: 80, protocol: "TCP" }], "all"] as const),
          why: "generated",
        };
      });
      const made = networkPolicies(namespaces, flows, network);
      for (const from of pods) {
        for (const to of pods) {
          for (const port of ports) {
            const connection: Connection = { from, to, port, protocol: "TCP" };
            const isDeclared = flows.some(
              (flow) => covers(flow.from, from) && covers(flow.to, to) && (flow.ports === "all" || port === 80),
            );
            if (isReachable(made, {}, connection) !== isDeclared) {
              throw new Error(`${JSON.stringify(connection)} should be ${isDeclared} under ${JSON.stringify(flows)}`);
            }
            judged += 1;
            allowed += isDeclared ? 1 : 0;
          }
        }
      }
    }
    expect(judged).toBe(300 * 12 * 12 * 2);
    // the property says something only where both verdicts occur often
    expect(allowed / judged).toBeGreaterThan(0.05);
    expect(allowed / judged).toBeLessThan(0.95);
  });

  it.each<[string, Flow[], ClusterNetwork?]>([
    [
      'namespace "billing" is not of this cluster, must be one of cert-manager, shop, catalogue',
      [toApiServer({ namespace: "billing", pods: "all" }, "x")],
    ],
    ["neither end lies in a namespace with policies", [toApiServer({ namespace: "kube-system", pods: "all" }, "x")]],
    ["why is empty", [toApiServer(cart, "")]],
    ["network: apiServerCidrs is empty, must name at least one range", declared, { ...network, apiServerCidrs: [] }],
    ["network: serviceCidrs is empty, must name at least one range", declared, { ...network, serviceCidrs: [] }],
    ['network: serviceCidrs has "10.96.0.0", must be a CIDR', declared, { ...network, serviceCidrs: ["10.96.0.0"] }],
    [
      "two selectors would share the policy shop/allow-app-a-b",
      [
        toApiServer({ namespace: "shop", pods: { app: "a.b" } }, "x"),
        toApiServer({ namespace: "shop", pods: { app: "a_b" } }, "x"),
      ],
    ],
  ])("are refused: %s", (sentence, ...[flows, on]) =>
    expect(() => networkPolicies(namespaces, flows, on ?? network)).toThrow(sentence),
  );
});
