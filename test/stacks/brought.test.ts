import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { ensureUpstream } from "../../components/upstream";
import { danglingReferences } from "../../components/wiring";
import { brought } from "../../stacks/brought";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { wiredClusters } from "../../stacks/wiring";

const root = join(__dirname, "..", "..");
const prod = () => loadEnvironment("prod", join(root, "examples", "prod"));

describe("what somebody else brings", () => {
  beforeAll(async () => {
    await ensureUpstream();
  });

  it("is missed by an object of some example, each of it, and has a reason", () => {
    const environments = [prod(), { ...prod(), secretStore: undefined }];
    const missed = environments
      .flatMap(wiredClusters)
      .flatMap(({ wired }) => danglingReferences({ ...wired, brought: [] }))
      .join("\n");
    for (const { kind, name, namespace, why } of environments.flatMap(brought)) {
      expect(missed).toContain(`names ${kind} ${namespace}/${name}`);
      expect(why).toMatch(/^.{20,}$/);
    }
  });

  it("is no Secret where the environment has a store: a Secret that no object makes from it is found out", () => {
    const secretsBrought = (of: Environment) => brought(of).filter(({ kind }) => kind === "Secret");
    for (const stored of [prod(), loadEnvironment("dev", root)]) expect(secretsBrought(stored)).toEqual([]);
    expect(secretsBrought({ ...prod(), secretStore: undefined })).not.toEqual([]);
  });
});
