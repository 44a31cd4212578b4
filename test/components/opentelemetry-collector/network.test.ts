import { beforeAll, describe, expect, it } from "@jest/globals";
import { clusterObjects } from "../../../components/cluster-parts";
import type { Labels } from "../../../components/labels";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { clusterArgs } from "../../../stacks/cluster-args";
import { loadEnvironment } from "../../../stacks/environment";
import { type Endpoint, isReachable } from "../../support/reachability";

beforeAll(() => ensureUpstream(), 300_000);

const pod = (address: string, namespace: string, labels: Labels): Endpoint => ({ address, namespace, labels });
const collector = (address: string, namespace: string, component: string) =>
  pod(address, namespace, {
    "app.kubernetes.io/name": "opentelemetry-collector",
    "app.kubernetes.io/component": component,
  });

const ends: Readonly<Record<string, Endpoint>> = {
  cart: pod("10.244.0.1", "shop", { app: "cart" }),
  catalogue: pod("10.244.0.2", "catalogue", { app: "catalogue" }),
  stranger: pod("10.244.0.3", "gatekeeper-system", { app: "stranger" }),
  neighbour: pod("10.244.0.4", "opentelemetry", { app: "neighbour" }),
  agent: collector("10.244.0.5", "opentelemetry-agent", "agent"),
  gateway: collector("10.244.0.6", "opentelemetry", "gateway"),
  sampler: collector("10.244.0.7", "opentelemetry", "sampler"),
};

describe("the way of telemetry through the dev environment", () => {
  it("is open from pods to agents to gateways to samplers, and no other", () => {
    const objects = clusterObjects(clusterArgs(loadEnvironment("dev", packageRoot()), "east", "dev"));
    const of = (kind: string) => objects.map(({ object }) => object).filter((object) => object.kind === kind);
    const namespaces = Object.fromEntries(
      of("Namespace").map(({ metadata: { labels, name } }) => [
        name,
        { ...labels, "kubernetes.io/metadata.name": name },
      ]),
    );
    const open = Object.entries(ends).flatMap(([source, from]) =>
      ["agent", "gateway", "sampler"].flatMap((target) =>
        [4317, 4318, 8888, 13133].flatMap((port) => {
          const to = ends[target] ?? from;
          const connection = { from, to, port, protocol: "TCP" };
          const reached = source !== target && isReachable(of("NetworkPolicy"), namespaces, connection);
          return reached ? [`${source} → ${target} ${port}`] : [];
        }),
      ),
    );
    expect(open).toEqual([
      "cart → agent 4317",
      "cart → agent 4318",
      "catalogue → agent 4317",
      "catalogue → agent 4318",
      "agent → gateway 4317",
      "gateway → sampler 4317",
    ]);
  });
});
