/**
 * What the rules cost where they judge: the pack's start, one workload by the whole catalogue, and a request to an API
 * server whose admission they guard, beside the same request without them. All by the settings of the dev environment.
 */
import { packageRoot } from "../../components/package-root";
import { catalogue } from "../../policies/engine/catalogue";
import { judge } from "../../policies/engine/judge";
import { dayOf } from "../../policies/exemption";
import { type RuleSettings, settingsOn } from "../../policies/parameters";
import { clusterIdentifier, loadEnvironment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { AdmissionCluster } from "../conformance/admission-cluster";
import { PreviewLane } from "../conformance/preview-lane";
import type { Setting } from "../conformance/question";
import { createdPod, deployment } from "./four-containers";
import type { Schedule } from "./schedule";
import { median, percentile } from "./statistics";

export interface PolicyCost {
  /** Of the catalogue, but for those that are off in the dev environment. */
  readonly rules: number;
  /** From the start of the pack's process until it takes requests; median. */
  readonly packStartSeconds: number;
  /** One Deployment of four containers by every rule, within the pack's process. */
  readonly judgeMilliseconds: Latency;
  /** A request that creates a Pod of four containers, by dry run. */
  readonly admissionMilliseconds: AdmissionCost;
}

export interface AdmissionCost {
  /** No webhook is configured. */
  readonly withoutGatekeeper: Latency;
  /** Gatekeeper's webhook is asked, and has no constraint. */
  readonly withoutRules: Latency;
  /** Gatekeeper's webhook is asked, and has the constraints of the dev environment. */
  readonly withRules: Latency;
}

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const CLUSTER = "hub";
/** Starts of the pack. */
const STARTS = 5;
/** Measured, after as many that warm up: a percentile of 99 rests on its ten largest. */
const REQUESTS = 1000;
/** On two idle cores. */
const SECONDS = { start: 4, judge: 4, cluster: 25, guard: 40, requests: 15 } as const;

export const POLICY_COST_EXPECTED_SECONDS =
  SECONDS.start + SECONDS.judge + SECONDS.cluster + SECONDS.guard + 3 * SECONDS.requests;

export async function policyCost(schedule: Schedule): Promise<PolicyCost> {
  const settings = settingsOfDev();
  const rules = catalogue().rules.filter(({ id }) => settings.get(id)?.level !== "off");
  const step = <T>(name: string, seconds: number, work: () => Promise<T>, outcome: (result: T) => string) =>
    schedule.step(`policy: ${name}`, seconds, work, outcome);
  const packStartSeconds = await step("the pack starts", SECONDS.start, packStart, (s) => `${s.toFixed(2)} s`);
  const judgeMilliseconds = await step(
    "one Deployment by all rules",
    SECONDS.judge,
    () => latency(async () => void judge({ object: deployment }, ({ id }) => settings.get(id), rules)),
    shown,
  );
  return {
    rules: rules.length,
    packStartSeconds,
    judgeMilliseconds,
    admissionMilliseconds: await admissionCost(settings, step),
  };
}

type Step = <T>(name: string, seconds: number, work: () => Promise<T>, outcome: (result: T) => string) => Promise<T>;

/** The three ways one after another on one API server: what is left out is taken away again, Gatekeeper stays. */
async function admissionCost(settings: ReadonlyMap<string, RuleSettings>, step: Step): Promise<AdmissionCost> {
  const cluster = new AdmissionCluster();
  const interrupted = () => {
    void cluster.dispose().finally(() => process.exit(130));
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  try {
    await step("API server", SECONDS.cluster, () => cluster.start().then(() => "ready"), String);
    await cluster.makeNamespaces([]);
    const server = await cluster.apiServer();
    const requests = (name: string) => step(name, SECONDS.requests, () => latency(() => created()), shown);
    const created = async () => {
      const { body, status } = await server.create(createdPod, true);
      if (status !== 201) throw new Error(`the Pod of the bench was answered ${status}: ${String(body.message)}`);
    };
    const withoutGatekeeper = await requests("requests without Gatekeeper");
    const constraints = constraintsOf(settings);
    await step("Gatekeeper", SECONDS.guard, () => cluster.guard(constraints).then(() => "ready"), String);
    const withRules = await requests(`requests with ${constraints.length} constraints`);
    await cluster.unguard();
    const withoutRules = await requests("requests with Gatekeeper and no constraint");
    return { withoutGatekeeper, withoutRules, withRules };
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await cluster.dispose();
  }
}

/** What a cluster of the dev environment says of each rule, today. */
function settingsOfDev(): ReadonlyMap<string, RuleSettings> {
  const environment = loadEnvironment("dev", packageRoot());
  const { rules = {} } = policyParameters(environment).clusters[clusterIdentifier(environment, CLUSTER)] ?? {};
  const day = dayOf(new Date());
  return new Map(Object.entries(rules).map(([id, settings]) => [id, settingsOn(settings, day)]));
}

function constraintsOf(settings: ReadonlyMap<string, RuleSettings>): Setting[] {
  return catalogue().rules.flatMap((rule): Setting[] => {
    const { level = "off", parameters = {} } = settings.get(rule.id) ?? {};
    if (level === "off" || !rule.points.includes("admission")) return [];
    const name = rule.id.toLowerCase();
    return [{ name, set: name, rule, level, parameters }];
  });
}

async function packStart(): Promise<number> {
  const seconds: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const began = performance.now();
    const pack = await PreviewLane.start();
    seconds.push((performance.now() - began) / 1000);
    await pack.stop();
  }
  return median(seconds);
}

/** One after another, so that none waits for another. */
async function latency(work: () => Promise<void>): Promise<Latency> {
  const milliseconds: number[] = [];
  for (let request = 0; request < 2 * REQUESTS; request++) {
    const began = performance.now();
    await work();
    if (request >= REQUESTS) milliseconds.push(performance.now() - began);
  }
  return {
    p50: percentile(milliseconds, 0.5),
    p95: percentile(milliseconds, 0.95),
    p99: percentile(milliseconds, 0.99),
  };
}

const shown = ({ p50, p95, p99 }: Latency) =>
  `${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
