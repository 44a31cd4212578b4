/** A cluster that was lost with all it held, while the state still speaks of it. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { keyOf } from "../../components/kube-object";
import { lostClusters } from "../../lifecycle/lost-clusters";
import { stopSandbox, wipeCluster } from "../../sandbox/sandbox";
import { loadEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { oneRuleEnvironment } from "../support/environments";
import { TestProject } from "../support/project";
import { itWhole } from "../support/whole";

jest.setTimeout(900_000);

const project = new TestProject();
const lost = () => lostClusters(loadEnvironment("test", project.root), { root: project.root, stack: "test" });

beforeAll(async () => {
  project.environment("test", oneRuleEnvironment());
  await project.stack("test", "test");
  await project.start("hub");
});
afterAll(() => project.dispose());

describe("a cluster that was wiped", () => {
  it("is not lost before anything was deployed to it, nor while it holds what the stack deployed", async () => {
    expect(await lost()).toEqual([]);
    await project.succeed("up --yes --skip-preview");
    expect(await lost()).toEqual([]);
  });

  it("is found, and a preview says so", async () => {
    await wipeCluster(project.sandbox, "hub");
    expect(await lost()).toEqual(["hub"]);
    const { text } = await project.succeed("preview");
    expect(text).toContain("cluster hub holds nothing of this environment yet");
  });

  it("is found with the pinned kubectl, where PATH has none", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nowhere";
    const found = await lost().finally(() => {
      process.env.PATH = path;
    });
    expect(found).toEqual(["hub"]);
  });

  itWhole("is made again by `up --refresh`, object by object", async () => {
    await project.succeed("up --yes --skip-preview --refresh");
    expect(await lost()).toEqual([]);
    const found = new Set(await project.inventory("hub"));
    const wanted = renderedObjects(loadEnvironment("test", project.root)).map(({ object }) => keyOf(object));
    expect(wanted.filter((key) => !found.has(key))).toEqual([]);
    await project.succeed("preview --expect-no-changes");
  });

  it("is not called lost while it cannot be reached", async () => {
    await stopSandbox({ ...project.sandbox, keepData: true });
    expect(await lost()).toEqual([]);
  });
});
