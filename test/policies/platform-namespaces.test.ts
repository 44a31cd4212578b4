/** The platform's own namespaces, by the rule that needs to see their policies. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { check } from "../../policies/check";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";

beforeAll(() => ensureUpstream(), 60_000);

describe.each([
  ["dev", packageRoot()],
  ["dev", join(packageRoot(), "examples", "minimal")],
  ["prod", join(packageRoot(), "examples", "prod")],
])("the namespaces of %s in %s", (name, root) => {
  it("deny by default, each on each cluster", () => {
    for (const [, components] of render(loadEnvironment(name, root))) {
      const objects = [...components.values()].flat();
      const { results } = check(objects, { parameters: {}, isWhole: true });
      const found = results.filter(({ id }) => id === "NW-01");
      const namespaces = objects.filter(({ kind }) => kind === "Namespace");
      expect(found).toHaveLength(namespaces.length);
      expect(found.filter(({ verdict }) => verdict !== "allow")).toEqual([]);
    }
  }, 120_000);
});
