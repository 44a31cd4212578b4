import { describe, expect, it } from "@jest/globals";
import { istioFlows, istioPart } from "../../../components/istio";
import { toPeers } from "../../../components/istio/remote-secrets";
import { mesh } from "./mesh";

const peer = (cluster: string, ...apiServerCidrs: string[]) => ({ cluster, network: cluster, apiServerCidrs });
const secrets = (args: Partial<typeof mesh> = {}) => istioPart({ ...mesh, ...args }).secrets ?? [];

describe("remote secrets", () => {
  it("are one for each other cluster, where istiod looks for them, under the peer's name", () => {
    expect(secrets().map(({ keys, labels, name, namespace }) => ({ keys, labels, name, namespace }))).toEqual(
      ["east", "west"].map((cluster) => ({
        namespace: "istio-system",
        name: `istio-remote-secret-${cluster}`,
        keys: { [cluster]: { entry: `fleetwright/dev/istio-remote/${cluster}`, property: "kubeconfig" } },
        labels: { "istio/multiCluster": "true" },
      })),
    );
  });

  it("are none in a mesh of one cluster", () => {
    expect(secrets({ peers: [] })).toEqual([]);
  });

  it("hold nothing, and are issued by nobody but who may", () => {
    expect(new Set(secrets().map(({ origin }) => origin))).toEqual(new Set(["issued"]));
    expect(istioPart(mesh).objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
  });
});

describe("the way to the other clusters' API servers", () => {
  const istiod = { namespace: "istio-system", pods: { app: "istiod" } };

  it("is open to istiod alone, where they listen and nowhere else", () => {
    const flows = istioFlows({
      ...mesh,
      peers: [peer("east", "10.2.0.0/24"), peer("west", "10.1.0.0/24", "10.2.0.0/24")],
    });
    const outside = flows.filter(
      ({ to }) => typeof to === "object" && "cidrs" in to && to.cidrs.includes("10.2.0.0/24"),
    );
    expect(outside).toEqual([
      {
        from: {
          namespace: "istio-system",
          pods: expect.objectContaining({ "app.kubernetes.io/component": "discovery" }),
        },
        to: { cidrs: ["10.1.0.0/24", "10.2.0.0/24"], reason: expect.any(String) },
        ports: [
          { port: 443, protocol: "TCP" },
          { port: 6443, protocol: "TCP" },
        ],
        why: "istiod reads the services and pods of the mesh's other clusters",
      },
    ]);
  });

  it("is closed where nothing is said of them", () => {
    expect(toPeers(istiod, [{}, { apiServerCidrs: [] }])).toEqual([]);
  });

  it("refuses what is no range, naming the peer", () => {
    expect(() => secrets({ peers: [peer("east", "10.2.0.0")] })).toThrow(/istio: peers.east.apiServerCidrs/);
  });
});
