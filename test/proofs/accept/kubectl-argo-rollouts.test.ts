import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { clusterAnalysisTemplate } from "../../../components/argo-rollouts/analysis";
import { packageRoot } from "../../../components/package-root";
import { canaryJudgedBy, kubectlArgoRollouts, linted } from "../../../proofs/accept/kubectl-argo-rollouts";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../../stacks/environment";

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;

const environment = loadEnvironment("dev", packageRoot());
const example = (): Rendered[] =>
  parseAllDocuments(readFileSync(join(packageRoot(), "examples", "canary", "checkout.yaml"), "utf8")).map((document) =>
    document.toJS(),
  );

describe("the canary that is judged", () => {
  it("is the example, but for what judges it", () => {
    expect(canaryJudgedBy(["slo-checkout"])).toEqual(example());
    const [rollout]: Rendered[] = canaryJudgedBy(["slo-a", "slo-b"]);
    expect(
      rollout.spec.strategy.canary.steps[2].analysis.templates.map(({ templateName }: Rendered) => templateName),
    ).toEqual(["slo-a", "slo-b"]);
  });
});

const built = installedTools().find(({ tool }) => tool === "kubectl-argo-rollouts");

(built ? describe : describe.skip)("kubectl argo rollouts lint (skipped where it is not built)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (analyses: readonly string[]) => {
    const objects = analyses.map((name) =>
      clusterAnalysisTemplate({ name, query: "vector(0)", threshold: 0 }, "http://prometheus.example:9090"),
    );
    const cluster = { name: "hub", objects, environment, imageRef: () => "registry.example/argo-rollouts" };
    return kubectlArgoRollouts.judge(built?.path ?? "", cluster, folder);
  };
  const lint = async (change: (objects: Rendered[]) => void) => {
    const objects = example();
    change(objects);
    return (await linted(built?.path ?? "", objects, "canary", folder)).message;
  };

  it("accepts a canary that is judged by what a cluster has, and has none to judge where there is nothing", async () => {
    expect(await judge(["slo-checkout", "slo-kubernetes-api"])).toEqual([{ file: "hub/canary" }]);
    expect(await judge([])).toEqual([]);
  });

  it("accepts the example as it stands", async () => {
    expect(await lint(() => {})).toBeUndefined();
  });

  it.each<[string, (objects: Rendered[]) => void, string]>([
    ["a misspelt field", ([rollout]) => Object.assign(rollout.spec.strategy.canary, { stepz: [] }), "stepz"],
    [
      "a share above everything",
      ([rollout]) => Object.assign(rollout.spec.strategy.canary.steps[0], { setWeight: 101 }),
      "setWeight",
    ],
    [
      "a route that the VirtualService has not",
      ([rollout]) =>
        Object.assign(rollout.spec.strategy.canary.trafficRouting.istio.virtualService, { routes: ["secondary"] }),
      "secondary",
    ],
    ["a route without the canary's subset", (objects) => objects.at(-1).spec.http[0].route.splice(1, 1), "canary"],
    ["no pods to select", ([rollout]) => Object.assign(rollout.spec, { selector: undefined }), "selector"],
  ])("refuses %s, and names it", async (_, change, named) => {
    expect(await lint(change)).toContain(named);
  });
});
