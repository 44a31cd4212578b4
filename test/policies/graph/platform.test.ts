/** The platform itself, judged as a set: nothing is found in what it renders, by whichever environment. */
import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { AnyObject } from "../../../policies/engine/match";
import { checkGraph } from "../../../policies/graph/check";
import { graphRules } from "../../../policies/graph/graph-rules";
import { PartialSet } from "../../../policies/graph/partial-set";
import { type Environment, loadEnvironment, parseEnvironment } from "../../../stacks/environment";
import { render } from "../../../stacks/render";
import { sandboxEnvironment } from "../../support/environments";

/** Every object of a cluster, found by every rule at its level of production. */
function findings(environment: Environment): string[] {
  return [...render(environment)].flatMap(([cluster, components]) =>
    judged([...components.values()].flat())
      .filter(({ verdict }) => verdict !== "allow")
      .map(
        ({ id, message, resource, verdict }) =>
          `${cluster} ${id} ${verdict} ${resource.kind} ${resource.name}: ${message}`,
      ),
  );
}

const judged = (objects: readonly AnyObject[]) =>
  checkGraph(objects, {
    rules: graphRules(),
    isWhole: true,
    variantsOf: () => [{ settings: { level: "deny", parameters: {} } }],
    hasEnvironment: false,
  });

describe("the platform as a set of objects", () => {
  it("of all clusters of dev has no circle, no webhook that locks it out, nothing that is missing", () => {
    expect(findings(loadEnvironment("dev"))).toEqual([]);
  });

  it.each([
    ["of the least that it can be", {}],
    ["of clusters with odd names", { clusters: ["a", "kube-system", "x".repeat(20)] }],
  ])("%s has none either", (_name, { clusters = [] }: { clusters?: string[] }) => {
    expect(findings(parseEnvironment(stringify(sandboxEnvironment(...clusters)), "environments/odd.yaml"))).toEqual([]);
  });

  it("of all clusters of dev has none either where each is a part, as in a preview", () => {
    const clusters = [...render(loadEnvironment("dev")).values()].map((components) => [...components.values()].flat());
    const results = clusters.flatMap((objects) => {
      const set = new PartialSet(objects.map((object) => ({ object })));
      return graphRules().flatMap((rule) => set.judge(rule, { level: "deny", parameters: {} }));
    });
    expect(results.map(({ id, message }) => `${id} ${message}`)).toEqual([]);
  });

  it("is judged within a second, two thousand objects of it", () => {
    const [objects = []] = [...render(loadEnvironment("dev")).values()].map((components) =>
      [...components.values()].flat(),
    );
    const renamed = (copy: number) =>
      objects.map(
        (object): AnyObject => ({
          ...object,
          metadata: { ...object.metadata, name: `${object.metadata.name}-${copy}` },
        }),
      );
    const many = [0, 1, 2].flatMap((copy) => (copy === 0 ? objects : renamed(copy)));
    expect(many.length).toBeGreaterThan(2000);
    const started = process.cpuUsage();
    judged(many);
    const { system, user } = process.cpuUsage(started);
    expect((system + user) / 1e6).toBeLessThan(1);
  });
});
