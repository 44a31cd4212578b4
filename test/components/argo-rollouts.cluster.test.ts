/**
 * The example's canary, brought about by Argo Rollouts' own controller with the rights that are rendered for it, in front of
 * a real API server with simulated pods, and judged by what a real store of metrics answers.
 *
 * Two things are shorter than what is rendered by default, both by the components' own arguments: 5 s at each share instead
 * of 60, and two questions 10 s apart instead of five a minute apart.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { KubeConfig } from "@kubernetes/client-node";
import { CLUSTER_PROMETHEUS } from "../../components/argo-rollouts";
import { canaryStrategy } from "../../components/argo-rollouts/canary";
import { clusterObjects } from "../../components/cluster-parts";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { canaryAnalysis } from "../../components/slo/canary";
import { ensureUpstream } from "../../components/upstream";
import { canaryJudgedBy } from "../../proofs/accept/kubectl-argo-rollouts";
import { installedTools } from "../../sandbox/toolchain/tools";
import { clusterArgs } from "../../stacks/cluster-args";
import { loadEnvironment } from "../../stacks/environment";
import { slosOn } from "../../stacks/slo-args";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
import { describeWhole } from "../support/whole";
import { MetricStore } from "./argo-rollouts/metric-store";
import { RunningController } from "./argo-rollouts/running-controller";
import { Traffic } from "./argo-rollouts/traffic";
import { Weights } from "./argo-rollouts/weights";

jest.setTimeout(300_000);

const programOf = (name: string) => installedTools().find(({ tool }) => tool === name)?.path ?? "";
const controllerProgram = programOf("argo-rollouts");
const thanosProgram = programOf("thanos");

// biome-ignore lint/suspicious/noExplicitAny: an object of the cluster is read as whoever asks for it reads it
type Live = any;

const environment = loadEnvironment("dev", packageRoot());
const [checkout] = slosOn(environment, "hub").filter(({ name }) => name === "checkout");
if (!checkout) throw new Error("the dev environment has an objective checkout");

const PLATFORM = ["Namespace", "PriorityClass", "LimitRange", "ResourceQuota"];
const isDefinition = ({ kind }: KubeObject) => kind === "CustomResourceDefinition";

/** What the hub of the dev environment gets, as far as a canary needs it. */
function rendered(prometheusAddress: string): KubeObject[] {
  const { argoRollouts, ...args } = clusterArgs(environment, "hub", "dev");
  if (!argoRollouts) throw new Error("the dev environment has Argo Rollouts");
  const { analyses = [] } = argoRollouts;
  const all = clusterObjects({
    ...args,
    argoRollouts: {
      ...argoRollouts,
      analyses: analyses.map((analysis) => ({ ...analysis, count: 2, intervalSeconds: 10 })),
      prometheus: { ...CLUSTER_PROMETHEUS, address: prometheusAddress },
    },
  });
  return all
    .filter(({ component, object }) => {
      if (component === "argo-rollouts") return true;
      return (
        (component === "istio" && isDefinition(object)) ||
        (component === "cluster-base" && PLATFORM.includes(object.kind))
      );
    })
    .map(({ object }) => object);
}

/** The example's objects, in another namespace if need be. */
const example = (namespace = "shop"): Live[] =>
  canaryJudgedBy(["slo-checkout"]).map((object: Live) => {
    const strategy = canaryStrategy({
      analyses: ["slo-checkout"],
      virtualService: { name: "checkout", route: "primary" },
      destinationRule: "checkout",
      settleSeconds: 5,
    });
    const spec = object.kind === "Rollout" ? { ...object.spec, strategy } : object.spec;
    return { ...object, metadata: { ...object.metadata, namespace }, spec };
  });

/** The versions of checkout that there are, and how they do. */
const STABLE = "1.4.2";
const GOOD = "1.5.0";
const BAD = "1.6.0"; // one request in two fails, once a quarter of all come to it
const SILENT = "1.7.0"; // nobody calls it
const imageOf = (version: string) => `ghcr.io/acme/checkout:${version}@sha256:${"0123456789abcdef".repeat(4)}`;

