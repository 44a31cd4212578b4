import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { istioDepartures, istioNamespaces, istioScrapeTargets, meshLabels } from "../../components/istio";
import type { IstioArgs } from "../../components/istio/settings";
import type { KubeObject } from "../../components/kube-object";
import { dependencies } from "../../components/order";
import { ensureUpstream, upstreamObjects } from "../../components/upstream";
import { expectGolden } from "../support/golden";
import { containerOf, find, key, mesh, type Rendered, render } from "./istio/mesh";
import { schemaFaults } from "./istio/schema";

beforeAll(() => ensureUpstream(), 300_000);

const meshConfig = (args: Partial<IstioArgs> = {}): Rendered => parse(find(render(args), "ConfigMap/istio").data.mesh);
const webhooks = (objects: readonly KubeObject[]): Rendered[] =>
  objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration"));

describe("istio", () => {
  it("renders the reviewed manifests", () => expectGolden("istio", render()));

  it("renders the reviewed manifests of a mesh of one cluster that reaches a host outside", () =>
    expectGolden("istio-single-cluster", render({ peers: [], egressHosts: ["api.example.com"] })));

  it("makes only objects that Istio's own definitions allow", () => {
    const all = render({
      egressHosts: ["api.example.com"],
      tracing: { service: "otel.telemetry.svc.cluster.local", port: 4317, samplingPercent: 5 },
    });
    const checked = all.filter(({ apiVersion }) => /\.istio\.io\//.test(apiVersion));
    expect(checked.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["AuthorizationPolicy", "DestinationRule", "Gateway", "ServiceEntry", "VirtualService"]),
    );
    expect(checked.flatMap((object) => schemaFaults(object, upstreamObjects("istio")))).toEqual([]);
    const wrong = { ...find(all, "DestinationRule/mesh-default"), spec: { host: 1, subset: [] } };
    expect(schemaFaults(wrong, upstreamObjects("istio"))).toEqual([
      "DestinationRule/mesh-default: spec.host is 1, must be string",
      "DestinationRule/mesh-default: spec.subset is no field",
    ]);
  });

  it("carries Helm's marks on none of its definitions", () => {
    const definitions = render().filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(definitions).toHaveLength(15);
    for (const { metadata } of definitions) {
      expect(metadata.annotations).toBeUndefined();
      expect(Object.keys(metadata.labels ?? {}).sort()).toEqual([
        "app.kubernetes.io/name",
        "app.kubernetes.io/part-of",
      ]);
    }
  });

  it("knows by name which cluster it is, in which mesh, network and trust domain", () => {
    const istiod = containerOf(render(), "Deployment/istiod");
    expect(istiod.env).toContainEqual({ name: "CLUSTER_ID", value: "hub" });
    for (const gateway of ["ingress", "egress", "eastwest"]) {
      const { env } = containerOf(render(), `Deployment/istio-${gateway}gateway`);
      expect(env).toEqual(
        expect.arrayContaining([
          { name: "ISTIO_META_CLUSTER_ID", value: "hub" },
          { name: "ISTIO_META_NETWORK", value: "central" },
          { name: "ISTIO_META_MESH_ID", value: "dev" },
          { name: "TRUST_DOMAIN", value: "dev.mesh.internal" },
        ]),
      );
    }
    expect(meshConfig()).toMatchObject({ trustDomain: "dev.mesh.internal", defaultConfig: { meshId: "dev" } });
    expect(meshConfig({ trustDomain: "acme.example" }).trustDomain).toBe("acme.example");
    expect(istioNamespaces(mesh)[0]).toEqual({
      name: "istio-system",
      labels: { "topology.istio.io/network": "central" },
    });
  });

  it("writes no word into its configuration that Go's YAML takes for a boolean", () =>
    expect(find(render(), "ConfigMap/istio").data.mesh).toContain('ingressControllerMode: "OFF"'));

  it("reaches nothing outside of the mesh that is not named", () =>
    expect(meshConfig().outboundTrafficPolicy).toEqual({ mode: "REGISTRY_ONLY" }));

  it("gives every program two pods at least, more while they are busy, and takes one away at a time", () => {
    const objects = render({ replicas: { min: 3, max: 7 } });
    const scaled = objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler") as Rendered[];
    expect(scaled.map(({ metadata, spec }) => [metadata.name, spec.minReplicas, spec.maxReplicas])).toEqual([
      ["istiod", 3, 7],
      ["istio-ingressgateway", 2, 5],
      ["istio-egressgateway", 2, 5],
      ["istio-eastwestgateway", 2, 5],
    ]);
    for (const { metadata } of scaled) {
      // a number of its own would undo what the autoscaler decided
      expect(find(objects, `Deployment/${metadata.name}`).spec).not.toHaveProperty("replicas");
      expect(find(objects, `PodDisruptionBudget/${metadata.name}`).spec.maxUnavailable).toBe(1);
    }
  });

  it("shows no profile to anyone: not of istiod, not of a proxy, and no program's to the world", () => {
    const objects = render();
    expect(containerOf(objects, "Deployment/istiod").args).toContain("--profile=false");
    for (const gateway of ["ingress", "egress", "eastwest"]) {
      expect(containerOf(objects, `Deployment/istio-${gateway}gateway`).args).toContain("--profiling=false");
    }
    const { templates } = parse(find(objects, "ConfigMap/istio-sidecar-injector").data.config);
    expect(parse(templates.sidecar).spec.initContainers[1].args).toContain("--profiling=false");
    expect(parse(templates.gateway).spec.containers[0].args).toContain("--profiling=false");
    // whichever way its path is spelt
    expect(meshConfig().pathNormalization).toEqual({ normalization: "DECODE_AND_MERGE_SLASHES" });
    const [rule] = find(objects, "AuthorizationPolicy/allow-clients").spec.rules;
    expect(rule.to[0].operation.notPaths).toEqual(["/debug/pprof", "/debug/pprof/*"]);
  });

  it.each(["default", "canary"])(
    "starts istiod %s after its configuration, which it would not look for later",
    (revision) => {
      const objects = render({ revision });
      const edges = dependencies(objects.map((object) => ({ component: "istio", object })));
      const suffix = revision === "default" ? "" : `-${revision}`;
      const first = [...(edges.get(`apps/Deployment/istio-system/istiod${suffix}`) ?? [])];
      expect(first).toContain(`/ConfigMap/istio-system/istio${suffix}`);
      expect(first).toContain(`/ConfigMap/istio-system/istio-sidecar-injector${suffix}`);
      const mounts = containerOf(objects, `Deployment/istiod${suffix}`).volumeMounts;
      expect(mounts).toContainEqual({ name: "mesh", mountPath: "/etc/istio/config", readOnly: true });
      expect(mounts).toContainEqual({ name: "injection", mountPath: "/var/lib/istio/inject", readOnly: true });
    },
  );

  it("speaks with proxies by TLS only", () => {
    const { args } = containerOf(render(), "Deployment/istiod");
    expect(args).toContain("--grpcAddr=localhost:15010");
    expect(find(render(), "Service/istiod").spec.ports.map(({ port }: Rendered) => port)).toEqual([15_012, 443]);
  });

  it("scrapes istiod, the node agent and each gateway", () =>
    expect(istioScrapeTargets(mesh).map(({ namespace, path, port }) => `${namespace} ${port}${path}`)).toEqual([
      "istio-system 15014/metrics",
      "istio-cni 15014/metrics",
      "istio-ingress 15020/stats/prometheus",
      "istio-egress 15020/stats/prometheus",
      "istio-eastwest 15020/stats/prometheus",
    ]));

  it("trusts no pod but the node agent's", () => {
    const trusted = istioNamespaces(mesh).filter(({ podSecurity }) => podSecurity !== undefined);
    expect(trusted.map(({ name }) => name)).toEqual(["istio-cni"]);
    const departures = istioDepartures(mesh).map(({ departure, workload }) => `${workload} ${departure}`);
    expect(departures.filter((each) => !each.startsWith("istio-cni/"))).toEqual(["istio-system/istiod apiToken"]);
    expect(departures).toContain("istio-cni/istio-cni-node hostPath /opt/cni/bin");
  });

  it("names objects of another revision after it, and namespaces' pods join that one", () => {
    const objects = render({ revision: "canary" });
    const names = objects.map(key);
    expect(names).toEqual(
      expect.arrayContaining([
        "Deployment/istiod-canary",
        "Service/istiod-canary",
        "ConfigMap/istio-canary",
        "ConfigMap/istio-sidecar-injector-canary",
        "MutatingWebhookConfiguration/istio-sidecar-injector-canary",
        "ValidatingWebhookConfiguration/istio-validator-canary-istio-system",
        "ClusterRole/istiod-clusterrole-canary-istio-system",
      ]),
    );
    expect(parse(find(objects, "ConfigMap/istio-canary").data.mesh).defaultConfig.discoveryAddress).toBe(
      "istiod-canary.istio-system.svc:15012",
    );
    expect(meshLabels({ ...mesh, revision: "canary" })).toEqual({ "istio.io/rev": "canary" });
    for (const { metadata, webhooks: hooks } of webhooks(objects)) {
      expect(metadata.labels["istio.io/rev"]).toBe("canary");
      expect(hooks[0].clientConfig.service.name).toBe("istiod-canary");
    }
    const [selector] = [find(objects, "Deployment/istiod-canary").spec.selector.matchLabels];
    expect(selector).not.toEqual(find(render(), "Deployment/istiod").spec.selector.matchLabels);
  });

  it("has no webhook, and all else, where istiod does not run", () => {
    const without = render({ withoutController: true });
    expect(webhooks(without)).toEqual([]);
    const others = render().filter(({ kind }) => !kind.endsWith("WebhookConfiguration"));
    expect(without.map(key)).toEqual(others.map(key));
  });
});

