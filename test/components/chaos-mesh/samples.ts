/** One object of each kind on offer, with as many fields as can stand together. */
import type { KubeObject } from "../../../components/kube-object";

const object = (kind: string, spec: object): KubeObject => ({
  apiVersion: "chaos-mesh.org/v1alpha1",
  kind,
  metadata: { name: "sample", namespace: "shop" },
  spec,
});

const chosen = {
  mode: "fixed-percent",
  value: "25",
  selector: {
    namespaces: ["shop"],
    labelSelectors: { app: "cart" },
    expressionSelectors: [{ key: "tier", operator: "In", values: ["web"] }],
    annotationSelectors: { a: "b" },
    fieldSelectors: { "spec.nodeName": "n" },
    nodeSelectors: { "topology.kubernetes.io/zone": "eu-1-a" },
    nodes: ["n"],
    podPhaseSelectors: ["Running"],
    pods: { shop: ["cart-0"] },
  },
};
const bounded = { ...chosen, duration: "5m" };

const pod = { ...chosen, action: "pod-kill", gracePeriod: 5, containerNames: ["web"] };
const check = {
  mode: "Continuous",
  type: "HTTP",
  duration: "60s",
  failureThreshold: 2,
  successThreshold: 1,
  intervalSeconds: 5,
  timeoutSeconds: 2,
  recordsHistoryLimit: 10,
  http: { url: "http://x", method: "GET", headers: { a: ["b"] }, body: "", criteria: { statusCode: "200" } },
};
const flow = {
  entry: "all",
  templates: [
    { name: "all", templateType: "Parallel", deadline: "2m", children: ["kill", "watch", "pause"] },
    { name: "kill", templateType: "PodChaos", deadline: "1m", podChaos: pod },
    { name: "watch", templateType: "StatusCheck", deadline: "1m", statusCheck: check, abortWithStatusCheck: true },
    { name: "pause", templateType: "Suspend", deadline: "1m" },
  ],
};

export const SAMPLES: readonly KubeObject[] = [
  object("PodChaos", { ...bounded, action: "container-kill", containerNames: ["web"], gracePeriod: 1 }),
  object("NetworkChaos", {
    ...bounded,
    action: "netem",
    direction: "both",
    device: "eth0",
    targetDevice: "eth0",
    externalTargets: ["192.0.2.1"],
    target: chosen,
    delay: { latency: "150ms", jitter: "10ms", correlation: "25", reorder: { reorder: "1", gap: 1, correlation: "2" } },
    loss: { loss: "10", correlation: "5" },
    duplicate: { duplicate: "1", correlation: "1" },
    corrupt: { corrupt: "1", correlation: "1" },
    rate: { rate: "1mbps" },
    bandwidth: { rate: "1mbps", limit: 100, buffer: 100, peakrate: 1, minburst: 1 },
  }),
  object("IOChaos", {
    ...bounded,
    action: "mistake",
    volumePath: "/data",
    path: "/data/*",
    delay: "1s",
    errno: 5,
    percent: 50,
    methods: ["READ"],
    containerNames: ["db"],
    mistake: { filling: "zero", maxLength: 1, maxOccurrences: 1 },
    attr: { perm: 72, size: 1, atime: { sec: 1, nsec: 1 } },
  }),
  object("StressChaos", {
    ...bounded,
    stressngStressors: "--cpu 1",
    stressors: {
      cpu: { workers: 1, load: 50, options: ["x"] },
      memory: { workers: 1, size: "10MB", oomScoreAdj: 1, options: ["x"] },
    },
  }),
  object("TimeChaos", { ...bounded, timeOffset: "-10m", clockIds: ["CLOCK_REALTIME"], containerNames: ["web"] }),
  object("DNSChaos", { ...bounded, action: "error", patterns: ["example.com"], containerNames: ["web"] }),
  object("StatusCheck", check),
  object("Workflow", flow),
  object("Schedule", {
    schedule: "0 10 * * 2",
    type: "Workflow",
    concurrencyPolicy: "Forbid",
    historyLimit: 2,
    startingDeadlineSeconds: 60,
    workflow: flow,
  }),
  object("Schedule", { schedule: "@every 5m", type: "PodChaos", podChaos: { ...bounded, action: "pod-failure" } }),
];
