import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { type Workload, type WorkloadArgs, workload } from "../../components/workload";
import { expectGolden } from "../support/golden";

const image = `registry.example/shop/cart:1.2.3@sha256:${"a".repeat(64)}`;
const required: WorkloadArgs = {
  namespace: "shop",
  name: "cart",
  component: "api",
  image,
  size: { cpuMillicores: 50, memoryMiB: 64 },
};
const served: WorkloadArgs = {
  ...required,
  ports: [
    { name: "http", port: 8080, servicePort: 80, appProtocol: "http" },
    { name: "metrics", port: 9090 },
  ],
  readiness: { how: { httpGet: "/ready", port: "http" } },
};

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const ofKind = ({ objects }: Workload, ...kinds: string[]): Rendered =>
  objects.find(({ kind }) => kinds.includes(kind));
const pod = (made: Workload) => ofKind(made, "Deployment", "StatefulSet", "DaemonSet").spec.template;

describe("a workload", () => {
  it("renders the reviewed objects from required arguments only", () =>
    expectGolden("workload", workload(required).objects));

  it("renders the reviewed objects of a StatefulSet that uses everything", () =>
    expectGolden(
      "workload-stateful-set",
      workload({
        ...served,
        kind: "StatefulSet",
        objectName: "cart",
        replicas: 3,
        claims: { data: { sizeGiB: 2048, storageClassName: "fast" } },
        volumes: {
          config: { configMap: "cart" },
          keys: { secret: "cart" },
          tmp: { scratchMiB: 128, medium: "memory" },
        },
        mounts: [
          { volume: "data", path: "/data" },
          { volume: "config", path: "/etc/cart/cart.yaml", subPath: "cart.yaml" },
          { volume: "keys", path: "/etc/keys" },
          { volume: "tmp", path: "/tmp" },
        ],
        env: [
          { name: "MODE", value: "prod" },
          { name: "POD", fieldPath: "metadata.name" },
          { name: "GOMEMLIMIT", resource: "limits.memory" },
          { name: "PASSWORD", secret: "cart", key: "password" },
        ],
        command: ["/cart"],
        args: ["serve"],
        liveness: { how: { tcp: "http" }, periodSeconds: 20 },
        startup: { how: { exec: ["/cart", "up"] }, failureThreshold: 30 },
        sidecars: {
          proxy: {
            image,
            size: { cpuMillicores: 2000, memoryMiB: 2048, cpuLimitMillicores: 2500, memoryLimitMiB: 3072 },
          },
        },
        initContainers: { migrate: { image, size: { cpuMillicores: 10, memoryMiB: 16 } } },
        restartsOn: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cart" }, data: { a: "1" } }],
        serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/cart" },
        zoneSpread: "preferred",
        podDepartures: { apiToken: "it elects a leader" },
      }).objects,
    ));

  it("is restricted: no root, no capability, no escalation, no write to its image, default seccomp", () => {
    const { containers, securityContext } = pod(workload(required)).spec;
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(containers[0].securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("mounts a token only where it is asked for, and may then reach the API server", () => {
    const without = workload(required);
    expect(pod(without).spec.automountServiceAccountToken).toBe(false);
    expect(without.flows).toEqual([]);
    const asked = workload({ ...required, podDepartures: { apiToken: "it watches carts" } });
    expect(pod(asked).spec.automountServiceAccountToken).toBe(true);
    expect(ofKind(asked, "ServiceAccount").automountServiceAccountToken).toBe(false);
    expect(asked.flows.map(({ to, why }) => ({ to, why }))).toEqual([{ to: "api-server", why: "it watches carts" }]);
  });

  it("limits memory to what it asks for unless told otherwise, and never throttles by default", () => {
    expect(pod(workload(required)).spec.containers[0].resources).toEqual({
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { memory: "64Mi" },
    });
  });

  it("spreads over zones, and a zone that is lost holds nothing up", () =>
    expect(pod(workload(required)).spec.topologySpreadConstraints[0]).toMatchObject({
      topologyKey: "topology.kubernetes.io/zone",
      maxSkew: 1,
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
      labelSelector: { matchLabels: { "app.kubernetes.io/name": "cart", "app.kubernetes.io/component": "api" } },
    }));

  it("selects by stable labels only, in every object alike", () => {
    const made = workload({ ...served, podLabels: { tier: "web" } });
    const stable = { "app.kubernetes.io/name": "cart", "app.kubernetes.io/component": "api" };
    expect(ofKind(made, "Deployment")).toMatchObject({ spec: { selector: { matchLabels: stable } } });
    expect(ofKind(made, "Service").spec.selector).toEqual(stable);
    expect(ofKind(made, "PodDisruptionBudget").spec.selector).toEqual({
      matchLabels: stable,
    });
    expect(made.pods).toEqual({ namespace: "shop", pods: stable });
    expect(pod(made).metadata.labels).toEqual({ tier: "web", "app.kubernetes.io/part-of": "fleetwright", ...stable });
  });

  it("has a Service for the ports that ask for one, and no other", () => {
    expect(ofKind(workload(required), "Service")).toBeUndefined();
    expect(ofKind(workload(served), "Service").spec.ports).toEqual([
      { name: "http", port: 80, targetPort: "http", protocol: "TCP", appProtocol: "http" },
    ]);
  });

  it("loses one pod at a time by choice, and a single pod is no obstacle to a drain", () => {
    expect(ofKind(workload(required), "PodDisruptionBudget").spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    const single = workload({ ...required, replicas: 1, podDepartures: { singleReplica: "a compactor runs once" } });
    expect(ofKind(single, "PodDisruptionBudget")).toBeUndefined();
    expect(ofKind(workload({ ...required, kind: "DaemonSet" }), "PodDisruptionBudget")).toBeUndefined();
  });

  it("declares its flows by the pods' ports, not the Service's", () => {
    const made = workload({
      ...served,
      receives: [{ from: { namespace: "web", pods: "all" }, ports: ["http"], why: "the shop shows carts" }],
      reaches: [
        { to: { namespace: "db", pods: "all" }, ports: [{ port: 5432, protocol: "TCP" }], why: "carts are kept" },
      ],
    });
    const self = {
      namespace: "shop",
      pods: { "app.kubernetes.io/name": "cart", "app.kubernetes.io/component": "api" },
    };
    expect(made.flows).toEqual([
      {
        from: { namespace: "web", pods: "all" },
        to: self,
        ports: [{ port: 8080, protocol: "TCP" }],
        why: "the shop shows carts",
      },
      {
        from: self,
        to: { namespace: "db", pods: "all" },
        ports: [{ port: 5432, protocol: "TCP" }],
        why: "carts are kept",
      },
    ]);
  });

  it("declares where its metrics are", () =>
    expect(workload({ ...served, scrape: { port: "metrics" } }).scrapeTarget).toEqual({
      namespace: "shop",
      pods: { "app.kubernetes.io/name": "cart", "app.kubernetes.io/component": "api" },
      port: 9090,
      path: "/metrics",
      scheme: "http",
    }));

  it("restarts its pods when its configuration changes and only then", () => {
    const config = (value: string): KubeObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { value },
    });
    const hash = (value: string) =>
      pod(workload({ ...required, restartsOn: [config(value)] })).metadata.annotations["fleetwright.dev/configuration"];
    expect(hash("a")).toBe(hash("a"));
    expect(hash("a")).not.toBe(hash("b"));
  });

  it.each<[string, WorkloadArgs]>([
    ["shop/cart-api: replicas is 1, must be at least 2, or podDepartures.singleReplica", { ...required, replicas: 1 }],
    ["shop/cart-api: replicas is 101, must be a whole number of 1–100", { ...required, replicas: 101 }],
    ["shop/cart-api: replicas is 2, must be absent for a DaemonSet", { ...required, kind: "DaemonSet", replicas: 2 }],
    ["claims are given for a Deployment, must be a StatefulSet", { ...required, claims: { data: { sizeGiB: 1 } } }],
    [
      '"data" stands twice among volumes',
      { ...required, kind: "StatefulSet", claims: { data: { sizeGiB: 1 } }, volumes: { data: { configMap: "c" } } },
    ],
    [
      '"http" stands twice among the ports',
      { ...served, sidecars: { proxy: { ...required, ports: [{ name: "http", port: 8081 }] } } },
    ],
    ['"api" stands twice among its containers', { ...required, initContainers: { api: required } }],
    [
      "shop/cart-api/api: readiness is missing although a Service leads to port http",
      { ...served, readiness: undefined },
    ],
    [
      "size.cpuMillicores is 0, must be a whole number of at least 1",
      { ...required, size: { cpuMillicores: 0, memoryMiB: 64 } },
    ],
    [
      "size.memoryMiB is 3, must be a whole number of at least 4",
      { ...required, size: { cpuMillicores: 1, memoryMiB: 3 } },
    ],
    [
      "size.memoryLimitMiB is 32, must be a whole number of at least 64",
      { ...required, size: { cpuMillicores: 1, memoryMiB: 64, memoryLimitMiB: 32 } },
    ],
    [
      "size.cpuLimitMillicores is 1, must be a whole number of at least 50",
      { ...required, size: { cpuMillicores: 50, memoryMiB: 64, cpuLimitMillicores: 1 } },
    ],
    ["userId is 0, must be a whole number of at least 1", { ...required, userId: 0 }],
    ["port low is 80, must be a whole number of at least 1024", { ...required, ports: [{ name: "low", port: 80 }] }],
    ["port high is 65536, must be at most 65535", { ...required, ports: [{ name: "high", port: 65_536 }] }],
    ['port name is "Web", must be 1–15 lower-case letters', { ...required, ports: [{ name: "Web", port: 8080 }] }],
    [
      'receives names port "web", must be one of its ports: http, metrics',
      { ...served, receives: [{ from: "control-plane", ports: ["web"], why: "x" }] },
    ],
    ['scrape names port "prom", must be one of its ports: none', { ...required, scrape: { port: "prom" } }],
    ['a mount names volume "tmp", must be one of volumes', { ...required, mounts: [{ volume: "tmp", path: "/tmp" }] }],
    [
      'mount path is "tmp", must be absolute',
      { ...required, volumes: { tmp: { scratchMiB: 1 } }, mounts: [{ volume: "tmp", path: "tmp" }] },
    ],
    ['namespace is "Shop", must be a DNS label', { ...required, namespace: "Shop" }],
  ])("is refused: %s", (sentence, args) => expect(() => workload(args)).toThrow(sentence));
});
