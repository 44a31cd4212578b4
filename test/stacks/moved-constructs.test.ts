/** Where a construct lies must not show in what it makes: a name or selector that changes with it would replace a workload. */
import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import type { ApiObjectProps, ChartProps } from "cdk8s";
import type { Construct as ConstructType } from "constructs";
import type { renderedObjects as renderedObjectsType } from "../../stacks/render";

/** The dev environment, as it is rendered where each chart and each object lies one construct deeper, under another id. */
async function renderMoved(): Promise<ReturnType<typeof renderedObjectsType>> {
  let moved = 0;
  jest.doMock("cdk8s", () => {
    const actual = jest.requireActual<typeof import("cdk8s")>("cdk8s");
    const { Construct } = jest.requireActual<typeof import("constructs")>("constructs");
    class Chart extends actual.Chart {
      constructor(scope: ConstructType, id: string, props?: ChartProps) {
        super(new Construct(scope, "around"), `moved-${id}`, props);
      }
    }
    class ApiObject extends actual.ApiObject {
      constructor(scope: ConstructType, id: string, props: ApiObjectProps) {
        super(new Construct(scope, `around-${id}`), `moved-${id}`, props);
        moved += 1;
      }
    }
    return { ...actual, Chart, ApiObject };
  });
  const rendered = await rendering();
  jest.dontMock("cdk8s");
  expect(moved).toBeGreaterThan(100);
  return rendered;
}

/** Renders with modules that are loaded anew. */
async function rendering(): Promise<ReturnType<typeof renderedObjectsType>> {
  jest.resetModules();
  const { loadEnvironment } = await import("../../stacks/environment");
  const { renderedObjects } = await import("../../stacks/render");
  return renderedObjects(loadEnvironment("dev", join(__dirname, "..", "..")));
}

describe("a construct that is moved", () => {
  it("makes the same objects", async () => {
    const before = await rendering();
    expect(await renderMoved()).toEqual(before);
  }, 30_000);
});