const canRun = controllerProgram !== "" && thanosProgram !== "";
(canRun ? describeWhole : describe.skip)("a canary (skipped without argo-rollouts or thanos)", () => {
  let project: TestProject;
  let store: MetricStore | undefined;
  let controller: RunningController | undefined;
  let traffic: Traffic | undefined;
  let weights: Awaited<ReturnType<typeof Weights.follow>> | undefined;

  const log = () => controller?.log ?? [];
  const seen = () => weights?.seen ?? [];
  const read = async (what: string): Promise<Live> =>
    JSON.parse(await project.read("hub", `-n shop get ${what} -o json`));
  const phase = async () => (await read("rollout checkout")).status?.phase;
  const apply = async (objects: readonly object[]) => {
    const { exitCode, text } = await project.kubectl("hub", "apply --server-side -f -", objects);
    if (exitCode !== 0) throw new Error(text);
  };
  /** Asks for another version, as a commit in the tenant's repository would. */
  const deploy = async (version: string) => {
    weights?.forget();
    const patch = { op: "replace", path: "/spec/template/spec/containers/0/image", value: imageOf(version) };
    await project.read("hub", `-n shop patch rollout checkout --type=json -p ${JSON.stringify([patch])}`);
  };
  /** The hash in the names of a version's pods. */
  const hashOf = async (version: string): Promise<string> => {
    const { items } = await read("replicasets");
    const [found] = items.filter(({ spec }: Live) => spec.template.spec.containers[0].image === imageOf(version));
    return found.metadata.labels["rollouts-pod-template-hash"];
  };
  const runsOf = async (version: string): Promise<Live[]> => {
    const hash = await hashOf(version);
    const { items } = await read("analysisruns");
    return items.filter(({ metadata }: Live) => metadata.labels["rollouts-pod-template-hash"] === hash);
  };

  beforeAll(async () => {
    await ensureUpstream();
    project = new TestProject();
    const { kubeconfig } = await project.start("hub");
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    config.setCurrentContext("hub");
    store = await MetricStore.start(thanosProgram, join(project.root, "metrics"));
    const objects = rendered(store.address);
    await apply(objects.filter(isDefinition));
    await project.read("hub", "wait --for=condition=Established crd --all --timeout=30s");
    await apply(objects.filter(({ kind }) => PLATFORM.includes(kind)));
    await apply(objects.filter((object) => !isDefinition(object) && !PLATFORM.includes(object.kind)));
    await project.read("hub", "-n argo-rollouts rollout status deployment argo-rollouts --timeout=60s");
    controller = await RunningController.start(controllerProgram, join(project.root, "controller"), config);
    weights = await Weights.follow(config, "shop", "checkout");
    await apply(example());
    traffic = new Traffic({
      config,
      store,
      namespace: "shop",
      service: "checkout",
      failing: (image) => {
        if (image === imageOf(SILENT)) return undefined;
        return image === imageOf(BAD) && Number(weights?.now?.split("/")[1]) >= 25 ? 0.5 : 0;
      },
    });
    await eventually(phase, "Healthy", 60);
  }, 240_000);

  afterAll(async () => {
    weights?.stop();
    const ended = await Promise.allSettled([controller?.stop(), traffic?.stop()]);
    await store?.stop();
    await project?.dispose();
    expect(ended.filter(({ status }) => status === "rejected")).toEqual([]);
  }, 60_000);

  it("begins with all traffic at the version that there is", async () => {
    expect(seen()).toEqual(["100/0"]);
    const lease = await project.read(
      "hub",
      "-n argo-rollouts get lease argo-rollouts-controller-lock -o jsonpath={.spec.holderIdentity}",
    );
    expect(lease).not.toBe("");
    const { spec } = await read("destinationrule checkout");
    expect(spec.subsets[0].labels).toMatchObject({ "rollouts-pod-template-hash": await hashOf(STABLE) });
    // what it is judged by has answers
    const hash = await hashOf(STABLE);
    const query = canaryAnalysis(checkout).query.replaceAll("{{args.canary-hash}}", hash);
    await eventually(async () => store?.ask(query), 0);
  });

  it("brings a good version to 5, 25, 50 and 100 percent of the traffic, judges it at each, and keeps it", async () => {
    await deploy(GOOD);
    await eventually(phase, "Progressing");
    await eventually(phase, "Healthy", 180);
    await eventually(async () => seen(), ["100/0", "95/5", "75/25", "50/50", "0/100", "100/0"]);
    const hash = await hashOf(GOOD);
    const { status } = await read("rollout checkout");
    expect([status.stableRS, status.abort]).toEqual([hash, undefined]);
    const runs = await runsOf(GOOD);
    expect(runs.map((run) => run.status.phase)).toEqual(Array(4).fill("Successful"));
    for (const run of runs) {
      const [{ measurements, metadata, name }] = run.status.metricResults;
      expect(name).toBe("slo-checkout");
      expect(metadata.ResolvedPrometheusQuery).toBe(
        canaryAnalysis(checkout).query.replaceAll("{{args.canary-hash}}", hash),
      );
      expect(measurements.map(({ value }: Live) => value)).toEqual(["[0]", "[0]"]);
    }
    const { spec } = await read("destinationrule checkout");
    expect(spec.subsets[0].labels).toMatchObject({ "rollouts-pod-template-hash": hash });
  });

  it("takes all traffic back from a version that fails, as soon as it was seen twice", async () => {
    await deploy(BAD);
    await eventually(phase, "Degraded", 120);
    await eventually(async () => seen(), ["100/0", "95/5", "75/25", "100/0"]);
    const { status } = await read("rollout checkout");
    expect(status).toMatchObject({ abort: true, stableRS: await hashOf(GOOD) });
    expect(status.message).toContain("slo-checkout");
    const runs = await runsOf(BAD);
    expect(runs.map((run) => run.status.phase).sort()).toEqual(["Failed", "Successful"]);
    const [failed] = runs.filter((run) => run.status.phase === "Failed");
    const threshold = canaryAnalysis(checkout).threshold;
    for (const { phase: verdict, value } of failed.status.metricResults[0].measurements) {
      expect([verdict, JSON.parse(value)[0] > threshold]).toEqual(["Failed", true]);
    }
    const pods = await read("pods -l app.kubernetes.io/name=checkout");
    const stable = pods.items.filter((pod: Live) => pod.spec.containers[0].image === imageOf(GOOD));
    expect(stable).toHaveLength(4);
  });

  it("holds a version that nobody calls where it is: nothing is proved either way", async () => {
    await deploy(SILENT);
    await eventually(phase, "Paused", 60);
    await eventually(async () => (await runsOf(SILENT)).map((run) => run.status.phase), ["Inconclusive"], 60);
    await eventually(
      async () => (await read("rollout checkout")).status.pauseConditions?.[0]?.reason,
      "InconclusiveAnalysisRun",
    );
    expect(seen()).toEqual(["100/0", "95/5"]);
  });

  it("goes back at once when the version before is asked for again", async () => {
    await deploy(GOOD);
    await eventually(async () => seen(), ["95/5", "100/0"]);
    await eventually(phase, "Healthy");
  });

  it("needs no right that the controller does not have", () => {
    expect(log().length).toBeGreaterThan(50);
    expect(log().filter((line) => /forbidden/i.test(line))).toEqual([]);
  });

  it("begins nowhere but in tenants' namespaces", async () => {
    await apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "elsewhere" } }]);
    await apply(example("elsewhere"));
    const refused = async () => log().some((line) => /forbidden.*cannot .* in the namespace .*elsewhere/.test(line));
    await eventually(refused, true);
    expect(await project.read("hub", "-n elsewhere get replicasets -o name")).toBe("");
  });
});