describe("istio refuses", () => {
  it.each<[string, Partial<IstioArgs>, string]>([
    [
      "one istiod",
      { replicas: { min: 1, max: 3 } },
      "istio: replicas.min is 1, must be a whole number of 2–20: one must be left when a node is drained",
    ],
    [
      "fewer at most than at least",
      { replicas: { min: 4, max: 3 } },
      "istio: replicas.max is 3, must be a whole number from min, 4, to 20",
    ],
    [
      "a crowd of gateways",
      { gateways: { ingress: { replicas: { min: 2, max: 21 } } } },
      "istio: gateways.ingress.replicas.max is 21, must be a whole number from min, 2, to 20",
    ],
    ["a cluster that is no name", { cluster: "Hub" }, 'istio: cluster is "Hub", must be a DNS label'],
    ["a network that is no name", { network: "a b" }, 'istio: network is "a b", must be a DNS label'],
    ["a revision that is no name", { revision: "1.30" }, 'istio: revision is "1.30", must be a DNS label'],
    ["a revision too long for names", { revision: "r".repeat(41) }, "must be at most 40 characters"],
    [
      "itself as its peer",
      { peers: [{ cluster: "hub", network: "west" }] },
      'istio: peers has "hub", which is this cluster itself, must be the others only',
    ],
    [
      "a peer's network that is no name",
      { peers: [{ cluster: "east", network: "" }] },
      'istio: peers.east.network is ""',
    ],
    [
      "an empty image",
      { images: { ...mesh.images, proxy: " " } },
      "istio: images.proxy is empty, must be registry/repository:tag@sha256:digest",
    ],
    [
      "a trust domain of one label",
      { trustDomain: "mesh" },
      'istio: trustDomain has "mesh", must be a DNS name of two labels or more',
    ],
    ["any host", { egressHosts: ["*.example.com"] }, 'istio: egressHosts has "*.example.com", must be a DNS name'],
    [
      "a host too long for names",
      { egressHosts: [`${"h".repeat(60)}.com`] },
      `istio: egressHosts has "${"h".repeat(60)}.com", must be at most 63 characters`,
    ],
    [
      "hosts that would share a name",
      { egressHosts: ["a-b.example.com", "a.b.example.com"] },
      'istio: egressHosts has "a.b.example.com" and "a-b.example.com"',
    ],
    [
      "a folder that is nowhere",
      { pluginFolder: "cni/bin" },
      'istio: pluginFolder is "cni/bin", must be an absolute path',
    ],
    [
      "a range that is none",
      { gateways: { ingress: { sourceRanges: ["10.0.0.1"] } } },
      'istio: gateways.ingress.sourceRanges has "10.0.0.1", must be a CIDR',
    ],
    [
      "clients of the egress gateway outside",
      { gateways: { egress: { sourceRanges: ["10.0.0.0/8"] } } },
      "istio: gateways.egress.sourceRanges is given, must be absent",
    ],
    [
      "spans to a place that is no Service",
      { tracing: { service: "otel", port: 4317, samplingPercent: 1 } },
      'istio: tracing.service is "otel", must be <service>.<namespace>.svc.cluster.local',
    ],
    [
      "more spans than requests",
      { tracing: { service: "otel.telemetry.svc.cluster.local", port: 4317, samplingPercent: 101 } },
      "istio: tracing.samplingPercent is 101, must be a number of 0–100",
    ],
    [
      "spans to no port",
      { tracing: { service: "otel.telemetry.svc.cluster.local", port: 0, samplingPercent: 1 } },
      "istio: tracing.port is 0, must be a whole number of 1–65535",
    ],
  ])("%s", (_, args, message) => expect(() => render(args)).toThrow(message));
});
