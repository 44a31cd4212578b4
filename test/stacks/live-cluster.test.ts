import { existsSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { commandLineOf } from "../../sandbox/processes";
import { ClusterUnreachable, LiveCluster } from "../../stacks/live-cluster";
import { eventually } from "../support/eventually";
import { FakeCluster } from "../support/fake-cluster";

const access = { kubeconfig: "kubeconfig", context: "hub" };
let fake: FakeCluster;
let live: LiveCluster | undefined;
beforeAll(() => {
  fake = new FakeCluster();
});
afterEach(() => live?.close());
afterAll(() => fake.dispose());

const open = async (answers: ConstructorParameters<typeof FakeCluster>[0]) => {
  fake.answer(answers ?? {});
  live = await LiveCluster.open(access);
  return live;
};
const calls = () => readFileSync(fake.callsLog, "utf8").trim().split("\n");

describe("a live cluster", () => {
  it("gives what stands at a path, and undefined where nothing does", async () => {
    const cluster = await open({ "/version": { gitVersion: "v1.35.4" } });
    expect(await cluster.get("/version")).toEqual({ gitVersion: "v1.35.4" });
    expect(await cluster.get("/api/v1/namespaces/none")).toBeUndefined();
  });

  it("knows the path of a kind, and asks for the kinds of a group once", async () => {
    const resources = [
      { name: "deployments", kind: "Deployment", namespaced: true },
      { name: "deployments/scale", kind: "Scale", namespaced: true },
    ];
    const cluster = await open({
      "/apis/apps/v1": { resources },
      "/api/v1": { resources: [{ name: "nodes", kind: "Node", namespaced: false }] },
    });
    expect(
      await Promise.all([
        cluster.pathOf("apps/v1", "Deployment", "shop"),
        cluster.pathOf("apps/v1", "Deployment"),
        cluster.pathOf("v1", "Node"),
        cluster.pathOf("apps/v1", "Scale", "shop"),
        cluster.pathOf("nothing.example/v1", "Thing"),
      ]),
    ).toEqual([
      "/apis/apps/v1/namespaces/shop/deployments",
      "/apis/apps/v1/deployments",
      "/api/v1/nodes",
      undefined,
      undefined,
    ]);
    expect(calls().filter((path) => path === "/apis/apps/v1")).toHaveLength(1);
  });

  it("leaves out the namespace that a state gives to what has none, or a constraint that is there would be called gone", async () => {
    const resources = [{ name: "fleetwrightimagetag", kind: "FleetwrightImageTag", namespaced: false }];
    const group = "constraints.gatekeeper.sh/v1beta1";
    const cluster = await open({ [`/apis/${group}`]: { resources } });
    expect(await cluster.pathOf(group, "FleetwrightImageTag", "default")).toBe(`/apis/${group}/fleetwrightimagetag`);
  });

  it.each([
    [401, "credentials that are refused"],
    [403, "rights that are missing"],
    [503, "an API server that is not ready"],
  ])("cannot be reached when it answers %i, as for %s", async (status) => {
    const cluster = await open({ "/version": status });
    const answer = cluster.get("/version");
    await expect(answer).rejects.toThrow(ClusterUnreachable);
    await expect(answer).rejects.toThrow(`/version answered ${status}: {"message":"no"}`);
  });

  it("cannot be reached when it does not answer within 5 s", async () => {
    const cluster = await open({ "/version": "silence" });
    const started = Date.now();
    const answer = cluster.get("/version");
    await expect(answer).rejects.toThrow("no answer within 5 s");
    await expect(answer).rejects.toThrow(ClusterUnreachable);
    expect(Date.now() - started).toBeGreaterThan(4_900);
  }, 20_000);

  it("cannot be reached by a context that kubectl does not know; kubectl's first line says why", async () => {
    const opened = LiveCluster.open({ ...access, context: "absent" });
    await expect(opened).rejects.toThrow(ClusterUnreachable);
    await expect(opened).rejects.toThrow(/^context absent: error: context "absent" does not exist$/);
  });

  it("leaves no process and no folder once it is closed", async () => {
    const cluster = await open({});
    const [line = ""] = calls();
    const pid = Number(line.replace("pid ", ""));
    const [folder = ""] = /[^\s=]*\/fw-\w{6}/.exec(commandLineOf(pid) ?? "") ?? [];
    expect([commandLineOf(pid), existsSync(folder)]).toEqual([expect.stringContaining("proxy"), true]);
    cluster.close();
    await eventually(async () => commandLineOf(pid) === undefined, true);
    expect(existsSync(folder)).toBe(false);
  });

  it("says that kubectl is needed where there is none", async () => {
    const path = process.env.PATH;
    process.env.PATH = fake.folder;
    try {
      const opened = LiveCluster.open(access);
      await expect(opened).rejects.toThrow(/^kubectl is not on PATH: the program reads the cluster with it/);
      await expect(opened).rejects.not.toThrow(ClusterUnreachable);
    } finally {
      process.env.PATH = path;
    }
    expect(existsSync(fake.callsLog)).toBe(true);
  });
});
