import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { ensureUpstream } from "../../components/upstream";
import { danglingReferences } from "../../components/wiring";
import { brought } from "../../stacks/brought";
import { loadEnvironment } from "../../stacks/environment";
import { wiredClusters } from "../../stacks/wiring";

describe("what somebody else brings", () => {
  beforeAll(async () => {
    await ensureUpstream();
  });

  it("is missed by an object of some example, each of it, and has a reason", () => {
    const root = join(__dirname, "..", "..");
    const environments = [loadEnvironment("dev", root), loadEnvironment("prod", join(root, "examples", "prod"))];
    const missed = environments
      .flatMap(wiredClusters)
      .flatMap(({ wired }) => danglingReferences({ ...wired, brought: [] }))
      .join("\n");
    for (const { kind, name, namespace, why } of environments.flatMap(brought)) {
      expect(missed).toContain(`names ${kind} ${namespace}/${name}`);
      expect(why).toMatch(/^.{20,}$/);
    }
  });
});
